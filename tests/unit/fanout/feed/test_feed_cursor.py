"""What a cursor says, and when a site's reading begins again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.fanout.feed.feed_cursor import CursorTooOld, FeedCursor, start
from functions.fanout.feed.feed_views import FeedQuery
from functions.fanout.product_change import INDEX_LAG
from monsoon_plugin.clock import rfc3339
from shared.api.tickets import cursor_of
from shared.ids import new_id
from tests.fakes import NOON, TICKETS
from tests.unit.fanout.world import RULES, view

LATER = NOON + timedelta(hours=2)
FULL = {str(shard): f"{rfc3339(NOON)}#{new_id('prd', NOON)}" for shard in range(4)}
shards = st.dictionaries(st.sampled_from("0123"), st.text("abc#", min_size=1, max_size=9), max_size=4)
days = st.sampled_from(["", "2026-11-01"])
cursors = st.builds(
    FeedCursor, given=st.just(rfc3339(NOON)), since=st.just(rfc3339(NOON)), version=st.integers(1, 9), day=days, base=st.integers(1, 9),
    base_day=days, snapshot=st.booleans(), first=st.integers(0, 3), read=shards, reached=shards,
)  # fmt: skip


@given(cursors)
def test_a_cursor_is_read_back_as_its_text_says_it(cursor: FeedCursor) -> None:
    assert FeedCursor.of(cursor.position(), NOON) == cursor


def test_the_longest_cursor_fits_the_query() -> None:
    longest = FeedCursor(
        given=rfc3339(NOON), since=rfc3339(NOON), version=10**9, day="2026-11-01", base=10**9, base_day="2026-10-31", snapshot=True,
        first=3, read=FULL, reached=FULL,
    )  # fmt: skip
    text = cursor_of(TICKETS, f"changes {new_id('sf', NOON)}", longest.position(), NOON)
    assert len(text) < 1500
    assert FeedQuery(cursor=text).cursor == text


def test_a_cursor_is_good_for_thirty_days() -> None:
    cursor = start(view(RULES[0]), NOON).position()
    assert FeedCursor.of(cursor, NOON + timedelta(days=30)).version == 1
    with pytest.raises(CursorTooOld) as refused:
        FeedCursor.of(cursor, NOON + timedelta(days=30, milliseconds=1))
    assert (refused.value.status, refused.value.errors[0].pointer) == (410, "query/cursor")


def test_a_new_rule_or_day_begins_a_walk_and_another_one_begins_it_again() -> None:
    level = FeedCursor(
        given=rfc3339(NOON), since=rfc3339(NOON), version=1, day="2026-11-01", base=1, base_day="2026-11-01", snapshot=False, first=2,
        read={"0": "1c", "1": "1b"},
    )  # fmt: skip
    walk = level.under(view(RULES[4], 1, 2), LATER)
    assert (walk.walking, walk.read, walk.reached, walk.base_day) == (True, {}, {"0": "1c", "1": "1b"}, "2026-11-01")
    again = FeedCursor.of({**walk.position(), "0": "1a", "2": "1z"}, NOON).under(view(RULES[4], 2, 2), LATER)
    assert (again.read, again.reached, again.base, again.version) == ({}, {"0": "1c", "1": "1b", "2": "1z"}, 1, 2)
    done = again.level("2026-11-01T12:00:00.000Z", as_before=False)
    assert (done.walking, done.base, done.base_day, done.reached) == (False, 2, "2026-11-02", {})
    assert done.under(view(RULES[4], 2, 2), LATER) is done


def test_a_walk_trusts_only_what_was_settled_when_it_began() -> None:
    """The index may show it what was before the rest, which the site then takes for later: it is told by a newer rule."""
    young = {"0": f"{rfc3339(LATER)}#prd_1", "1": f"{rfc3339(LATER - INDEX_LAG)}#prd_1", "2": f"{rfc3339(NOON)}#prd_1"}
    walk = replace(start(view(RULES[0]), LATER), read=young).under(view(RULES[1], 2), LATER)
    assert walk.reached == {"0": rfc3339(LATER - INDEX_LAG), "1": rfc3339(LATER - INDEX_LAG), "2": young["2"]}
