"""The operators' page tells of costs what counts, templates and prices say, and what the hub was to cost at most."""

import json
import re

import pytest

from tools.costs.__main__ import PAGE, page
from tools.costs.idle import a_later_queue, lines
from tools.costs.prices import FILE, Prices
from tools.costs.work import CHECKOUT, ONE_EACH, WORKS, Work, asked, by_entry, cost, counted

PRICES = Prices.load()
ASLEEP = [line for line in lines(PRICES) if not line.watching]


def test_the_page_says_what_the_command_writes():
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run `make costs`, and read its diff"


def test_an_idle_month_costs_five_dollars_at_most():
    assert sum(line.dollars for line in ASLEEP) <= 5


def test_what_five_pollers_at_each_queue_would_cost_is_told_too():
    """AWS says that Lambda "can" go down to two, not that it does: what it costs if it never does is a column of its own."""
    assert sum(line.worst for line in ASLEEP) == pytest.approx(sum(line.dollars for line in ASLEEP) + 13 * 3 * a_later_queue(PRICES) / 2)


@pytest.mark.parametrize(("work", "most"), list(zip(WORKS, (0.042, 0.072, 0.032, 0.004), strict=True)))
def test_a_thousand_of_each_costs_no_more_than_it_did(work: Work, most: float):
    assert cost(work, PRICES, counted()).sum <= most


def test_an_order_counted_by_hand():
    """Stripe's: 27 write and 6.5 read units, three requests, five messages by three calls to SNS, eight functions' runs and three.

    The counts have left the authorizer's time out already."""
    counts = {
        "wcu": 27,
        "dynamodb_calls": 19,
        "rcu": 6.5,
        "messages": 5,
        "calls": {"sns.PublishBatch": 3},
        "cpu_ms": 100,
        "entries": {"authorizer": {"cpu_ms": 5}},
    }
    found = cost(WORKS[0], PRICES, {WORKS[0].scenario: counts})
    assert found.dynamodb == pytest.approx(27 * 0.625e-3 + 6.5 * 0.125e-3)
    assert found.api == pytest.approx(3 * 3.5e-3)
    assert found.messages == pytest.approx(3 * 0.5e-3 + 5 * 3 * 0.4e-3)
    assert found.functions == pytest.approx(11 * 0.2e-3 + 100 * 3 * 0.0000133334)


COUNTED = list(zip(ONE_EACH, (19, 17, 35, 15, 1, 2), (3, 3, 7, 3, 0, 0), (5, 5, 12, 7, 0, 0), strict=True))
"""Calls of DynamoDB (of a product published, two announce its change, decision 42, and one reads its supplier's defaults, decision 47; of
an order by cash, one is fanout's, whose memory of a storefront's endpoints was over), events, messages."""


@pytest.mark.parametrize(("work", "dynamodb", "events", "messages"), COUNTED)
def test_one_of_each_asks_aws_no_more_often_than_it_did(work: Work, dynamodb: int, events: int, messages: int):
    found = asked(work, counted())
    assert (found.dynamodb <= dynamodb, found.events <= events, found.messages <= messages) == (True, True, True)


def test_a_checkout_is_the_sum_of_what_its_functions_asked():
    found = asked(ONE_EACH[0], counted())
    calls = sum(count for tally in by_entry(counted()).values() for call, count in tally["calls"].items() if call.startswith("dynamodb."))
    assert (ONE_EACH[0].scenario, calls) == (CHECKOUT, found.dynamodb)
    assert found.runs == ONE_EACH[0].requests + found.events + found.messages


def test_watching_stands_on_lines_of_its_own():
    assert [line.what.split()[-1] for line in lines(PRICES) if line.watching] == ["metrics", "dashboard", "runs"]


def test_a_queue_is_polled_by_two_every_twenty_seconds():
    """730 hours: 262,800 requests at $0.40 a million."""
    assert a_later_queue(PRICES) == pytest.approx(0.10512)


@pytest.mark.parametrize("name", PRICES.of)
def test_every_price_says_where_aws_says_it_where_it_was_read_and_of_when_that_is(name: str):
    source = json.loads(FILE.read_text(encoding="utf-8"))["sources"][name]
    assert PRICES.of[name] > 0
    assert source["page"].startswith("https://aws.amazon.com/")
    assert len(source["read_in"]) > 20
    assert re.fullmatch(r"20\d\d(-\d\d){0,2}", source["of"])
    assert source["of"][:7] <= PRICES.read
