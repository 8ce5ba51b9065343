"""A shop sells in a currency that neither its supplier nor its courier knows, at the European Central Bank's rates of the day."""

import pytest

from tests.flow.market import CASH, TABLE_RATE, Market, eventually

pytestmark = pytest.mark.xdist_group("hub")


def test_an_order_is_converted_at_the_days_rates_and_keeps_what_its_supplier_asked(market: Market):
    shop = market.shop([CASH], [TABLE_RATE], price_rule={"margin_per_mille": 250, "currencies": ["EUR"]})
    offer_id = market.offer(shop, market.publish())["offer_id"]
    ticket = market.quote(shop, [{"offer_id": offer_id, "quantity": 1}], "EUR")[0]["ticket"]
    order = eventually(lambda: (r := market.try_order(shop, offer_id, ticket=ticket)).status == 201 and r.body)
    (line,) = shop.owner.hub.get(f"{shop.path}/orders/{order['id']}")["lines"]
    assert (order["rates_day"], line["supplier_price"]) == ("2026-10-30", {"amount": 1000, "currency": "GBP"})
    assert order["totals"]["total"]["currency"] == "EUR"
