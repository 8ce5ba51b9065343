"""The redo log while a hub runs: written before the answer, a call's changes as one, refused while they cannot be written."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from local.redo.files import RedoFiles
from local.redo.lines import changes_of
from local.redo.log import NotWritten, RedoLog


def put(log: RedoLog, number: int) -> None:
    log.note("put", "orders", str(number), "", {})


def written(folder: Path) -> list[str]:
    """What another process would find now: each line's changes, by what they put."""
    files = RedoFiles(folder)
    lines = [raw for path in files.paths() for raw in path.read_bytes().splitlines(keepends=True)[1:]]
    found = [changes_of(raw) for raw in lines]
    return [
        "half" if changes is None else ",".join(change[2] if change[0] == "put" else change[-1] for change in changes) for changes in found
    ]


@pytest.fixture
def log(tmp_path: Path) -> RedoLog:
    log = RedoLog(RedoFiles(tmp_path))
    log.begin([])
    return log


@contextmanager
def a_disk_of(size: int) -> Iterator[None]:
    """No file can grow beyond `size`, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_change_is_in_the_file_when_it_was_noted_and_a_calls_changes_are_one_line_when_it_ends(log: RedoLog, tmp_path: Path):
    put(log, 1)
    assert written(tmp_path) == ["", "1"]
    with log.call():
        put(log, 2)
        with log.call():
            put(log, 3)
        assert written(tmp_path) == ["", "1"], "half a transaction"
    assert written(tmp_path) == ["", "1", "2,3"]


def test_a_call_that_fails_halfway_has_what_it_did_written(log: RedoLog, tmp_path: Path):
    with suppress(ZeroDivisionError), log.call():
        put(log, 1)
        put(log, 1 // 0)
    assert written(tmp_path) == ["", "1"]


def test_what_is_done_before_it_begins_is_written_with_the_beginning_and_not_before(tmp_path: Path):
    log = RedoLog(RedoFiles(tmp_path))
    put(log, 1)
    assert (log.begun, RedoFiles(tmp_path).there) == (False, False)
    log.begin(['["state","sns","{}"]'])
    assert (log.begun, written(tmp_path)) == (True, ["1,{}"])


def refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except NotWritten as error:
        return "the hub cannot write what it is told" in str(error)
    return False


def test_on_a_full_disk_each_call_is_refused_before_it_does_anything_and_once_there_is_room_nothing_is_missing(
    log: RedoLog, tmp_path: Path
):
    done: list[int] = []

    def call(number: int) -> None:
        with log.call():
            done.append(number)
            put(log, number)

    call(1)
    with a_disk_of(RedoFiles(tmp_path).path("log", 1).stat().st_size + 10):
        assert refused(lambda: call(2)), "its change is not in the file"
        assert refused(lambda: call(3))
        assert done == [1, 2], "what was refused once is known; all that follows is refused at the door"
        assert written(tmp_path) == ["", "1"], "no half line"
        log.note("gone", "", "", "q", "5", refuse=False)
        assert "File too large" in log.trouble
    call(4)
    assert (written(tmp_path), log.trouble) == (["", "1", "2", "5", "4"], "")


def test_a_log_that_cannot_be_begun_keeps_nothing_and_says_so(tmp_path: Path):
    log = RedoLog(RedoFiles(tmp_path))
    with a_disk_of(100), pytest.raises(OSError, match="File too large"):
        log.begin(["[" + '"state",' * 100 + '""]'])
    assert (log.begun, RedoFiles(tmp_path).there) == (False, False)
    log.begin([])
    assert log.begun


def test_a_new_base_that_cannot_be_written_leaves_the_old_one_and_all_logs(log: RedoLog, tmp_path: Path):
    put(log, 1)
    with a_disk_of(200), pytest.raises(OSError, match="File too large"):
        log.rebase(lambda: iter(['["put","orders","all","",{}]'] * 20))
    put(log, 2)
    assert written(tmp_path) == ["", "1", "2"]
    log.rebase(lambda: iter(['["put","orders","all","",{}]']))
    put(log, 3)
    assert written(tmp_path) == ["all", "3"]
