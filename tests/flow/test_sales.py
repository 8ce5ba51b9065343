"""A sale that its supplier sets ahead, from the schedule that sees it begin to an order's line, and back when it is called off."""

from datetime import timedelta
from typing import Any

import pytest

from local.stack import Stack
from monsoon_plugin.clock import rfc3339, utc_now
from tests.flow import inside
from tests.flow.market import STRIPE, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")
SOON = timedelta(seconds=5)
REGULAR, REDUCED = 1250, 1000
"""What the shop asks, at its margin of a quarter, for 10.00 and 8.00."""


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    return market.shop([STRIPE], [TABLE_RATE])


def listing(shop: Shop, product_id: str) -> dict[str, Any]:
    (found,) = [each for each in shop.site.get(f"{shop.path}/listings")["items"] if each["product_id"] == product_id]
    assert isinstance(found, dict)
    return found


def change(market: Market, product_id: str, sale: dict[str, Any] | None) -> None:
    market.supplier.hub.ask("PATCH", f"/v1/products/{product_id}", {"sale": sale})


def test_a_sale_begins_by_itself_is_ordered_at_its_price_and_ends_when_it_is_called_off(market: Market, shop: Shop, stack: Stack) -> None:
    product_id = market.publish()
    offer_id = market.offer(shop, product_id)["offer_id"]
    assert listing(shop, product_id)["price"]["amount"] == REGULAR
    begins = utc_now() + SOON
    sale = {"price": {"amount": 800, "currency": "GBP"}, "starts_at": rfc3339(begins), "ends_at": rfc3339(begins + timedelta(days=1))}
    change(market, product_id, sale)

    def on_sale() -> bool:
        inside.run(stack, "CatalogSweep")
        return bool(listing(shop, product_id)["price"]["amount"] == REDUCED)

    eventually(on_sale)
    told = listing(shop, product_id)["reduction"]
    assert utc_now() >= begins
    assert (told["compare_at"]["amount"], told["until"][:19]) == (REGULAR, sale["ends_at"][:19])
    (line,) = eventually(lambda: (o := market.order(shop, offer_id))["lines"][0]["unit_price"]["amount"] == REDUCED and o)["lines"]
    assert line["compare_at"]["amount"] == REGULAR

    change(market, product_id, None)
    eventually(lambda: listing(shop, product_id)["price"]["amount"] == REGULAR)
    assert "reduction" not in listing(shop, product_id)
