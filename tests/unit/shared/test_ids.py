"""shared/ids.py: ids that sort by time, and ids that follow from what they name."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import ID_PATTERN, derived_id, new_id

MOMENTS = st.integers(1, 2**43).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))


@pytest.mark.parametrize(
    ("parts", "identifier"),
    [
        (("ord", "acc_1 POST /v1/orders", "k-1"), "ord_2ATS5WEZKC5D790MJ67BAQ38NH"),
        (("prd", "acc_1", "SHIRT-W-M"), "prd_0J70BWK0V4HZ5BKG6P7E31TXST"),
        (("pay", ""), "pay_33P324567W3GA9NYZMS2CPZE94"),
        (("sf", "商", "店"), "sf_1S03KBTT2TGDB2M7RQTVBQ6FVH"),
    ],
)
def test_a_derived_id_never_changes(parts: tuple[str, ...], identifier: str):
    """Vectors: SHA-256 of the parts joined by U+001F, the first bit cleared, 128 bits in Crockford's base 32."""
    assert derived_id(*parts) == identifier


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_a_derived_id_looks_like_any_other(parts: list[str]):
    assert re.fullmatch(ID_PATTERN, derived_id("ord", *parts))


def test_parts_do_not_run_together():
    assert derived_id("ord", "ab", "c") != derived_id("ord", "a", "bc")


def test_a_new_id_is_a_ulid_of_its_moment_and_its_random_bytes():
    assert new_id("ord", datetime(2026, 11, 1, 12, tzinfo=UTC), bytes) == "ord_01M6BFP5G00000000000000000"


@given(MOMENTS, st.timedeltas(timedelta(milliseconds=2), timedelta(days=9999)))
def test_new_ids_sort_by_their_moments(moment: datetime, later: timedelta):
    assert new_id("ord", moment, lambda n: b"\xff" * n) < new_id("ord", moment + later, bytes)


@given(MOMENTS)
def test_a_new_id_matches_the_pattern_that_bodies_ask_for(moment: datetime):
    assert re.fullmatch(ID_PATTERN, new_id("ord", moment))
