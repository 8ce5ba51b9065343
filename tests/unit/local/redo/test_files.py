"""What a kill leaves of a redo log's files: all that was written whole, and nothing else; what cannot be read is refused, untouched."""

from pathlib import Path

import pytest

from local.redo.files import BASE, LOG, RedoFiles, Unreadable
from local.redo.lines import changes_of, line

LINES = [line([f'["put","orders","{n}","",{{"n":{n}}}]', f'["gone","","","q",["{n}"]]']) for n in range(3)]


def write(files: RedoFiles, kind: str, number: int, *lines: bytes) -> Path:
    file = files.begin(kind, number)
    files.finish(kind, number)
    path = files.path(kind, number)
    with path.open("ab") as log:
        log.writelines(lines)
    assert file > 0
    return path


def told(files: RedoFiles) -> list[str]:
    """The partition keys of what is put, in order."""
    return [change[2] for change in files.changes() if change[0] == "put"]


def test_a_line_is_read_whole_or_not_at_all_wherever_its_writing_was_cut_off():
    whole = LINES[0]
    assert changes_of(whole) == [["put", "orders", "0", "", {"n": 0}], ["gone", "", "", "q", ["0"]]]
    assert [end for end in range(len(whole)) if changes_of(whole[:end]) is not None] == []
    assert [at for at in range(len(whole)) if changes_of(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]) is not None] == []


@pytest.mark.parametrize("left", [1, 10, len(LINES[2]) - 1])
def test_a_last_line_that_was_cut_off_is_removed_and_said_and_the_next_start_finds_nothing_wrong(tmp_path: Path, left: int):
    files = RedoFiles(tmp_path)
    path = write(files, LOG, 1, *LINES[:2], LINES[2][:left])
    assert (told(files), files.cut) == (["0", "1"], left)
    again = RedoFiles(tmp_path)
    assert (told(again), again.cut) == (["0", "1"], 0)
    write(files, LOG, 2, LINES[2])
    assert told(RedoFiles(tmp_path)) == ["0", "1", "2"]
    assert path.stat().st_size == 22 + len(LINES[0]) + len(LINES[1])


def test_a_log_that_is_damaged_before_its_end_is_refused_and_left_as_it_is(tmp_path: Path):
    path = write(RedoFiles(tmp_path), LOG, 1, LINES[0], b"x" * 40 + b"\n", LINES[2])
    before = path.read_bytes()
    with pytest.raises(Unreadable, match=f"log-00000001 is damaged after byte {22 + len(LINES[0]):,} of"):
        told(RedoFiles(tmp_path))
    assert path.read_bytes() == before


def test_only_the_last_file_may_end_in_half_a_line(tmp_path: Path):
    files = RedoFiles(tmp_path)
    write(files, LOG, 1, LINES[0], LINES[1][:20])
    write(files, LOG, 2, LINES[2])
    with pytest.raises(Unreadable, match="log-00000001 is damaged"):
        told(files)


@pytest.mark.parametrize(
    ("first", "why"), [(line(['["redo",2]']), "by a newer version of Monsoon"), (b"\0" * 40, "damaged at its beginning"), (b"", "damaged")]
)
def test_what_a_newer_version_wrote_or_has_no_head_is_refused_before_anything_is_read(tmp_path: Path, first: bytes, why: str):
    files = RedoFiles(tmp_path)
    files.path(LOG, 1).write_bytes(first)
    for read in (files.check, lambda: told(files)):
        with pytest.raises(Unreadable, match=why):
            read()
    assert files.path(LOG, 1).read_bytes() == first


def test_whatever_moment_a_new_base_is_cut_off_at_one_base_and_its_logs_are_read(tmp_path: Path):
    files = RedoFiles(tmp_path)
    write(files, LOG, 1, LINES[0])
    write(files, LOG, 2, LINES[1])
    assert told(files) == ["0", "1"], "the log that begins with the base is there first"
    files.begin(BASE, 2)
    assert told(files) == ["0", "1"], "a base without its name is none"
    files.finish(BASE, 2)
    assert told(files) == ["1"], "what a base holds is not read again, though it was not deleted yet"
    files.begin(LOG, 3)
    files.forget_before(2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base-00000002", "log-00000002"]
    assert (files.base, files.last, files.there) == (2, 2, True)
