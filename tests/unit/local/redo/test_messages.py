"""A queue whose changes are noted: none that comes is lost, whatever list of its messages somebody still holds."""

from pathlib import Path
from typing import Any

import pytest

from local.redo.files import RedoFiles
from local.redo.kept import Kept
from local.redo.log import RedoLog
from local.redo.stores.messages import Queue

PLACE = ("000000000000", "us-east-1", "http://localhost:4566/000000000000/audit")
LONG_AGO = 1.0


def message(name: str, receipt: str = "", sent_at: float = 9e9) -> dict[str, Any]:
    return {"id": name, "body": name, "receipt_handle": receipt or None, "sent_at": sent_at}


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    log = RedoLog(RedoFiles(tmp_path))
    log.begin([])
    return Queue({"name": "audit", "messages": []}, log, PLACE)


def lying(queue: Queue) -> list[str]:
    return [message["id"] for message in queue["messages"]]


def kept(tmp_path: Path) -> list[str]:
    return list(Kept().apply(RedoFiles(tmp_path).changes()).messages.get(PLACE, {}))


def test_a_message_that_comes_while_others_are_taken_away_stays_and_is_kept(queue: Queue, tmp_path: Path):
    for name in ("taken", "waiting"):
        queue["messages"].append(message(name, receipt="r" * (name == "taken")))
    left = [m for m in queue["messages"] if m["id"] != "taken"]
    queue["messages"].append(message("come meanwhile"))
    queue["messages"] = left
    assert lying(queue) == kept(tmp_path) == ["waiting", "come meanwhile"]


def test_a_message_that_is_put_into_a_list_that_was_replaced_is_in_the_queue(queue: Queue, tmp_path: Path):
    before = queue["messages"]
    queue["messages"] = []
    before.append(message("late"))
    assert lying(queue) == kept(tmp_path) == ["late"]


def test_what_was_received_what_is_too_old_and_what_is_purged_goes(queue: Queue, tmp_path: Path):
    for m in (message("received", receipt="r"), message("old", sent_at=LONG_AGO), message("purged"), message("removed")):
        queue["messages"].append(m)
    queue["messages"] = [m for m in queue["messages"] if m["id"] in ("purged", "removed")]
    assert lying(queue) == kept(tmp_path) == ["purged", "removed"]
    queue["messages"].remove(queue["messages"][1])
    assert lying(queue) == kept(tmp_path) == ["purged"]
    queue["messages"].clear()
    assert lying(queue) == kept(tmp_path) == []


def test_of_those_in_front_of_which_others_are_put_in_place_the_missing_are_gone(queue: Queue, tmp_path: Path):
    for name in "abcd":
        queue["messages"].append(message(name))
    queue["messages"][:3] = [queue["messages"][1]]
    assert lying(queue) == kept(tmp_path) == ["b", "d"]
