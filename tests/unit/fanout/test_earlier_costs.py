"""What no site can see is told to none: a cost that moves within one step of a storefront's rounding, a number of units."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from functions.fanout.earlier_costs import MOST_COSTS, MOST_STATES, EarlierCosts, at_costs, costs_of, only_costs_differ
from functions.fanout.feed.feed_cursor import FeedCursor, start
from functions.fanout.feed.feed_page import Feed, Page
from functions.fanout.product_change import LAG, ProductChange, moment_of
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.change_json import ChangeJson
from shared.trade.product import Product
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.fakes import NOON
from tests.unit.fanout.world import PRODUCT, FakeLog, available, published, view

ROUND, PLAIN = view(Rule(Selection(), PriceRule(round_to=500))), view(Rule(Selection(), PriceRule()))
MINUTE = timedelta(minutes=1)


def log_of(*costs: int) -> FakeLog:
    """A log of prd_1, which cost these one after the other, a minute apart."""
    log = FakeLog(rules=[(1, ROUND.rule)])
    for n, cost in enumerate(costs):
        cost_becomes(log, cost, NOON + n * MINUTE)
    return log


def cost_becomes(log: FakeLog, cost: int, at: datetime, stock: int = 5) -> None:
    version = log.kept["prd_1"].version + 1 if "prd_1" in log.kept else 1
    log.keep(ProductChange.published(published("prd_1", version, cost, stock), at))


def read(log: FakeLog, sees: SiteView, at: datetime, cursor: FeedCursor | None = None) -> Page:
    return Feed(log, log).page(FeedCursor.of((cursor or start(sees, at)).position(), at), sees, 24, at)


def test_a_cost_within_one_step_is_told_to_the_site_that_shows_it_and_not_to_the_one_that_rounds():
    log, before = log_of(1010), NOON + 30 * timedelta(seconds=1)
    cursors = [(sees, read(log, sees, before).cursor) for sees in (ROUND, PLAIN)]
    cost_becomes(log, 1040, NOON + MINUTE)
    assert [len(read(log, sees, NOON + 2 * MINUTE, cursor).entries) for sees, cursor in cursors] == [0, 1]


def test_who_read_before_a_cost_that_was_news_is_told_though_the_last_step_was_none():
    log = log_of(900)
    cursor = read(log, ROUND, NOON + MINUTE / 2).cursor
    cost_becomes(log, 1010, NOON + MINUTE)
    cost_becomes(log, 1040, NOON + 2 * MINUTE)
    assert len(read(log, ROUND, NOON + 3 * MINUTE, cursor).entries) == 1


def test_there_and_back_is_told_to_a_site_that_may_have_been_told_of_there():
    """It applied a page and lost the cursor after it."""
    log = log_of(1010)
    cursor = read(log, ROUND, NOON + MINUTE / 2).cursor
    cost_becomes(log, 2010, NOON + MINUTE)
    read(log, ROUND, NOON + MINUTE * 1.5, cursor)
    cost_becomes(log, 1010, NOON + 2 * MINUTE)
    assert len(read(log, ROUND, NOON + 3 * MINUTE, cursor).entries) == 1


def test_a_state_that_was_replaced_while_it_was_too_young_to_be_shown_is_not_taken_for_told():
    log = log_of(900)
    cursor = read(log, ROUND, NOON + MINUTE / 2).cursor
    log.keep(ProductChange.published(published("prd_2", 1), NOON + MINUTE))
    cost_becomes(log, 1010, NOON + MINUTE)
    cost_becomes(log, 1040, NOON + MINUTE + LAG / 2)
    level = read(log, ROUND, NOON + MINUTE + LAG + timedelta(milliseconds=1), cursor)
    assert [told["product_id"] for told in level.entries] == ["prd_2"]
    assert len(read(log, ROUND, NOON + 2 * MINUTE, level.cursor).entries) == 1


def test_who_is_behind_by_more_states_than_are_kept_is_told():
    log = log_of(1010)
    cursor = read(log, ROUND, NOON + MINUTE / 2).cursor
    for n in range(MOST_STATES):
        cost_becomes(log, 1020 + n, NOON + (n + 1) * MINUTE)
    assert read(log, ROUND, NOON + 30 * MINUTE, cursor).entries == []
    cost_becomes(log, 1040, NOON + 9 * MINUTE)
    assert len(read(log, ROUND, NOON + 30 * MINUTE, cursor).entries) == 1


def test_a_number_of_units_is_news_to_nobody_and_none_left_is():
    log = log_of(900)
    cursor = read(log, PLAIN, NOON + MINUTE / 2).cursor
    cost_becomes(log, 900, NOON + MINUTE, stock=4)
    assert read(log, PLAIN, NOON + 2 * MINUTE, cursor).entries == []
    cost_becomes(log, 900, NOON + 3 * MINUTE, stock=0)
    assert len(read(log, PLAIN, NOON + 4 * MINUTE, cursor).entries) == 1


def test_what_else_changes_is_news_whatever_it_cost():
    log = log_of(1010)
    cursor = read(log, ROUND, NOON + MINUTE / 2).cursor
    log.keep_stock(ProductChange.stocked(available("prd_1", 1, False), NOON + MINUTE))
    assert len(read(log, ROUND, NOON + 2 * MINUTE, cursor).entries) == 1
    cost_becomes(log, 1020, NOON + 3 * MINUTE)
    assert len(read(log, ROUND, NOON + 4 * MINUTE, cursor).entries) == 1, "from where it was in stock"


def test_a_webhook_is_sent_to_the_endpoint_that_shows_the_cost_alone_and_to_all_where_the_state_before_is_not_known():
    change = log_of(1010, 1040).kept["prd_1"]
    known, unknown = ChangeJson(change, "2026-11-01T12:00:00.000Z"), ChangeJson(change)
    assert moment_of(log_of(1010).kept["prd_1"].at) == "2026-11-01T12:00:00.000Z"
    assert [one.news(sees) is None for one in (known, unknown) for sees in (ROUND, PLAIN)] == [True, False, False, False]


def test_what_a_release_before_wrote_over_it_is_not_taken_for_what_it_was():
    change = log_of(1010, 1040).kept["prd_1"]
    assert change.earlier_costs.states
    assert replace(change, version=change.version + 1).earlier_costs == EarlierCosts()


VARIED = Product.model_validate(
    PRODUCT.model_dump(exclude_defaults=True)
    | {
        "options": [{"name": "size"}],
        "variants": [
            {"sku": "M-1", "options": {"size": "S"}, "stock": 2},
            {"sku": "M-2", "options": {"size": "L"}, "stock": 2, "price": {"amount": 990, "currency": "GBP"},
             "tiers": [{"min_quantity": 5, "price": {"amount": 950, "currency": "GBP"}}]},
        ],
    }
)  # fmt: skip


def test_every_price_of_a_product_is_a_cost():
    assert costs_of(VARIED) == (900, 700, 990, 950)
    assert costs_of(at_costs(VARIED, (1, 2, 3, 4))) == (1, 2, 3, 4)
    assert only_costs_differ(VARIED, at_costs(VARIED, (1, 2, 3, 4)))


@pytest.mark.parametrize("change", [{"weight": 301}, {"stock": 0}, {"tiers": []}, {"tags": ["gift"]}])
def test_anything_else_is_not(change: dict[str, object]):
    assert not only_costs_differ(PRODUCT, Product.model_validate(PRODUCT.model_dump(exclude_defaults=True) | change))


def test_too_many_prices_are_not_kept():
    tiers = [{"min_quantity": n + 2, "price": {"amount": 90, "currency": "GBP"}} for n in range(10)]
    several = [
        {"sku": f"M-{n}", "options": {"size": str(n)}, "stock": 1, "price": {"amount": 99, "currency": "GBP"}, "tiers": tiers}
        for n in range(6)
    ]
    many = Product.model_validate(VARIED.model_dump(exclude_defaults=True) | {"variants": several})
    assert len(costs_of(many)) > MOST_COSTS
    assert not only_costs_differ(many, many)
