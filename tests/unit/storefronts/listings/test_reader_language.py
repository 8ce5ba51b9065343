"""The language a shopper reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.storefronts.listings.reader_language import language_of

OFFERED = ["en", "zh", "de-CH"]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, de;q=0.5", "de-CH"),
        ("en;q=0.5, zh;q=0.25", "en"),
        ("ZH", "zh"),
        ("zh;q=0, *;q=0.1", "en"),
        ("en;q=0.1, zh", "zh"),
        (";;;,q=,zh;q=nan", "en"),
    ],
)
def test_the_header_chooses_among_what_the_storefront_offers(accept: str, language: str) -> None:
    assert language_of(None, accept, OFFERED) == language


def test_a_language_that_was_asked_for_wins() -> None:
    assert language_of("ja", "zh", OFFERED) == "ja"


@given(st.text(max_size=200))
def test_no_header_breaks_it(accept: str) -> None:
    assert language_of(None, accept, OFFERED) in OFFERED
