"""`python -m tools.republish` tells a hub's consumers once more what its tables hold: each item's last event is published again.

For after a restore, and where a stream was lost for more than a day: the item still holds the event that nobody may have heard. Consumers
drop what they know and what is older than what they hold. Client sites may get a webhook again, with the `webhook-id` that it had.

It says how far it is, and keeps that in a file beside the checkout's data: cut at any moment, the same command goes on from there.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from tools.progress import say
from tools.redrive import which_hub
from tools.redrive.dead_letters import Failed, topic_of
from tools.republish.marks import Marks
from tools.republish.publishing import Republishing
from tools.restore_drill.stage_tables import SERVICES, Unrestorable, tables_of

EXAMPLES = """examples:
  python -m tools.republish --stage prod payments orders     (these first: they heal most)
  .venv/bin/python -m tools.republish --laptop orders        (the hub that `make run` started)
  python -m tools.republish --stage prod orders --anew       (from the beginning, though an earlier walk was cut)
"""
GO_ON = "the same command goes on from there, or --anew from the beginning: what is published twice changes nothing"


def main(arguments: Sequence[str] | None = None) -> None:
    """Publish, table by table in the order of the way. Ends with status 1 if it could not be finished; it can be gone on with."""
    asked = parser().parse_args(arguments)
    stage, client = which_hub.chosen(asked)
    marks = Marks(asked.mark or Path(f".local/republish-{stage}.json"))
    try:
        if asked.anew:
            marks.forget(asked.services)
        tables, topic = tables_of(stage, client("dynamodb")), topic_of(stage, client("sns"))
        walk = Republishing(tables, client("sns"), topic, marks, say)
        for service in (one for one in SERVICES if one in asked.services):
            walk.tell(service)
        marks.forget(asked.services)
    except (BotoCoreError, ClientError, Failed, Unrestorable, ValueError) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials; {GO_ON}")
    except KeyboardInterrupt:
        sys.exit(f"\ncut: {GO_ON}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.republish", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which_hub.ask(made)
    made.add_argument("services", nargs="+", choices=SERVICES, metavar="service", help=f"whose table: {', '.join(SERVICES)}")
    made.add_argument("--mark", type=Path, help="the file that keeps how far it is (default: .local/republish-STAGE.json)")
    made.add_argument("--anew", action="store_true", help="begin with these tables anew, though an earlier walk was cut")
    return made


if __name__ == "__main__":
    main()
