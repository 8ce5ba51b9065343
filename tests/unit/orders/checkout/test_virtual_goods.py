"""Orders of virtual goods: alone they need neither an address nor a courier; what travels needs both, as before."""

from datetime import timedelta
from typing import Any

import pytest

from monsoon_plugin.clock import utc_now
from monsoon_plugin.money import Amount
from shared.api.ticket_contents import PAYABLE_ORDER, PayableOrder
from shared.order_messages import SHIPS_NOTHING
from shared.variants.sale import Sale
from tests.fakes import TICKETS
from tests.unit.orders.deployed import OWNER, Deployed, wanted
from tests.unit.orders.given import MUG, TEA, publication, ticket

ALONE = {"lines": [{"offer_id": TEA, "quantity": 2}], "country": "GB"}


@pytest.fixture
def shop(hub: Deployed) -> Deployed:
    hub.hear(publication(TEA, requires_shipping=False))
    return hub


def test_virtual_goods_alone_are_ordered_for_a_country(shop: Deployed) -> None:
    placed = shop.place(ALONE, by=OWNER)
    order = placed.body
    assert (placed.status, order["country"], "address" in order) == (201, "GB", False)
    assert (order["shipping"]["plugin"], order["totals"]["shipping"]["amount"]) == ("virtual", 0)
    assert order["lines"][0]["requires_shipping"] is False
    payable = TICKETS.read(PAYABLE_ORDER, order["payment_ticket"], PayableOrder, utc_now())
    assert (payable.country, payable.requires_shipping) == ("GB", False)


@pytest.mark.parametrize(
    ("begin", "end", "cost"), [(-1, 1, 700), (-2, -1, 1000), (1, 2, 1000)], ids=["in the sale", "after it", "before it"]
)
def test_without_a_quote_a_sale_counts_that_is_on_at_the_checkout(shop: Deployed, begin: int, end: int, cost: int) -> None:
    now = utc_now()
    sale = Sale(price=Amount(amount=700, currency="EUR"), starts_at=now + timedelta(hours=begin), ends_at=now + timedelta(hours=end))
    shop.hear(publication(TEA, version=2, requires_shipping=False, sale=sale))
    assert shop.place(ALONE, by=OWNER).body["lines"][0]["unit_price"]["amount"] == cost * 5 // 4


def test_a_client_site_of_before_sends_an_address_and_the_ticket_of_the_only_rate(shop: Deployed) -> None:
    asked = wanted() | {"lines": ALONE["lines"], "shipping_ticket": ticket({TEA: 2}, utc_now(), choice=SHIPS_NOTHING)}
    placed = shop.place(asked)
    assert (placed.status, placed.body["address"]["country"], placed.body["shipping"]["price"]) == (201, "GB", 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": [{"offer_id": MUG, "quantity": 1}]}, "/address"),
        ({"country": None}, "/address"),
        ({"country": "ZZ"}, "/country"),
        ({"address": wanted()["address"], "country": "FR"}, "/country"),
        ({"address": wanted()["address"], "country": None, "lines": [{"offer_id": MUG, "quantity": 1}]}, "/shipping_ticket"),
    ],
)
def test_what_travels_needs_an_address_and_a_rate_and_all_need_a_country(shop: Deployed, change: dict[str, Any], pointer: str) -> None:
    body = {name: value for name, value in (ALONE | change).items() if value is not None}
    refused = shop.place(body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)


def test_a_rate_for_nothing_sends_nothing_that_travels_by_now(shop: Deployed) -> None:
    body = wanted() | {"shipping_ticket": ticket({MUG: 2}, utc_now(), choice=SHIPS_NOTHING)}
    refused = shop.place(body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/shipping_ticket")


def test_goods_that_are_not_sold_to_a_country_are_not_by_being_virtual(shop: Deployed) -> None:
    shop.hear(publication(TEA, 2, requires_shipping=False, ships_to=["DE"]))
    assert shop.place(ALONE).body["errors"][0]["pointer"] == "/lines/0/offer_id"
