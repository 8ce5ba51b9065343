"""A guest finds an order by number and e-mail, and follows it by a link; who has only one of the two learns nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from functions.orders.buyers.buyer_sealing import BuyerSealing
from functions.orders.buyers.order_lookup import MOST_LOOKUPS, OrderLookup
from monsoon_plugin.clock import Clock, utc_now
from shared.api.caller import Caller
from shared.api.ticket_contents import PAYABLE_ORDER
from shared.ids import derived_id
from shared.sealing.sealing import Sealing
from tests.fakes import TICKETS, FakeClock, FakeKeyService, MemoryKeys, Reply, caller
from tests.unit.orders.deployed import ACCOUNT, HERE, OWNER, SITE, STOREFRONT, Deployed, wanted

LOOKUPS = "/v1/storefronts/{storefront_id}/order-lookups"
ADA = {"name": "Ada Chen", "email": "Ada@example.com", "phone": "+44 20 7946 0018"}


def find(hub: Deployed, number: str, email: str = "ada@example.com", by: Caller = SITE, **path: str) -> Reply:
    return hub.call("POST", LOOKUPS, path=HERE | path, body={"number": number, "email": email}, by=by)


def follow(hub: Deployed, ticket: str) -> Reply:
    return hub.call("GET", "/v1/followed-order", query={"ticket": ticket}, by=None)


def look_up(hub: Deployed, buyers: BuyerSealing, clock: Clock = utc_now) -> None:
    """Have the hub look orders up with these parts."""
    hub.services.order_lookup = OrderLookup(hub.stores.orders, hub.stores.lookups, buyers, clock)  # type: ignore[misc]


@dataclass
class CountingKeys(FakeKeyService):
    unwrapped: int = 0

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self.unwrapped += 1
        return super().unwrap(wrapped, context)


@pytest.fixture
def placed(hub: Deployed) -> dict[str, Any]:
    body: dict[str, Any] = hub.place(wanted(buyer=ADA, note="Ring twice")).body
    return body


def test_number_and_email_find_it_however_they_are_typed(hub: Deployed, placed: dict[str, Any]) -> None:
    for number, email in ((placed["number"], "ada@example.com"), (placed["number"].replace("-", " ").lower(), " ADA@EXAMPLE.COM ")):
        found = find(hub, number, email)
        assert (found.status, found.body["order"]["number"]) == (200, placed["number"])
        assert follow(hub, found.body["order_ticket"]).body == found.body["order"]


def test_whichever_of_the_two_is_wrong_the_answer_is_the_same(hub: Deployed, placed: dict[str, Any]) -> None:
    silent = hub.place(wanted(), "k2").body
    other = "0" if placed["number"][-1] != "0" else "1"
    asked = [
        find(hub, placed["number"], "eve@example.com"), find(hub, placed["number"][:-1] + other), find(hub, "nothing"),
        find(hub, silent["number"]), find(hub, silent["number"], "None"),
    ]  # fmt: skip
    assert {answer.status for answer in asked} == {404}
    assert len({str(answer.body) for answer in asked}) == 1


@pytest.mark.parametrize("which", ["of an order", "of an order without e-mail", "of none"])
def test_a_process_that_looks_up_first_unwraps_its_key_whether_there_is_such_an_order_or_not(
    hub: Deployed, placed: dict[str, Any], which: str
) -> None:
    """How long it takes tells no one which numbers there are."""
    silent = hub.place(wanted(), "k2").body
    number = {"of an order": placed["number"], "of an order without e-mail": silent["number"], "of none": "3333333333"}[which]
    keys = CountingKeys()
    look_up(hub, BuyerSealing(Sealing(keys, MemoryKeys(b"kept"), random=secrets.token_bytes, clock=FakeClock()), lambda: True))
    assert (find(hub, number, "eve@example.com").status, keys.unwrapped) == (404, 1)


def test_whose_buyer_was_erased_is_found_by_nobody_and_its_link_shows_what_it_showed(hub: Deployed, placed: dict[str, Any]) -> None:
    assert find(hub, placed["number"]).status == 200
    hub.cancel(placed["id"])
    for _ in range(2):
        erased = hub.at(placed["id"], "DELETE", "/buyer", by=OWNER)
        assert (erased.status, erased.body["erased"], erased.body["state"]) == (200, True, "cancelled")
    assert find(hub, placed["number"]).body == find(hub, placed["number"], "eve@example.com").body
    assert find(hub, placed["number"]).status == 404
    assert follow(hub, placed["order_ticket"]).status == 200


def test_another_storefront_finds_nothing(hub: Deployed, placed: dict[str, Any]) -> None:
    stranger = caller(derived_id("acc", "stranger"), "storefront")
    assert find(hub, placed["number"], by=stranger).status == 404
    assert find(hub, placed["number"], by=OWNER, storefront_id=derived_id("sf", "other")).status == 404
    assert find(hub, placed["number"], storefront_id=derived_id("sf", "other")).status == 404


def test_a_number_is_looked_up_ten_times_an_hour_found_or_not_and_whether_it_is_one_or_not(hub: Deployed, placed: dict[str, Any]) -> None:
    clock = FakeClock()
    look_up(hub, hub.services.buyers, clock)
    unknown = "3333333333" if not placed["number"].startswith("3333") else "2222222222"
    for number in (placed["number"], unknown):
        answers = [find(hub, number, "eve@example.com") for _ in range(MOST_LOOKUPS + 1)]
        assert [answer.status for answer in answers] == [404] * MOST_LOOKUPS + [429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 3601
    assert find(hub, placed["number"]).status == 429
    clock.tick(minutes=60)
    assert find(hub, placed["number"]).status == 200


def test_a_link_shows_what_was_bought_and_not_who_bought_it_nor_what_suppliers_get(hub: Deployed, placed: dict[str, Any]) -> None:
    shown = follow(hub, placed["order_ticket"])
    assert (shown.status, shown.body["state"], shown.body["total"]) == (200, "unpaid", placed["totals"]["total"])
    assert [line["title"] for line in shown.body["lines"]] == ["Blue mug, 300 ml"]
    text = str(shown.body)
    assert not [said for said in ("Ada", "example.com", "7946", "Harbour", "Ring twice", "cost", "margin") if said in text]


def test_a_link_follows_the_order(hub: Deployed, placed: dict[str, Any]) -> None:
    hub.pay(placed["id"])
    assert follow(hub, placed["order_ticket"]).body["state"] == "paid"


def test_every_reading_by_its_shop_brings_a_link_and_a_list_none(hub: Deployed, placed: dict[str, Any]) -> None:
    assert follow(hub, hub.at(placed["id"]).body["order_ticket"]).status == 200
    assert "order_ticket" not in hub.list().body["items"][0]


def test_a_link_that_is_forged_old_or_of_another_kind_shows_nothing(hub: Deployed, placed: dict[str, Any]) -> None:
    followed = hub.services.followed_orders
    old = type(followed)(TICKETS, lambda: utc_now() - timedelta(days=91)).ticket(
        hub.services.orders.order(ACCOUNT, STOREFRONT, placed["id"])
    )
    for ticket in (old, placed["order_ticket"][:-3] + "AAA", placed["payment_ticket"], "x"):
        assert follow(hub, ticket).status == 422
    with pytest.raises(Exception, match="not a ticket"):
        TICKETS.read(PAYABLE_ORDER, placed["order_ticket"], type(followed.read(placed["order_ticket"])), utc_now())


def test_a_merchant_finds_an_order_by_the_number_that_is_read_out(hub: Deployed, placed: dict[str, Any]) -> None:
    hub.place(wanted(), "k2")
    assert [order["id"] for order in hub.list(number=placed["number"].lower()).body["items"]] == [placed["id"]]
    assert hub.list(number="nothing").body["items"] == []
