"""Placing an order over HTTP."""

from typing import Any

import pytest

from monsoon_plugin.clock import from_rfc3339, utc_now
from shared.api.ticket_contents import PAYABLE_ORDER, PayableOrder
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule
from tests.fakes import TICKETS, caller
from tests.unit.orders.deployed import BACK_OFFICE, HERE, ORDERS, OWNER, SITE, Deployed, shipping_ticket, wanted
from tests.unit.orders.given import ACCOUNT, MUG, configuration, recall, suspension


def totals(order: dict[str, Any]) -> dict[str, int]:
    return {name: amount["amount"] for name, amount in order["totals"].items()}


def without_ticket(order: dict[str, Any]) -> dict[str, Any]:
    """The answer but for its payment ticket, which each reading renews."""
    return {name: value for name, value in order.items() if name != "payment_ticket"}


def test_an_order_answers_with_lines_totals_and_a_ticket_to_pay_it(hub: Deployed) -> None:
    placed = hub.place(wanted(), by=OWNER)
    assert placed.status == 201
    assert totals(placed.body) == {"goods": 2500, "shipping": 450, "total": 2950, "cost": 2000, "margin": 500}
    ticket = TICKETS.read(PAYABLE_ORDER, placed.body["payment_ticket"], PayableOrder, utc_now())
    assert (ticket.order_id, ticket.amount.amount) == (placed.body["id"], 2950)
    assert without_ticket(hub.at(placed.body["id"], by=OWNER).body) == without_ticket(placed.body)


def test_cost_and_margin_are_for_the_owner_and_keys_that_may_manage(hub: Deployed) -> None:
    hub.hear(configuration(2, price_rule=PriceRule(margin_per_mille=250, currencies=["JPY"])))
    hub.rates = Rates("2026-10-29", {"JPY": "170"})
    order_id = hub.place(wanted(currency="JPY")).body["id"]
    for by in (OWNER, BACK_OFFICE):
        for seen in (hub.place(wanted(currency="JPY"), by=by).body, hub.at(order_id, by=by).body, hub.list(by).body["items"][0]):
            assert {"cost", "margin"} < seen["totals"].keys()
            assert {"cost", "supplier_price"} < seen["lines"][0].keys()
    for seen in (hub.place(wanted(currency="JPY")).body, hub.at(order_id).body, hub.list().body["items"][0], hub.cancel(order_id).body):
        assert totals(seen) == {"goods": 4250, "shipping": 450, "total": 4700}
        assert not {"cost", "margin", "supplier_price"} & seen["lines"][0].keys()


def test_a_replay_gives_the_same_answer_and_another_payload_422(hub: Deployed) -> None:
    body = wanted()
    first = hub.place(body)
    again = hub.place(body)
    assert (again.status, without_ticket(again.body)) == (201, without_ticket(first.body))
    assert hub.place({**body, "language": "zh"}).status == 422


def test_a_retry_with_a_newer_shipping_ticket_gets_the_same_order(hub: Deployed) -> None:
    first = hub.place(wanted())
    newer = shipping_ticket(2, price=900, minutes=30)
    again = hub.place({**wanted(), "shipping_ticket": newer})
    assert (again.status, without_ticket(again.body)) == (201, without_ticket(first.body))
    assert hub.left == 8


def test_the_merchant_may_keep_an_order_longer_for_a_bank_transfer(hub: Deployed) -> None:
    placed = hub.place(wanted(pay_within_hours=240)).body
    assert (from_rfc3339(placed["pay_by"]) - from_rfc3339(placed["placed_at"])).days == 10


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [{"offer_id": MUG, "quantity": 0}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": MUG, "quantity": 10_001}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": MUG, "quantity": 2.0}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": "mug", "quantity": 1}]}, "/lines/0/offer_id"),
        ({"lines": [{"offer_id": MUG, "quantity": 1}, {"offer_id": MUG, "quantity": 1}]}, "/lines"),
        ({"lines": [{"offer_id": MUG, "quantity": 2, "unit_price": 1}]}, "/lines/0/unit_price"),
        ({"pay_within_hours": 241}, "/pay_within_hours"),
        ({"buyer": {"type": "robot"}}, "/buyer/type"),
        ({"shipping_ticket": "forged"}, "/shipping_ticket"),
        ({"language": "English"}, "/language"),
        ({"total": 1}, "/total"),
    ],
)
def test_bad_input_is_a_422_that_names_the_field(hub: Deployed, change: dict[str, Any], pointer: str) -> None:
    refused = hub.place(wanted() | change)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)


def test_a_missing_key_a_wrong_role_and_an_unverified_merchant_are_refused(hub: Deployed) -> None:
    assert hub.place(wanted(), key=None).status == 400
    assert hub.place(wanted(), by=caller(ACCOUNT, "supplier")).status == 403
    assert hub.place(wanted(), by=caller(ACCOUNT, "storefront", verified=False)).status == 403
    assert hub.place(wanted(), by=None).status == 401


def test_out_of_stock_and_recalled_are_conflicts_that_name_the_line(hub: Deployed) -> None:
    short = hub.place(wanted(11))
    assert (short.status, short.body["left"], short.body["errors"][0]["pointer"]) == (409, {MUG: 10}, "/lines/0/quantity")
    hub.hear(recall())
    assert (hub.place(wanted(), "k2").status, hub.place(wanted(), "k2").body["type"]) == (409, "urn:monsoon:problem:not-sellable")


def test_a_body_that_is_not_json_is_a_400(hub: Deployed) -> None:
    refused = hub.call("POST", ORDERS, path=HERE, raw="{", headers={"idempotency-key": "k"}, by=SITE)
    assert (refused.status, refused.body["type"]) == (400, "urn:monsoon:problem:malformed")


def test_an_order_keeps_the_rates_of_its_day_and_a_currency_is_one_of_the_storefronts(hub: Deployed) -> None:
    hub.hear(configuration(2, price_rule=PriceRule(margin_per_mille=250, currencies=["EUR", "JPY"])))
    body = wanted(currency="JPY")
    assert hub.place(body).body["errors"][0]["pointer"] == "/lines/0/offer_id", "no rates are loaded"
    hub.rates = Rates("2026-10-29", {"JPY": "170"})
    placed = hub.place(body, by=OWNER).body
    assert placed["totals"]["goods"] == {"amount": 4250, "currency": "JPY"}
    assert (placed["rates_day"], placed["lines"][0]["supplier_price"]) == ("2026-10-29", {"amount": 1000, "currency": "EUR"})
    hub.rates = Rates("2026-10-30", {"JPY": "200"})
    assert hub.at(placed["id"], by=OWNER).body == placed
    assert hub.place(wanted(currency="JPY"), "k2").body["totals"]["goods"]["amount"] == 5000
    refused = hub.place(wanted(currency="USD"), "k3")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/currency")


def test_a_shipping_quote_in_another_currency_than_the_order_is_refused(hub: Deployed) -> None:
    hub.hear(configuration(2, price_rule=PriceRule(currencies=["EUR", "GBP"])))
    hub.rates = Rates("2026-10-30", {"GBP": "0.85"})
    refused = hub.place({**wanted(), "currency": "GBP"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/shipping_ticket")


def test_suspensions_are_conflicts_of_their_own(hub: Deployed) -> None:
    hub.hear(suspension())
    refused = hub.place(wanted())
    assert (refused.status, refused.body["type"]) == (409, "urn:monsoon:problem:supplier-suspended")
    assert (refused.body["errors"][0]["pointer"], "counterfeits" in str(refused.body)) == ("/lines/0/offer_id", False)
    hub.hear(configuration(2, suspended="fraud"))
    refused = hub.place(wanted())
    assert (refused.status, refused.body["type"], "fraud" in str(refused.body)) == (409, "urn:monsoon:problem:storefront-suspended", False)
