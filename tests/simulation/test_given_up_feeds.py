"""A feed may be refused unread where each of as many readings as the hub tries met a fault; not after fewer."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from functions.uploads.feeds.feed_splitter import MOST_ATTEMPTS
from shared.api.caller import Caller
from simulation.actors.observed import CompleteFeed, Moved, Observed, Span, Told
from simulation.aws.messages import Message, Messages
from simulation.faults import NONE, Faults
from simulation.invariants.assortment import complete_feeds_archive
from simulation.invariants.endings import feeds_are_read
from simulation.invariants.goods import stock_adds_up
from simulation.invariants.seen import Seen
from simulation.turns.virtual_clock import VirtualClock

NOW = datetime(2026, 1, 2, tzinfo=UTC)
WHO = Caller("acc_1", frozenset(), True)
ARCHIVED = SimpleNamespace(product_id="prd_1", submission=2, is_delisted=True, known_offers=["off_1"])
ALL = [{"attempt": attempt} for attempt in range(MOST_ATTEMPTS)]


def notice(said: dict[str, Any], feed_id: str = "fd_1") -> str:
    return json.dumps({"Records": [{"s3": {"object": {"key": f"feeds%2Facc_1%2F{feed_id}.csv"}}} | said]})


def messages(undone: list[str]) -> Messages:
    made = Messages(VirtualClock(NOW), lambda: Faults(Random(0), NONE))
    for body in undone:
        made.failed(made.queue("FeedsQueueUrl"), Message(body, NOW, received=1))
    return made


def seen(undone: list[str], code: str = "unreadable", observed: Observed | None = None) -> Seen:
    """What is seen of a feed that is refused, after these messages were not done."""
    raw = {"pk": {"S": "acc_1#feeds"}, "sk": {"S": "fd_1"}, "state": {"S": "refused"}, "code": {"S": code}}
    tables = SimpleNamespace(items=lambda table: [raw] if table == "UploadsTable" else [])
    world: Any = SimpleNamespace(messages=messages(undone), place=SimpleNamespace(dynamodb=tables))
    rows = dict.fromkeys(("read", "waiting", "submitted"), 0) | {"failed": {}}
    people: Any = SimpleNamespace(must=lambda *asked: {"state": "refused", "rows": rows, "archiving": {"state": "archived"}})
    goods = SimpleNamespace(offer_id="off_1", stock=3, offers={"": "off_1"}, mode={"mode": "stock"}, product_id="prd_1")
    found = Seen(world, SimpleNamespace(goods=[goods]), people, observed or Observed())  # type: ignore[arg-type]
    found.__dict__ |= {"stock": {"off_1": SimpleNamespace(quantity=3)}, "orders": {}, "catalog": [ARCHIVED]}
    return found


def test_a_feed_is_given_up_after_every_attempt_met_a_fault():
    assert seen([notice(said) for said in ALL]).given_up == {"fd_1"}


@pytest.mark.parametrize(
    "undone",
    [
        [notice(said) for said in ALL[1:]],
        [notice(ALL[0])] * MOST_ATTEMPTS,
        [notice(said, "fd_2") for said in ALL],
        [notice(said | {"step": "archive"}) for said in ALL],
    ],
    ids=["fewer attempts", "one attempt, often", "another's", "after it was read"],
)
def test_a_feed_that_is_refused_after_less_is_found(undone: list[str]):
    found = seen(undone, observed=Observed(feeds=[(WHO, "fd_1")]))
    assert (found.given_up, len(list(feeds_are_read(found)))) == (frozenset(), 1)


def test_a_feed_that_is_refused_for_another_reason_is_not_given_up():
    assert not seen([notice(said) for said in ALL], "wrong-header").given_up


def test_no_row_of_a_file_that_was_given_up_need_come_to_anything():
    assert list(feeds_are_read(seen([notice(said) for said in ALL], observed=Observed(feeds=[(WHO, "fd_1")])))) == []


def test_a_file_that_was_given_up_archives_nothing():
    complete = [CompleteFeed(WHO, "fd_1", NOW, frozenset({"prd_1"}))]
    found = seen([notice(said) for said in ALL], observed=Observed(complete=complete))
    assert list(complete_feeds_archive(found)) == ["prd_1 is archived, and was sent after each of []"]


def test_what_it_counted_need_not_keep_what_a_file_before_it_lacked():
    complete, late = [CompleteFeed(WHO, "fd_0", NOW, frozenset({"prd_1"}))], NOW + timedelta(seconds=9)
    counted = [Moved("off_1", 9, Span(late, late), feed_id="fd_1")]
    observed = Observed(complete=complete, counted=counted, told=[Told("fd_0", late + timedelta(seconds=9))])
    told = [list(complete_feeds_archive(seen(undone, observed=observed))) for undone in ([notice(s) for s in ALL], [])]
    assert (told[0], len(told[1])) == ([], 1)


def test_what_it_counted_need_not_be_there():
    counted = [Moved("off_1", 9, Span(NOW, NOW), feed_id="fd_1")]
    told = [list(stock_adds_up(seen(undone, observed=Observed(counted=counted)))) for undone in ([notice(s) for s in ALL], [])]
    assert (told[0], len(told[1])) == ([], 1)
