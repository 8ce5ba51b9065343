"""Garbage in circles is looked for among what is new, and seldom: an emulator holds all tables, and nothing of that is garbage."""

import gc

from local.conditions.memory import give_back

NEW, YOUNG, ALL = 20_000, 20, 50
"""After so many objects more than were let go, so many looks at the new ones, so many at the young: gc.set_threshold."""


def mend() -> None:
    gc.set_threshold(NEW, YOUNG, ALL)


def settle() -> None:
    """What is there now stays: it is looked at no more. What a start needed beyond it is the system's again."""
    gc.collect()
    gc.freeze()
    give_back()
