"""What is sure of an encoding is right; what is not is told with its readings. Never is a guess taken that is wrong."""

import csv
from pathlib import Path

import pytest

from functions.uploads.reading.guessed_encoding import guessed_encoding

LISTS = {
    "cs": ["cp1250", "iso8859_2"], "pl": ["cp1250", "iso8859_2"], "hu": ["cp1250"], "tr": ["cp1254"], "ru": ["cp1251", "koi8_r", "cp866"],
    "ja": ["cp932", "euc_jp"], "ko": ["cp949"], "es": ["cp1252"], "pt": ["cp1252"], "sv": ["cp1252"], "fi": ["cp1252"], "fr": ["cp1252"],
    "de": ["cp1252", "cp850"], "ar": ["cp1256"], "th": ["cp874"], "zh": ["gb18030", "big5"],
}  # fmt: skip


def right_or_held(lines: list[str], encoding: str) -> None:
    sample = b"\n".join(line for line in "\n".join(lines).encode(encoding, "ignore").split(b"\n") if not line.isascii())
    if not sample:
        return
    guess = guessed_encoding(sample)
    assert guess is None or not guess.is_sure or sample.decode(guess.encoding) == sample.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), [(language, encoding) for language, held in LISTS.items() for encoding in held])
def test_real_words_are_read_right_or_held(data: Path, language: str, encoding: str) -> None:
    lines = (data / "words" / "ldnoobw" / language).read_text(encoding="utf-8").splitlines()
    for start in range(0, min(len(lines), 200), 10):
        for count in (1, 3, 10, 40):
            right_or_held(lines[start : start + count], encoding)


def test_real_titles_are_read_right_and_not_asked_about(data: Path) -> None:
    with (data / "feeds" / "spree" / "product_translations.csv").open(newline="", encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if not row["description"].isascii()]
    for locale in ("fr", "de"):
        guess = guessed_encoding("\n".join(row["description"] for row in found if row["locale"] == locale).encode("cp1252"))
        assert guess is not None
        assert (guess.encoding, guess.is_sure) == ("cp1252", True)
    paths = (data / "taxonomy" / "zh-CN" / "categories.txt").read_text(encoding="utf-8").splitlines()[3:400]
    guess = guessed_encoding("\n".join(paths).encode("gb18030"))
    assert guess is not None
    assert (guess.encoding, guess.is_sure) == ("gb18030", True)
