"""A picture is read by a process that bounds itself: what goes wrong there ends that run alone."""

import resource
import subprocess
import sys

import pytest

from functions.pictures.reading import picture_process
from functions.pictures.reading.picture_process_client import MODULE, PictureProcess
from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendering import render
from tests.conftest import ROOT
from tests.unit.pictures.samples import flat, many_scans, photo, png

IN_IT = """
import resource, sys
from functions.pictures.reading import picture_process
picture_process.bound()
{code}
"""


def in_it(code: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `code` bound as a picture's process is."""
    command = [sys.executable, "-c", IN_IT.format(code=code)]
    return subprocess.run(command, env={"PYTHONPATH": f"{ROOT}:{ROOT}/sdk"}, capture_output=True, timeout=60, check=False)


def test_it_answers_what_reading_it_here_does_to_the_byte() -> None:
    body = photo(1000, 700)
    assert PictureProcess()(body) == render(body)


def test_a_refusal_comes_back_as_one() -> None:
    with pytest.raises(Refused) as refused:
        PictureProcess()(b"GIF89a")
    assert (refused.value.refusal.code, refused.value.refusal.found) == ("wrong-type", "GIF")


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Refused) as refused:
        PictureProcess(seconds=0.01)(photo())
    assert refused.value.refusal.code == "too-heavy"


def test_it_has_no_more_memory_than_it_gave_itself_and_writes_no_file() -> None:
    assert b"MemoryError" in in_it(f"bytearray({picture_process.MOST_MEMORY})").stderr
    assert in_it("print(resource.getrlimit(resource.RLIMIT_CPU))").stdout == f"{(picture_process.MOST_CPU,) * 2}\n".encode()
    assert b"File too large" in in_it("import os; os.write(os.memfd_create('picture'), b'x')").stderr


def test_it_knows_nothing_of_its_parents_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("functions.pictures.reading.picture_process_client.MODULE", "tests.unit.pictures.reading.tells_environment")
    with pytest.raises(Refused) as refused:
        PictureProcess()(b"")
    assert "AWS" not in refused.value.refusal.found
    assert "PYTHONPATH" in refused.value.refusal.found
    assert MODULE.endswith("picture_process")


@pytest.mark.thorough
def test_a_picture_of_a_small_file_that_is_looked_at_for_minutes_ends_by_its_cpu_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.pictures.reading.picture_process_client.MODULE", "tests.unit.pictures.reading.ends_soon")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(Refused) as refused:
        PictureProcess(seconds=120)(many_scans())
    assert refused.value.refusal.code == "too-heavy"
    took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert 1 < took < 5, "the clock's bound is far away: what ended it is its CPU time"


@pytest.mark.thorough
@pytest.mark.parametrize(("bits", "colour", "sample"), [(8, 2, 3), (8, 6, 4), (16, 6, 8), (16, 0, 2)])
def test_the_largest_pictures_that_are_taken_are_read_within_the_bounds(bits: int, colour: int, sample: int) -> None:
    found = PictureProcess(seconds=120)(png(5000, 5000, flat(5000, 5000, sample), bits=bits, colour=colour))
    assert (found.width, found.height) == (5000, 5000)
