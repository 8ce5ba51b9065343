"""shared/trade/folding.py: texts that read alike are one, by a table of cases from CLDR's and OpenCC's own data."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trade.folding import fold, lettered

CASES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("folding_cases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("name", "other", "told"), CASES)
def test_names_of_countries_are_one_in_capitals_without_accents_and_in_the_other_script(name: str, other: str, told: str):
    assert fold(name) == fold(other), told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łódka", "lodka"), ("Đồng", "dong"), ("Œuvre", "oeuvre"), ("ışık", "IŞIK"), ("ガラス", "がらす"), ("ｶﾞﾗｽ", "がらす"),
        ("絲綢", "丝绸"), ("Straße", "STRASSE"), ("Σίσυφος", "ΣΙΣΥΦΟΣ"), ("كِتَاب", "كتاب"), ("שָׁלוֹם", "שלום"), ("می\u200cخواهم", "میخواهم"),
        ("४५० ml", "450 ML"), ("e\u0301", "é"), ("so\u00adfa", "sofa"),
    ],
)  # fmt: skip
def test_what_reads_alike_is_one(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("हिन्दी", "हन्द"),
        ("ไม่", "ไม้"),
        ("はん", "ばん"),
        ("びょういん", "びよういん"),
        ("мой", "мои"),
        ("कि", "की"),
        ("가방", "가반"),
        ("ދިވެހި", "ދވހ"),
    ],
)
def test_what_is_another_word_stays_another(one: str, other: str):
    assert fold(one) != fold(other)


def test_letters_keep_their_accents_where_only_their_shape_is_folded():
    assert lettered("Año \u200bＮＵＥＶＯ ガラス 絲綢") == "año nuevo がらす 丝绸"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)
    assert lettered(lettered(text)) == lettered(text)
