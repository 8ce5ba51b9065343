"""`python -m bench.upgrade`: a hub that another commit's checkout began, with orders in every state, goes on with the code of this one.

The hub of before, demo and all, takes orders that are unpaid, paid, for cash, labelled, partly sent, on their way back, refunded; then,
with events in its queues, it ends, in order or by kill −9. This checkout goes on with its data, texts plain and then packed, buyers plain
and then sealed, as docs/operators.md says; everything is compared and taken back, and who bought is erased. Ends with 1 if anything is
lost or miscounted, with 3 if it could not be walked.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.upgrade.traders import NeverCame
from bench.upgrade.upgraded_hub import UpgradedHub, providers
from bench.upgrade.walk import Walk
from hubclient.hub import Refused

EXAMPLES = """example:
  git worktree add ../before COMMIT && make -C ../before install
  python -m bench.upgrade --before ../before --kill --back
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.upgrade", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--before", type=Path, required=True, help="a checkout of the commit before, with its environment made (make install)"
    )
    parser.add_argument("--kill", action="store_true", help="the hub of before ends by kill −9, not in order")
    parser.add_argument("--back", action="store_true", help="go back to the code of before once, while texts are plain")
    asked, started = parser.parse_args(), time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {text}", flush=True)

    before = asked.before.resolve()
    with tempfile.TemporaryDirectory(prefix="upgrade-") as folder, providers(Path(folder)) as known:
        hub = UpgradedHub(before, Path(folder), known)
        try:
            wrong = Walk(hub, before, known, say).go(kill=asked.kill, back=asked.back)
        except (NeverCame, Refused, RuntimeError) as error:
            print(f"the walk ended early: {error}", file=sys.stderr)
            return 3
        finally:
            hub.kill()
    say(f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
