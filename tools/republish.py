"""`python -m tools.republish` tells a hub's consumers once more what its tables hold: each item's last event is published again.

For after a restore, and where a stream was lost for more than a day: the item still holds the event that nobody may have heard. Consumers
drop what they know and what is older than what they hold. Client sites may get a webhook again, with the `webhook-id` that it had.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.publish.topic_client import batches
from shared.aws.packing import unpacked
from tools.redrive import which_hub
from tools.redrive.dead_letters import Failed, event_type, topic_of
from tools.restore_drill.stage_tables import SERVICES, Unrestorable, tables_of

EXAMPLES = """examples:
  python -m tools.republish --stage prod payments orders     (these first: they heal most)
  .venv/bin/python -m tools.republish --laptop orders        (the hub that `make run` started)
"""
AT_ONCE = 1000
"""So many events are held in memory."""


def events_in(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The last event of each item that tells of its changes."""
    return (unpacked(item["event"]) for item in items if "event" in item)


def publish(sns: Any, topic: str, events: Iterable[str], at_once: int = AT_ONCE) -> int:
    """Publish `events`, of which so many are held `at_once`, and answer how many. Raises Failed if SNS refuses one; those before it are
    published, and may be again."""
    done, held = 0, list[str]()
    for event in events:
        held.append(event)
        if len(held) == at_once:
            done, held = done + _publish(sns, topic, held), []
    return done + _publish(sns, topic, held)


def _publish(sns: Any, topic: str, events: Sequence[str]) -> int:
    for batch in batches(events):
        entries = [{"Id": str(i), "Message": text, "MessageAttributes": event_type(text)} for i, text in enumerate(batch)]
        if refused := sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Failed"]:
            raise Failed(f"SNS refused an event: {refused[0]['Code']}")
    return len(events)


def main(arguments: Sequence[str] | None = None) -> None:
    """Publish, table by table in the order of the way. Ends with status 1 if it could not be finished; it can be begun again."""
    asked = parser().parse_args(arguments)
    stage, client = which_hub.chosen(asked)
    try:
        tables, topic = tables_of(stage, client("dynamodb")), topic_of(stage, client("sns"))
        for service in (one for one in SERVICES if one in asked.services):
            print(f"{service}: {publish(client('sns'), topic, events_in(tables.scan(service))):,} events", flush=True)
    except (BotoCoreError, ClientError, Failed, Unrestorable) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials, and begin again: what is published twice changes nothing")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.republish", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which_hub.ask(made)
    made.add_argument("services", nargs="+", choices=SERVICES, metavar="service", help=f"whose table: {', '.join(SERVICES)}")
    return made


if __name__ == "__main__":
    main()
