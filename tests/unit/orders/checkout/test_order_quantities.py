"""Goods that are sold from so many units on, or in steps, are ordered in no other quantity."""

import pytest

from shared.errors import Invalid
from shared.goods.order_quantity import OrderQuantity
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import publication

SIX = OrderQuantity(minimum=12, multiple=6)


def test_an_order_of_another_quantity_is_refused_by_its_line_with_what_to_order(shop: Shop):
    shop.inventory.record_publication(publication(version=2, stock=100, order_quantity=SIX))
    for units, instead in ((6, "12"), (13, "12 or 18"), (1, "12")):
        with pytest.raises(Invalid) as refusal:
            shop.place(units, text=f"k{units}")
        told = f"it is sold at least 12, in steps of 6: order {instead}"
        assert [(error.pointer, error.detail) for error in refusal.value.errors] == [("/lines/0/quantity", told)]
    assert shop.place(18).lines[0].quantity == 18
