"""How many examples a property tries, loaded before any is made (tests/conftest.py). None is held to a time: machines are busy."""

import os

from hypothesis import settings

settings.register_profile("whole", parent=settings.default, deadline=None)
settings.register_profile("quick", parent=settings.default, deadline=None, max_examples=25)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "whole"))
WHOLE = 100
"""What a property tries that says nothing of it."""


def examples(count: int) -> int:
    """`count` of them; where `make unit` asks for the quick profile, a quarter. `make test` tries all."""
    return max(count * settings.default.max_examples // WHOLE, 1)
