"""Looking at orders over HTTP."""

import pytest

from tests.fakes import caller
from tests.unit.orders.deployed import ALL_HEARD, ORDERS, Deployed, wanted
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, SUPPLIER, hold, recall


def test_another_tenant_or_storefront_finds_nothing(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    stranger = caller("acc_other", "storefront")
    assert hub.at(order_id, by=stranger).status == 404
    assert hub.at(order_id, "POST", "/cancellation", {}, by=stranger).status == 404
    assert hub.at(order_id, "POST", "/refunds", {"shipping": True, "reason": "x"}, by=stranger).status == 404
    assert hub.place(wanted(), by=stranger).status == 404
    assert hub.at(order_id, by=caller(ACCOUNT, "client_site", storefront_id="sf_other")).status == 404
    assert hub.list(by=stranger).body == {"items": []}


@pytest.mark.parametrize("text", ["storefront", "offer", "x" * 3000, "ord_1"])
def test_what_is_not_an_id_is_not_found(hub: Deployed, text: str) -> None:
    supplier = caller(SUPPLIER, "supplier")
    assert hub.at(text).status == 404
    assert hub.call("GET", ORDERS, path={"storefront_id": text}, by=caller(ACCOUNT, "storefront")).status == 404
    assert hub.call("GET", "/v1/offers/{offer_id}/stock", path={"offer_id": text}, by=supplier).status == 404


def test_orders_are_listed_the_latest_first_page_by_page_and_by_status(hub: Deployed) -> None:
    ids = [hub.place(wanted(1), f"k{i}").body["id"] for i in range(3)]
    hub.pay(ids[1])
    first = hub.list(limit="2").body
    rest = hub.list(limit="2", cursor=first["next"]).body
    assert sorted(o["id"] for o in first["items"] + rest["items"]) == sorted(ids)
    times = [o["placed_at"] for o in first["items"] + rest["items"]]
    assert times == sorted(times, reverse=True)
    paid = hub.list(status="paid").body
    assert [o["id"] for o in paid["items"]] == [ids[1]]


@pytest.mark.parametrize("query", [{"cursor": "forged"}, {"limit": "0"}, {"limit": "101"}, {"status": "lost"}, {"page": "2"}])
def test_a_bad_query_is_refused(hub: Deployed, query: dict[str, str]) -> None:
    assert hub.list(**query).status in (400, 422)


def test_flagged_orders_are_listed_apart_and_an_unpaid_one_says_why_it_cannot_be_paid(hub: Deployed) -> None:
    unpaid, paid, sound = (hub.place(wanted(1), f"k{i}").body["id"] for i in range(3))
    for order_id in (paid, sound):
        hub.pay(order_id)
    assert hub.list(flagged="true").body == {"items": []}
    order = hub.services.orders.order(ACCOUNT, STOREFRONT, paid)
    assert hub.hear(recall(), hold(order, [MUG])) == ALL_HEARD
    assert "payment_ticket" not in hub.at(unpaid).body
    assert hub.at(unpaid).body["flags"] == hub.at(paid).body["flags"] == [{"offer_id": MUG, "reason": "unsafe"}]
    for flagged, ids in (("true", {unpaid, paid}), ("false", {sound})):
        page = hub.list(flagged=flagged).body
        assert {order["id"] for order in page["items"]} == ids
