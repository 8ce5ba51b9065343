"""`python -m tools.replay FILE` lets a hub on this machine relive a retailer's real orders (UCI Online Retail), through its API alone.

The file's goods become a supplier's feed, its invoices orders at two storefronts, its cancellations refunds; everything is paid and
shipped by the storefronts' own plug-ins. It ends with a table whose books add up to 0; the status is 1 if they do not. Running it
again doubles nothing: every request has a key that is the same in each replay.
"""

import argparse
import csv
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from infra.templates import ROOT
from local.conditions.refusals import CannotStart
from local.deploy import NoHub
from tools.replay.calls import Stalled
from tools.replay.place import hub_at
from tools.replay.replay import replayed
from tools.replay.retailer.sales_file import Retail, rows_of, sorted_out
from tools.replay.supply import FeedRefused

EXAMPLES = """examples:
  python -m tools.replay ../shared/data/online-retail/dev_2010-12_2011-08.csv.gz --invoices 500
  make run                                   # in another terminal: the replay then runs at this hub
  python -m tools.replay FILE --fresh        # at a hub of its own that starts empty
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.replay", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("file", type=Path, help="the retailer's CSV file, plain or .gz")
    made.add_argument("--invoices", type=_at_least_one, default=500, help="how many of its first invoices (default: 500)")
    made.add_argument("--port", type=int, default=4566, help="where `make run` listens (default: 4566); if nobody does, a hub is started")
    made.add_argument("--folder", type=Path, default=ROOT / ".local" / "replay", help="where a hub of its own keeps data and logs")
    made.add_argument("--fresh", action="store_true", help="forget what a hub of its own has kept")
    made.add_argument("--threads", type=_at_least_one, default=6, help="requests at a time (default: 6)")
    return made


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def read(file: Path, invoices: int) -> Retail:
    """The sorted file. Raises ValueError saying what is wrong with it."""
    try:
        return sorted_out(rows_of(file), invoices)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{file} cannot be read: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    asked, started = parser().parse_args(arguments), time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", file=sys.stderr, flush=True)

    try:
        say(f"reading {asked.file}")
        retail = read(asked.file, asked.invoices)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    say(f"{retail.rows:,} rows: {len(retail.goods):,} goods, {len(retail.invoices):,} invoices to replay")
    if asked.fresh:
        shutil.rmtree(asked.folder, ignore_errors=True)
    try:
        with hub_at(asked.port, asked.folder, say) as stack:
            report = replayed(retail, stack, asked.threads)
            say("replayed")
    except (FeedRefused, NoHub, CannotStart, Stalled) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report.table())
    return 0 if report.adds_up else 1


if __name__ == "__main__":
    sys.exit(main())
