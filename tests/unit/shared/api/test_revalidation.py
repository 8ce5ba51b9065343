"""shared/api/revalidation.py: when a copy is still good (RFC 9110, 13)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.revalidation import SETTLED, fresh, tag_of, validators

CHANGED = datetime(2026, 11, 1, 12, 0, 0, 700_000, tzinfo=UTC)
TAG = tag_of("a")


@pytest.mark.parametrize(
    ("headers", "is_fresh"),
    [
        ({}, False),
        ({"if-none-match": TAG}, True),
        ({"if-none-match": TAG.removeprefix("W/")}, True),
        ({"if-none-match": f'"x", {TAG}'}, True),
        ({"if-none-match": f'"x,{TAG[3:-1]}"'}, False),
        ({"if-none-match": " * "}, True),
        ({"if-none-match": '"x"'}, False),
        ({"if-none-match": ""}, False),
        ({"if-modified-since": "Sun, 01 Nov 2026 12:00:00 GMT"}, True),
        ({"if-modified-since": "Sun, 01 Nov 2026 11:59:59 GMT"}, False),
        ({"if-modified-since": "Sun, 01 Nov 2026 13:00:00 +0100"}, True),
        ({"if-modified-since": "Sunday"}, False),
        ({"if-modified-since": "Sun, 06 Nov 99999999999999 08:49:37 GMT"}, False),
        ({"if-none-match": '"x"', "if-modified-since": "Sun, 01 Nov 2026 13:00:00 GMT"}, False),
        ({"if-none-match": TAG, "if-modified-since": "Sun, 01 Nov 2020 13:00:00 GMT"}, True),
    ],
)
def test_a_tag_wins_over_a_date_and_what_cannot_be_read_counts_for_nothing(headers: dict[str, str], is_fresh: bool):
    assert fresh(headers, TAG, CHANGED) is is_fresh


def test_a_date_counts_only_where_the_date_of_change_is_known():
    assert not fresh({"if-modified-since": "Sun, 01 Nov 2026 13:00:00 GMT"}, TAG, None)


def test_a_date_is_told_once_no_other_change_can_fall_into_its_second():
    assert validators(TAG, CHANGED, CHANGED + SETTLED - timedelta(seconds=1)) == {"ETag": TAG}
    told = validators(TAG, CHANGED, CHANGED + SETTLED)
    assert told == {"ETag": TAG, "Last-Modified": "Sun, 01 Nov 2026 12:00:00 GMT"}
    assert fresh({"if-modified-since": told["Last-Modified"]}, TAG, CHANGED)


@given(st.lists(st.text()), st.lists(st.text()))
def test_two_tags_are_equal_just_when_what_is_shown_is(one: list[str], other: list[str]):
    assert (tag_of(*one) == tag_of(*other)) is (one == other)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_header_breaks_it(tags: str, date: str):
    fresh({"if-none-match": tags}, TAG, CHANGED)
    fresh({"if-modified-since": date}, TAG, CHANGED)
