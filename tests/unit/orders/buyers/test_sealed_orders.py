"""What says who bought lies sealed in an order's item and in its events, is shown to its shop, and to nobody once its key is erased."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest

from functions.orders.buyers.buyer import Buyer
from functions.orders.buyers.buyer_sealing import BuyerSealing, StillNeeded
from functions.orders.order import Order
from monsoon_plugin.address import Address
from shared.aws.packing import unpacked
from shared.messages import Message
from shared.order_messages import OrderAccepted, OrderPaid, OrderPlaced
from tests.fakes import sealing_in_memory
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.deployed import ACCOUNT, ADDRESS, OWNER, STOREFRONT, Deployed, wanted
from tests.unit.orders.given import MUG, TEA, basket, capture, key, promise, publication
from tests.unit.orders.test_cost import items, size, units

SAYS = {"buyer": {"name": "Ada Chen", "email": "ada@example.com", "phone": "+44 20 7946 0018", "tax_id": "GB123"}, "note": "Ring twice"}
SECRET = ("Ada Chen", "ada@example", "7946 0018", "GB123", "Ring twice", "Harbour", "Bristol", "BS1 4DJ")
"""Long enough that no id and no sealed text has one by chance."""
BUYER = Buyer(name="Ada Chen", email="ada@example.com", phone="+44 20 7946 0018", language="zh")


def lying() -> str:
    """All that the table holds, in the clear as far as anybody without a key can read it."""
    found = boto3.resource("dynamodb").Table("orders-test").scan()["Items"]
    packed = [unpacked({"B": bytes(item[name])}) for item in found for name in ("order", "event") if name in item]
    return str(found) + str(packed)


def test_nothing_in_the_table_says_who_bought_and_its_shop_reads_it_all_the_same(hub: Deployed) -> None:
    placed = hub.place(wanted(**SAYS)).body
    hub.pay(placed["id"])
    assert not [secret for secret in SECRET if secret in lying()]
    for shown in (placed, hub.at(placed["id"]).body, hub.list().body["items"][0], hub.list(number=placed["number"]).body["items"][0]):
        assert {name: shown["buyer"][name] for name in SAYS["buyer"]} == SAYS["buyer"]
        assert (shown["note"], shown["address"]["lines"], shown["country"]) == (SAYS["note"], ADDRESS.lines, "GB")
    again = hub.place(wanted(**SAYS)).body
    assert (again["buyer"], again["address"]) == (placed["buyer"], placed["address"])


def told(shop: Shop, order: Order) -> list[Message]:
    shop.orders.record_authorization(promise(order))
    shop.orders.record_capture(capture(order))
    return [*shop.told(OrderAccepted), *shop.told(OrderPaid)]


def test_its_events_carry_the_sealed_address_and_nothing_of_the_buyer(memory: Shop) -> None:
    order = memory.place(buyer_is=BUYER, note="Ring twice")
    events = told(memory, order)
    assert len(events) == 2
    for event in events:
        assert event.address is None  # type: ignore[attr-defined]
        assert event.sealed_address == order.sealed_address  # type: ignore[attr-defined]
        assert not [secret for secret in SECRET if secret in event.model_dump_json()]


@pytest.mark.parametrize(("lines", "note", "most"), [({MUG: 1}, "", 6), ({MUG: 1, TEA: 2}, "Please ring twice, the bell is small.", 8)])
def test_one_line_with_all_that_its_buyer_is_costs_as_much_and_more_lines_with_a_note_two_units_more(
    make_table: Callable[[str], str], lines: dict[str, int], note: str, most: int
) -> None:
    shop = stored(make_table("orders"))
    shop.inventory.record_publication(publication(TEA))
    asked = basket(lines).model_copy(update={"buyer": BUYER, "note": note})
    order = shop.checkout.place(ACCOUNT, STOREFRONT, asked, key())
    before = size(items()[order.id])
    assert 2 * (units(before) + units(size(items()["offer"]))) + 2 <= most
    shop.orders.record_authorization(promise(order))
    accepted = size(items()[order.id])
    shop.orders.record_capture(capture(order))
    assert max(before, accepted, size(items()[order.id])) <= 1024 + 512


def test_a_new_order_tells_who_bought_sealed_and_what_if_there_is_an_e_mail(memory: Shop) -> None:
    order = memory.place(buyer_is=BUYER, note="Ring twice")
    (event,) = memory.told(OrderPlaced)
    assert (event.sealed_buyer, event.language, event.lines[0].title) == (order.sealed, "zh", "Blue mug, 300 ml")
    assert not [secret for secret in SECRET if secret in event.model_dump_json()]
    memory.place(text="k2", buyer_is=Buyer(name="Ada Chen"))
    assert memory.told(OrderPlaced)[-1].sealed_buyer is None


def test_what_is_erased_nobody_reads_again_and_what_money_moved_stays(hub: Deployed) -> None:
    placed, other = hub.place(wanted(1, **SAYS)).body, hub.place(wanted(1, **SAYS), "k2").body
    assert hub.at(placed["id"], "DELETE", "/buyer", by=OWNER).body["type"].endswith("buyer-still-needed")
    hub.cancel(placed["id"])
    for _ in range(2):
        erased = hub.at(placed["id"], "DELETE", "/buyer", by=OWNER)
        assert (erased.status, erased.body["erased"]) == (200, True)
    for shown in (erased.body, hub.at(placed["id"]).body, hub.list(number=placed["number"]).body["items"][0]):
        assert not [secret for secret in SECRET if secret in str(shown)]
        assert (shown["erased"], shown["country"], shown["totals"]["total"], shown["buyer"]["party_id"]) == (
            True, "GB", placed["totals"]["total"], placed["buyer"]["party_id"],
        )  # fmt: skip
    assert hub.at(other["id"]).body["buyer"]["name"] == "Ada Chen"


def test_an_api_key_erases_nobody(hub: Deployed) -> None:
    placed = hub.place(wanted(**SAYS)).body
    assert hub.at(placed["id"], "DELETE", "/buyer").status == 403


@pytest.fixture
def of_before(memory: Shop) -> Order:
    """An order as it was kept before buyers were sealed."""
    plain = {"sealed_address": None, "address": ADDRESS, "to_country": "", "buyer": BUYER}
    order = memory.place().model_copy(update=plain)
    memory.store.orders[order.id] = order
    return order


def test_an_order_of_before_is_read_shipped_and_found_as_it_was(memory: Shop, of_before: Order) -> None:
    buyers = BuyerSealing(sealing_in_memory(), lambda: True)
    (opened,) = buyers.opened([of_before])
    assert (opened.address, opened.buyer, opened.erased) == (ADDRESS, BUYER, False)
    assert buyers.is_of(of_before, buyers.party(ACCOUNT, " ADA@example.com"))
    assert not buyers.is_of(of_before, buyers.party(ACCOUNT, "eve@example.com"))
    assert [event.address for event in told(memory, of_before)] == [ADDRESS] * 2  # type: ignore[attr-defined]
    with pytest.raises(StillNeeded, match="before"):
        buyers.erase(of_before.model_copy(update={"state": "cancelled"}))


def test_beside_a_release_that_cannot_open_it_nothing_is_sealed(memory: Shop) -> None:
    plain = replace(memory.checkout, buyers=BuyerSealing(sealing_in_memory(), lambda: False))
    order = plain.place(ACCOUNT, STOREFRONT, basket(), key())
    assert (order.address, order.sealed_address) == (ADDRESS, None)


def test_whatever_a_buyer_says_comes_back_as_it_was_said(memory: Shop) -> None:
    buyers = BuyerSealing(sealing_in_memory(), lambda: True)
    widest = Address(
        name="名" * 100, lines=["街" * 300] * 4, city="市" * 100, region="", postal_code="1", country="CN", email="é@example.com"
    )
    for address, buyer, note in (
        (widest, BUYER, "字" * 500),
        (None, BUYER, ""),
        (ADDRESS, Buyer(), ""),
        (None, Buyer(type="business"), ""),
    ):
        plain = {"sealed_address": None, "address": address, "to_country": "" if address else "CN", "buyer": buyer, "note": note}
        order = memory.place().model_copy(update=plain)
        sealed = buyers.sealed(order)
        assert sealed.country == order.country
        kept: Any = json.loads(sealed.model_dump_json(exclude_defaults=True))
        (opened,) = buyers.opened([Order.model_validate(kept | {"id": order.id})])
        assert (opened.address, opened.buyer, opened.note, opened.erased) == (address, buyer, note, False)
