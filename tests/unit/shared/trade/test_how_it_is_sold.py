"""In which quantities a product is ordered, what a litre of it costs, and in how many days it is sent: shown, and kept to."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry
from functions.orders.inventory.inventory_items import replica_of
from functions.orders.inventory.stock_item import after_publication
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.storefronts.index.product_detail import Detail
from functions.uploads.feeds.feed import Row
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.values.categories import Categories
from monsoon_plugin.money import MAX_AMOUNT, Amount
from shared.goods.order_quantity import MOST_ORDERED, OrderQuantity, quantity_flaw
from shared.goods.unit_measure import UnitMeasure, UnitPrice
from shared.messages import OfferPublished
from shared.trade.product import Product
from tests.fakes import NOON
from tests.unit.fanout.world import PRODUCT, RULES, view

SIX = OrderQuantity(minimum=12, multiple=6)
BOTTLE = UnitMeasure(value=750, unit="ml", base_unit="l")
QUANTITIES = (
    st.tuples(st.integers(1, 10_000), st.integers(1, 10_000))
    .filter(lambda said: -(-said[0] // said[1]) * said[1] <= 10_000)
    .map(lambda said: OrderQuantity(minimum=said[0], multiple=said[1]))
)


def published(**more: Any) -> OfferPublished:
    product = PRODUCT.model_copy(update=more)
    return OfferPublished(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_1", product=product)


@given(QUANTITIES, st.integers(1, 100_000))
def test_what_is_said_to_order_instead_may_be_ordered(sold: OrderQuantity, units: int):
    flaw = quantity_flaw(units, sold)
    assert (flaw is None) == (units >= sold.minimum and units % sold.multiple == 0)
    for instead in flaw.rpartition("order ")[2].split(" or ") if flaw else ():
        assert (quantity_flaw(int(instead), sold), int(instead) <= MOST_ORDERED) == (None, True)


def test_quantities_of_which_no_order_can_be_are_refused():
    with pytest.raises(ValidationError, match="lower the minimum, or the multiple"):
        OrderQuantity(minimum=10_000, multiple=9_999)
    assert quantity_flaw(10_000, OrderQuantity(multiple=9_999)) == "it is sold in steps of 9999: order 9999"


def test_a_bottles_price_is_said_for_a_litre_to_the_nearest_cent():
    assert [BOTTLE.per_base(price) for price in (899, 1, 3, 0)] == [1199, 1, 4, 0]
    assert UnitMeasure(value=30, unit="g", base_value=100, base_unit="g").per_base(250) == 833
    assert UnitMeasure(value=6, unit="ct", base_unit="ct").per_base(750) == 125
    assert UnitPrice.of(Amount(amount=899, currency="GBP"), BOTTLE) == UnitPrice(price=Amount(amount=1199, currency="GBP"), per="1 l")
    assert UnitPrice.of(Amount(amount=MAX_AMOUNT, currency="GBP"), BOTTLE) is None
    assert UnitPrice.of(Amount(amount=899, currency="GBP"), None) is None


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(1, 1000))
def test_it_is_never_further_off_than_half_a_minor_unit(price: int, value: int, base: int):
    found = UnitMeasure(value=value, unit="g", base_value=base, base_unit="g").per_base(price)
    assert abs(2 * found * value - 2 * price * base) <= value


def test_a_weight_is_no_base_of_a_volume():
    with pytest.raises(ValidationError, match="do not measure the same"):
        UnitMeasure(value=750, unit="ml", base_unit="kg")


def test_all_of_it_is_shown_to_shoppers_and_sites():
    message = published(order_quantity=SIX, handling_days=3, unit_measure=BOTTLE)
    detail = Detail.of(message)
    assert (detail.order_quantity, detail.handling_days, detail.unit_measure) == (SIX, 3, BOTTLE)
    told = entry(ParsedChange(ProductChange.published(message, NOON)), view(RULES[0]))["product"]
    assert (told["order_quantity"], told["handling_days"]) == ({"minimum": 12, "multiple": 6}, 3)
    assert told["unit_measure"] == {"value": 750, "unit": "ml", "base_value": 1, "base_unit": "l"}


def test_a_product_that_says_none_of_it_is_kept_as_before():
    message, names = published(), ("order_quantity", "handling_days", "unit_measure")
    told = entry(ParsedChange(ProductChange.published(message, NOON)), view(RULES[0]))["product"]
    stock = after_publication(None, message, message.offers()[0])
    assert stock is not None
    facts = ParcelFacts.of(message.offers()[0], "acc_1").to_json()
    kept = [json.dumps(told), replica_of(stock).facts or "", Detail.of(message).model_dump_json(exclude_defaults=True), facts]
    assert not [name for name in names for text in kept if name in text]


def test_a_feeds_row_says_it_in_cells():
    columns = ["sku", "title_en", "category", "price", "currency", "stock", "order_minimum", "order_multiple", "handling_days",
               "unit_measure", "unit_measure_unit", "unit_base_unit"]  # fmt: skip
    known = Categories([["hg-11", "Home & Garden > Kitchen"]])
    cells = ["M-1", "Mug", "hg-11", "9.00", "GBP", "0", "12", "6", "3", "750", "ml", "L"]
    read = ProductReader(None, columns, known).read(Row(number=2, cells=cells))
    assert isinstance(read.product, Product), read.faults
    assert (read.product.order_quantity, read.product.handling_days, read.product.unit_measure) == (SIX, 3, BOTTLE)
