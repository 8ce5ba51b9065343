"""How many examples a property tries."""

import os

from hypothesis import settings

settings.register_profile("quick", parent=settings.default, max_examples=25)
if asked := os.environ.get("HYPOTHESIS_PROFILE"):
    settings.load_profile(asked)
WHOLE = 100
"""What a property tries that says nothing of it."""


def examples(count: int) -> int:
    """`count` of them; where `make unit` asks for the quick profile, a quarter. `make test` tries all."""
    return max(count * settings.default.max_examples // WHOLE, 1)
