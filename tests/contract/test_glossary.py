"""docs/glossary.md says where each word of the house begins, and is held to the code."""

import re
from collections import Counter

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+?) \| `([^`]+)` \|$", PAGE, re.MULTILINE)


def plain(text: str) -> str:
    """In small letters, its words apart, whether they are written with blanks, underscores or as one name."""
    return re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).lower()


def test_every_row_is_read():
    assert len(ROWS) == len(re.findall(r"^\| .*\.(?:py|md)` \|$", PAGE, re.MULTILINE)) > 80


@pytest.mark.parametrize(("word", "file"), [(word, file) for word, _, file in ROWS])
def test_a_word_stands_in_the_file_that_the_glossary_names(word: str, file: str):
    path = ROOT / file
    assert path.is_file(), f"{file} is gone: say where `{word}` begins now"
    text = plain(f"{path.stem} {path.read_text(encoding='utf-8')}")
    missing = [name for name in re.findall(r"`([^`]+)`", word) or [word] if plain(name) not in text]
    assert not missing, f"{file} does not say {missing}"


def test_a_word_has_one_meaning():
    """The same word twice is the same thing at two places, said so by its other words."""
    twice = [word for word, n in Counter(word for word, _, _ in ROWS).items() if n > 1]
    assert not twice
