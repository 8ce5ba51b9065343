"""What a log says that there is: any base taken while calls went on, and the log since it was begun, say what all of the log says."""

import json
import random
from typing import Any

import pytest

from local.redo.files import Unreadable
from local.redo.kept import Kept
from local.redo.lines import Change

TABLE, QUEUES = "orders", ("audit", "dead")


def item(number: int) -> dict[str, Any]:
    return {"pk": {"S": str(number % 3)}, "n": {"N": str(number)}}


class Running:
    """A hub's stores, changed at random; each change as the log has it, and what readers were told."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.items: dict[str, Any] = {}
        self.records: list[dict[str, Any]] = []
        self.messages: dict[str, dict[str, Any]] = {queue: {} for queue in QUEUES}
        self.read = 0

    def change(self, number: int) -> list[Change]:
        return self.random.choice([self.put, self.put, self.delete, self.send, self.take, self.move, self.reads])(number)

    def put(self, number: int) -> list[Change]:
        key = str(number % 3)
        return [["put", TABLE, key, "", item(number)], *self.record("NewImage", key, item(number))]

    def delete(self, number: int) -> list[Change]:
        key = str(number % 3)
        return [["delete", TABLE, key, ""], *self.record("OldImage", key, None)] if key in self.items else []

    def record(self, image: str, key: str, now: Any) -> list[Change]:
        before = self.items.pop(key, None)
        self.items |= {key: now} if now else {}
        images = {"OldImage": before, "NewImage": now}
        self.records.append({"dynamodb": {name: images[name] for name in images if images[name]}})
        said = [name for name in images if images[name]]
        assert image in said
        return [["record", TABLE, len(self.records) - 1, {"dynamodb": {}}, said]]

    def send(self, number: int) -> list[Change]:
        message = {"id": f"m{number}"}
        self.messages["audit"][message["id"]] = message
        return [["sent", "", "", "audit", message]]

    def take(self, _number: int, queue: str = "audit") -> list[Change]:
        gone = self.random.sample(list(self.messages[queue]), min(2, len(self.messages[queue])))
        for message in gone:
            del self.messages[queue][message]
        return [["gone", "", "", queue, gone]]

    def move(self, number: int) -> list[Change]:
        """From one queue to the other, as a redrive does and a dead letter."""
        source, target = self.random.sample(QUEUES, 2)
        moved = list(self.messages[source].items())[:1]
        self.messages[target] |= dict(moved)
        return [
            *(["sent", "", "", target, message] for _, message in moved),
            *self.taken(source, [key for key, _ in moved]),
            *self.reads(number),
        ]

    def taken(self, queue: str, gone: list[str]) -> list[Change]:
        for message in gone:
            del self.messages[queue][message]
        return [["gone", "", "", queue, gone]]

    def reads(self, _number: int) -> list[Change]:
        self.read = self.random.randint(self.read, len(self.records))
        return [["read", "", "", "publish", self.read]]

    def base(self) -> list[Change]:
        """What is there now, as a base has it."""
        items = [["put", TABLE, key, "", held] for key, held in self.items.items()]
        records = [["record", TABLE, n, record, []] for n, record in enumerate(self.records) if n >= self.read]
        sent = [["sent", "", "", queue, message] for queue in QUEUES for message in self.messages[queue].values()]
        return [*items, ["first", TABLE, self.read], *records, *sent, ["read", "", "", "publish", self.read]]


def found(kept: Kept) -> Any:
    """What a start makes of it: items, what is unread, messages."""
    stream = kept.streams.get(TABLE)
    read = kept.read.get(("", "", "publish"), 0)
    unread = stream.records[read - stream.first :] if stream else []
    items = {key: held[""] for key, held in kept.items.get(TABLE, {}).items() if held}
    messages = {queue: list(kept.messages.get(("", "", queue), {})) for queue in QUEUES}
    return items, read, unread, {queue: sorted(ids) for queue, ids in messages.items()}


@pytest.mark.parametrize("seed", range(40))
def test_a_base_that_was_written_while_calls_went_on_and_the_log_since_it_was_begun_say_what_there_is(seed: int):
    hub = Running(seed)
    log = [hub.change(number) for number in range(120)]
    log = [json.loads(json.dumps(changes)) for changes in log]
    expected = found(Kept().apply(change for changes in log for change in changes))
    assert expected == (hub.items, hub.read, hub.records[hub.read :], {queue: sorted(held) for queue, held in hub.messages.items()})
    begun = random.Random(seed).randint(0, 60)
    again = Running(seed)
    for number in range(begun + random.Random(seed).randint(0, 40)):  # the base is taken later than its log begins
        again.change(number)
    rebased = Kept().apply(json.loads(json.dumps(again.base())))
    assert found(rebased.apply(change for changes in log[begun:] for change in changes)) == expected


def test_a_table_that_was_dropped_leaves_nothing_to_the_next_of_its_name_and_a_new_stream_begins_at_0():
    kept = Kept().apply([["put", TABLE, "1", "", item(1)], ["record", TABLE, 0, {"dynamodb": {}}, ["NewImage"]]])
    kept.apply([["closed", TABLE], ["put", TABLE, "2", "", item(2)], ["record", TABLE, 0, {"dynamodb": {}}, ["NewImage"]]])
    assert [record["dynamodb"]["NewImage"] for record in kept.streams[TABLE].records] == [item(2)]
    kept.apply([["dropped", TABLE]])
    assert (kept.items, kept.streams) == ({}, {})


def test_what_is_not_known_and_a_hole_in_a_stream_are_refused():
    with pytest.raises(Unreadable, match="'renamed', which this version does not know"):
        Kept().apply([["renamed", "a", "b"]])
    with pytest.raises(Unreadable, match="records 1 to 4 are missing"):
        Kept().apply([["record", TABLE, n, {"dynamodb": {}}, []] for n in (0, 5)])


def test_a_services_state_is_the_last_that_was_written():
    assert Kept().apply([["redo", 1], ["state", "sns", "1"], ["state", "sqs", "2"], ["state", "sns", "3"]]).states == {
        "sns": "3",
        "sqs": "2",
    }
