"""Terms of the operator's lists and the texts beside them: two that read alike are one."""

import pytest

from shared.trade.listed_terms import as_read, has_han, is_plain, singular, stem


def test_two_words_or_four_characters_are_plain():
    assert [is_plain(term) for term in ("paint", "flash powder", "烟花", "烟花爆竹")] == [False, True, False, True]


def test_texts_that_read_alike_are_one():
    assert as_read("Ｐｉs\u200bＴｏl  set") == as_read("PISTOL\tSet") == "pistol set"


@pytest.mark.parametrize(
    ("word", "bare"),
    [("boxes", "box"), ("knives", "knive"), ("panties", "panty"), ("glasses", "glass"), ("glass", "glass"), ("bus", "bus"), ("Jo's", "Jo")],
)
def test_a_plural_loses_its_ending_and_what_only_looks_like_one_keeps_it(word: str, bare: str):
    assert stem(word) == bare


def test_a_term_in_the_singular_matches_both_numbers():
    assert [singular("Disco Balls"), singular("knife"), has_han("红 box"), has_han("box")] == ["disco ball", "knife", True, False]
