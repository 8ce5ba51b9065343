"""A small shop's day is replayed at the running hub, twice: everything adds up, and the second time doubles nothing."""

from typing import Any

import pytest

from local.stack import Stack
from tools.replay.replay import replayed
from tools.replay.retailer.sales_file import Row, sorted_out

pytestmark = pytest.mark.xdist_group("hub")


def row(*cells: Any) -> Row:
    """A line of the file, its cells in the file's order."""
    return Row(**dict(zip(Row.__slots__, cells, strict=True)))


ROWS = [
    row("1", "20001", "RED MUG", 6, 255, "17850", "United Kingdom"),
    row("1", "20002", "BLUE BOWL", 2, 100, "17850", "United Kingdom"),
    row("2", "20001", "RED MUG", 3, 255, "", "Germany"),
    row("C3", "20001", "RED MUG", -4, 255, "17850", "United Kingdom"),
    row("C4", "20002", "BLUE BOWL", -1, 100, "12345", "United Kingdom"),
    *(row(f"{n}", "20002", "BLUE BOWL", 1, 100, f"{n}", "United Kingdom") for n in range(5, 11)),
    row("11", "20003", "VISIT WWW.ELSEWHERE.EXAMPLE", 1, 100, "17850", "United Kingdom"),
    row("12", "POST", "POSTAGE", 1, 1800, "17850", "United Kingdom"),
]


def test_a_replay_adds_up_and_a_second_one_doubles_nothing(stack: Stack):
    retail = sorted_out(ROWS, 100)
    first, second = replayed(retail, stack, 4), replayed(retail, stack, 4)
    assert first.adds_up
    assert (first.rows, first.dirt.total(), first.products["approved"], first.products.total()) == (13, 2, 2, 3)
    assert (first.orders.total(), first.refused.total(), first.unsold.total(), first.refunds) == (8, 1, 1, 1)
    assert {order.split(",")[0] for order in first.orders} == {"paid and delivered"}
    assert {order.split(", ")[1] for order in first.orders} == {"cards shop", "counter shop"}
    assert (first.stock.sold, first.stock.returned) == (17, 4)
    assert first.money["GBP"][1] > 0
    assert (second.feed["unchanged"], second.stock, second.money) == (3, first.stock, first.money)
    assert (second.orders, second.refused, second.refunds, second.trial) == (first.orders, first.refused, first.refunds, first.trial)
    assert second.adds_up
