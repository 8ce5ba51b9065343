"""shared/trade/reference_data.py: the operator's lists, old or new, never half, and never silently missing."""

from dataclasses import dataclass, field

import pytest

from shared.errors import Unavailable
from shared.trade.reference_data import MAX_AGE, Reference, load
from tests.fakes import FakeObjects


@dataclass
class Counting(FakeObjects):
    """A bucket that counts what is asked of it."""

    asked: list[str] = field(default_factory=list)

    def get(self, key: str) -> bytes | None:
        self.asked.append(key)
        return super().get(key)


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_list_that_was_never_loaded_is_unavailable_and_says_what_to_do():
    with pytest.raises(Unavailable, match=r"tools\.load"):
        Reference(FakeObjects()).document("words")


def test_the_document_is_read_once_a_version_and_the_pointer_once_a_minute():
    objects, clock, reads = Counting(), Seconds(), []
    load(objects, "words", "1", ["a"])
    reference = Reference(objects, clock)

    def read(found: list[str]) -> frozenset[str]:
        reads.append(found)
        return frozenset(found)

    for _ in range(3):
        assert reference.document("words", read) == {"a"}
    assert objects.asked == ["reference/words/current.json", "reference/words/1.json"]
    clock.now = MAX_AGE
    assert reference.document("words", read) == {"a"}
    assert len(objects.asked) == 3
    assert reads == [["a"]]


def test_a_new_version_is_seen_after_a_minute_and_not_before():
    objects, clock = FakeObjects(), Seconds()
    load(objects, "words", "1", ["a"])
    reference = Reference(objects, clock)
    reference.document("words")
    load(objects, "words", "2", ["b"])
    assert reference.document("words") == ["a"]
    clock.now = MAX_AGE
    assert reference.document("words") == ["b"]


def test_the_pointer_is_written_last():
    objects = FakeObjects()
    load(objects, "taxonomy/zh-CN", "1", {"hg": "家居"})
    assert list(objects.kept) == ["reference/taxonomy/zh-CN/1.json", "reference/taxonomy/zh-CN/current.json"]
