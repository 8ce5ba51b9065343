"""`python -m tools.restore_drill` (make restore-drill): what a restore of every table brings back, and what it does not.

It starts a hub of its own on this machine, in a folder that is gone afterwards, lets shoppers order, backs every table up one after
another, lets orders go on, restores each backup beside its table, and compares. Then it brings the hub to the restored data, publishes
again what that holds, and lets shoppers order. Ends with 0 if only what came after the backup is lost and the hub goes on, with 1 if not,
with 3 if the drill could not be held. The emulator restores in no time; AWS takes minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hubclient.hub import Refused
from local.conditions.ports import free_port
from local.conditions.refusals import CannotStart
from local.demo import load_reference
from local.stack import Stack
from tools.replay.calls import Declined, Stalled
from tools.restore_drill.drill import Outcome, Plan, run
from tools.restore_drill.report import lines
from tools.restore_drill.stage_tables import Unrestorable

EXAMPLES = """examples:
  make restore-drill
  make restore-drill ARGS="--orders 50 --apart 2"
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Drill, say what was found, answer the exit status."""
    asked = _options(arguments)
    try:
        outcome = _drilled(Plan(asked.orders, asked.apart, asked.along))
    except (CannotStart, Unrestorable, Stalled, Declined, Refused) as error:
        print(f"the drill could not be held: {error}", file=sys.stderr)
        return 3
    print("\n" + "\n".join(lines(outcome)))
    return 1 if outcome.found.wrong else 0


def _drilled(plan: Plan) -> Outcome:
    quiet = {"LogLevel": "ERROR"}
    with (
        tempfile.TemporaryDirectory(prefix="restore-drill-") as folder,
        Stack(free_port(), free_port(), Path(folder), say=_say, parameters=quiet) as stack,
    ):
        load_reference(stack)
        return run(stack, plan, _say)


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.restore_drill", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=_from_one, default=10, help="orders before the backups, and again before the restore (10)")
    parser.add_argument("--apart", type=_seconds, default=0.5, help="seconds from one table's backup to the next (0.5)")
    parser.add_argument(
        "--along", action="store_true", help="back up from accounts to settlement, not the other way: compare alone, to see what it costs"
    )
    return parser.parse_args(arguments)


def _from_one(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text} is no number of orders: take 1 to 10,000")
    return int(text)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 60:
        raise argparse.ArgumentTypeError(f"{text} is no span between two backups: take 0 to 60 seconds")
    return found


if __name__ == "__main__":
    sys.exit(main())
