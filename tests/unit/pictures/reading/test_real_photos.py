"""Real photographs, and copies that were altered: each is read, or refused with the right reason."""

from collections import Counter
from pathlib import Path

import pytest

from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendering import render


def outcome(path: Path) -> str:
    try:
        render(path.read_bytes())
    except Refused as refused:
        return f"{path.name}: {refused.refusal.code}"
    return "shown"


@pytest.mark.thorough
def test_every_photograph_is_shown_and_the_one_that_is_noise_is_no_picture(data: Path) -> None:
    found = Counter(outcome(path) for path in sorted((data / "photos").rglob("*.jpg")))
    assert found.pop("shown") >= 211
    assert found == {"ukbench09268_corrupt.jpg: not-a-picture": 1}
