"""What a cursor says, and when a site's reading begins again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.fanout.feed.feed_cursor import CursorTooOld, Mark, start
from functions.fanout.feed.feed_views import FeedQuery
from monsoon_plugin.clock import rfc3339
from shared.api.tickets import cursor_of
from shared.ids import new_id
from tests.fakes import NOON, TICKETS
from tests.unit.fanout.world import RULES, lens

FULL = {str(shard): f"{rfc3339(NOON)}#{new_id('prd', NOON)}" for shard in range(4)}
shards = st.dictionaries(st.sampled_from("0123"), st.text("abc#", min_size=1, max_size=9), max_size=4)
marks = st.builds(
    Mark, st.just(rfc3339(NOON)), st.just(rfc3339(NOON)), st.integers(1, 9), st.sampled_from(["", "2026-11-01"]), st.integers(1, 9),
    st.sampled_from(["", "2026-11-01"]), st.booleans(), st.integers(0, 3), shards, shards,
)  # fmt: skip


@given(marks)
def test_a_mark_is_read_back_as_its_cursor_says_it(mark: Mark) -> None:
    assert Mark.of(mark.cursor(), NOON) == mark


def test_the_longest_cursor_fits_the_query() -> None:
    mark = Mark(rfc3339(NOON), rfc3339(NOON), 10**9, "2026-11-01", 10**9, "2026-10-31", True, 3, FULL, FULL)
    cursor = cursor_of(TICKETS, f"changes {new_id('sf', NOON)}", mark.cursor(), NOON)
    assert len(cursor) < 1500
    assert FeedQuery(cursor=cursor).cursor == cursor


def test_a_cursor_is_good_for_thirty_days() -> None:
    cursor = start(lens(RULES[0]), NOON).cursor()
    assert Mark.of(cursor, NOON + timedelta(days=30)).version == 1
    with pytest.raises(CursorTooOld) as refused:
        Mark.of(cursor, NOON + timedelta(days=30, milliseconds=1))
    assert (refused.value.status, refused.value.errors[0].pointer) == (410, "query/cursor")


def test_a_new_rule_or_day_begins_a_walk_and_another_one_begins_it_again() -> None:
    level = Mark(rfc3339(NOON), rfc3339(NOON), 1, "2026-11-01", 1, "2026-11-01", False, 2, {"0": "c", "1": "b"})
    walk = level.under(lens(RULES[4], 1, 2))
    assert (walk.walking, walk.read, walk.reached, walk.base_day) == (True, {}, {"0": "c", "1": "b"}, "2026-11-01")
    again = Mark.of({**walk.cursor(), "0": "a", "2": "z"}, NOON).under(lens(RULES[4], 2, 2))
    assert (again.read, again.reached, again.base, again.version) == ({}, {"0": "c", "1": "b", "2": "z"}, 1, 2)
    done = again.level()
    assert (done.walking, done.base, done.base_day, done.reached) == (False, 2, "2026-11-02", {})
    assert done.under(lens(RULES[4], 2, 2)) is done
