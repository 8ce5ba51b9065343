"""Events of tables' items, published again: page by page, so that a walk that is cut goes on after the last page that SNS took whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.publish.topic_client import batches
from shared.aws.packing import unpacked
from tools.progress import Say, telling
from tools.redrive.dead_letters import Failed, event_type
from tools.republish.marks import Mark, Marks
from tools.restore_drill.stage_tables import StageTables

AT_ONCE = 1000
"""So many events are held in memory."""
SAY_EACH = 20
"""Pages of 1 MB: some ten thousand events."""


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


@dataclass(frozen=True, slots=True)
class Republishing:
    """The walk through a stage's tables, with where it stands; `say` hears how far it is."""

    tables: StageTables
    sns: Any
    topic: str
    marks: Marks
    say: Say

    def tell(self, service: str) -> None:
        """Publish the last event of each item of the service's table, from where it was cut on. Raises Failed if SNS refuses one."""
        mark = self._mark(service)
        if mark.done:
            self.say(f"{service}: told to its end before, {mark.told:,} events")
            return
        if mark.after:
            self.say(f"{service}: goes on after {mark.told:,} events")
        pages = self.tables.pages(service, mark.after)
        for items, after in telling(pages, SAY_EACH, lambda: f"{service}: {self._mark(service).told:,} events so far", self.say):
            mark = mark.reached(publish(self.sns, self.topic, events_in(items)), after)
            self.marks.keep(service, mark)
        self.say(f"{service}: {mark.told:,} events")

    def _mark(self, service: str) -> Mark:
        return self.marks.mark(service, self.tables.names[service])


def _publish(sns: Any, topic: str, events: Sequence[str]) -> int:
    for batch in batches(events):
        entries = [{"Id": str(i), "Message": text, "MessageAttributes": event_type(text)} for i, text in enumerate(batch)]
        if refused := sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Failed"]:
            raise Failed(f"SNS refused an event: {refused[0]['Code']}")
    return len(events)
