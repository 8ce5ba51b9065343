"""Artefacts are found again by what they were made from, whole or not at all."""

import os
from pathlib import Path

from local.start.kept_artefacts import MOST, KeptArtefacts

TWO = {"orders": b"one zip", "payments": b"another"}


def test_what_was_made_from_the_same_files_is_found_and_from_others_is_not(tmp_path: Path):
    KeptArtefacts("a", tmp_path).keep(TWO)
    assert KeptArtefacts("a", tmp_path).read(sorted(TWO)) == TWO
    assert KeptArtefacts("b", tmp_path).read(sorted(TWO)) == {}
    assert KeptArtefacts("a", tmp_path).read(["orders", "shipping"]) == {}, "a service came that it lacks"


def test_of_two_starts_at_once_the_first_ones_stay_and_nothing_half_is_left(tmp_path: Path):
    KeptArtefacts("a", tmp_path).keep(TWO)
    KeptArtefacts("a", tmp_path).keep(TWO)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_those_that_nobody_has_asked_for_the_longest_go(tmp_path: Path):
    for number in range(MOST + 2):
        kept = KeptArtefacts(f"{number}", tmp_path)
        kept.keep(TWO)
        os.utime(tmp_path / f"{number}", (number, number))
        assert KeptArtefacts("0", tmp_path).read(sorted(TWO)) == TWO, "it is asked for each time"
    assert len(list(tmp_path.iterdir())) == MOST


def test_where_nothing_can_be_kept_nothing_is_found(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    KeptArtefacts("a", tmp_path / "file").keep(TWO)
    assert KeptArtefacts("a", tmp_path / "file").read(sorted(TWO)) == {}
