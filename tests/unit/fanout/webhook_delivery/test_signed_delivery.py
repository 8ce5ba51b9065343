"""What is posted: the same as the feed tells, signed so that the published library accepts it, and bounded."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.fanout.webhook_delivery.signed_delivery import MOST_BYTES, MOST_CHANGES, Delivery, DeliveryWriter, Target, batches
from functions.fanout.webhooks.signing_secret import secret_text
from shared.trade.fx import NO_RATES
from tests.fakes import NOON
from tests.unit.fanout.webhooks.test_subscription import ACTIVE
from tests.unit.fanout.world import RULES, published, recalled, view

SECRET = "the hub's secret"
CHANGES = [ProductChange.published(published("prd_1", 2, 777), NOON), ProductChange.recalled(recalled("prd_2", 3), NOON),
           ProductChange.published(published("prd_3", 1, 90), NOON)]  # fmt: skip


def target(rule: int = 0, day: int = 1) -> Target:
    return Target(ACTIVE, view(RULES[rule], 7, day), SECRET, NOON)


def written(changes: list[ProductChange], rule: int = 0, now: datetime = NOON) -> list[Delivery]:
    to = target(rule)
    return list(DeliveryWriter(now).changes(to, (ChangeJson(change).entry(to.view) for change in changes)))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rule", range(len(RULES)))
def test_what_is_spliced_is_what_the_feed_tells(change: ProductChange, rule: int):
    told = ChangeJson(change).entry(target(rule).view)
    wanted = entry(ParsedChange(change), target(rule).view)
    assert told is None if wanted["type"] == "removal" and change.revision == 1 else json.loads(told or b"") == wanted


def test_a_published_library_verifies_a_delivery_by_the_new_and_by_the_old_secret():
    now = datetime.now(UTC)
    rotated = Target(ACTIVE.rotated("rot_1", now), target().view, SECRET, now)
    (found,) = DeliveryWriter(now).changes(rotated, (ChangeJson(change).entry(rotated.view) for change in CHANGES))
    for generation in (1, 2):
        document = Webhook(secret_text(SECRET, ACTIVE.id, generation)).verify(found.request.body, dict(found.request.headers))
        assert (document["type"], document["data"]["storefront_id"], len(document["data"]["changes"])) == ("product.changed", "sf_1", 3)
    assert len(rotated.keys(now + timedelta(hours=25))) == 1
    twice = Target(ACTIVE.rotated("rot_1", now - timedelta(hours=2)).rotated("rot_2", now), target().view, SECRET, now)
    assert [len(twice.keys(now + timedelta(hours=hours))) for hours in (0, 21, 23, 25)] == [3, 3, 2, 1]


def test_a_retry_of_the_same_has_the_same_id_and_another_content_another():
    first, later, other = written(CHANGES), written(CHANGES, now=NOON + timedelta(hours=1)), written(CHANGES[:1])
    ids = [d[0].request.headers["webhook-id"] for d in (first, later, other)]
    assert ids[0] == ids[1] != ids[2]


def test_nothing_is_posted_to_who_need_not_hear():
    assert written([CHANGES[2]], rule=6) == []


@given(st.lists(st.integers(0, 400), max_size=300), st.integers(1, 5))
def test_batches_lose_nothing_keep_the_order_and_are_bounded(sizes: list[int], scale: int):
    entries = [b"x" * size * scale * 2000 for size in sizes]
    found = list(batches(entries))
    assert [entry for part in found for entry in part] == entries
    assert all(len(part) <= MOST_CHANGES for part in found)
    assert all(sum(map(len, part)) <= MOST_BYTES or len(part) == 1 for part in found)


def test_a_walk_tells_only_what_another_rule_told_otherwise():
    told = ChangeJson(CHANGES[0])
    now, dearer = view(RULES[0], 8), view(RULES[1], 7)
    assert told.difference(now, [view(RULES[0], 7)]) is None
    assert json.loads(told.difference(now, [dearer]) or b"")["type"] == "upsert"
    assert json.loads(told.difference(view(RULES[6], 8), [dearer]) or b"")["type"] == "removal"
    assert told.difference(view(RULES[6], 8), [view(RULES[6], 7)]) is None
    assert json.loads(told.difference(view(RULES[6], 8), None) or b"")["type"] == "removal"


def test_a_new_day_of_rates_is_told_only_where_prices_are_converted():
    told = ChangeJson(CHANGES[0])
    for rule, heard in ((4, True), (0, False)):
        new = view(RULES[rule], 7, 2)
        assert (told.difference(new, [replace(new, rates=NO_RATES)]) is not None) is heard


def rate(deliveries: int = 5000) -> int:
    """Signed deliveries of one change a CPU second: evaluated, written, signed; no socket."""
    targets = [Target(ACTIVE.model_copy(update={"id": f"whk_{n}"}), view(RULES[n % 3], 7), SECRET, NOON) for n in range(1000)]
    told, writer = ChangeJson(CHANGES[0]), DeliveryWriter(NOON)
    began, made = time.process_time(), 0
    while made < deliveries:
        for to in targets:
            made += len(list(writer.changes(to, [told.entry(to.view)])))
    return round(made / (time.process_time() - began))


def test_thousands_of_deliveries_a_second_are_written_and_signed():
    """A floor against accidents on a busy machine; `make bench-fanout` measures."""
    assert rate() > 5000
