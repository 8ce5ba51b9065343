"""Orders and shipments of before buyers were sealed are sealed once, and erasing such an order reaches all of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary

from functions.orders.buyers.buyer_sealing import BuyerSealing
from functions.orders.buyers.unsealed_orders_store import UnsealedOrderStore
from functions.orders.order import Order
from functions.orders.order_items import item_of
from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.shipments.unsealed_shipments_store import UnsealedShipmentStore
from functions.shipping.shipping_store import ShippingStore
from shared.aws.packing import unpacked
from shared.optimistic_retry import AT_ONCE, Contended
from shared.sealing.sealed_text import SealedText
from tests.fakes import FakeClock
from tests.unit.orders.deployed import ACCOUNT, ADDRESS, ALL_HEARD, OWNER, STOREFRONT, Deployed, wanted
from tests.unit.orders.given import configuration, promise, publication
from tests.unit.shipping.shipments.test_shipment import shipment
from tools.upgrade.seal_buyers import NotYet, Sealed, Tables, ended, sealing_of, variables_of

SAYS = {"buyer": {"name": "Ada Chen", "email": "ada@example.com", "phone": "+44 20 7946 0018"}, "note": "Ring twice"}
SECRET = ("Ada Chen", "ada@example", "7946 0018", "Ring twice", "Harbour", "Bristol", "BS1 4DJ")


@dataclass
class Upgraded:
    """A hub of before: an order that is promised, and its parcel."""

    hub: Deployed
    parcels: ShippingStore
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        plain = BuyerSealing(self.hub.services.sealing, lambda: False)
        self.hub.services.__dict__["checkout"] = replace(self.hub.services.checkout, buyers=plain)
        self.order_id = str(self.hub.place(wanted(**SAYS)).body["id"])
        order = self.hub.services.orders.order(ACCOUNT, STOREFRONT, self.order_id)
        assert self.hub.hear(promise(order)) == ALL_HEARD
        whose = {"order_id": order.id, "account_id": ACCOUNT, "storefront_id": STOREFRONT}
        pointer = {"pk": "track#ins_1#T1", "sk": "pointer", "supplier": "acc_s1", "shipment": "shp_1"}
        boto3.resource("dynamodb").Table("shipping-test").put_item(Item=pointer)
        self.parcel = self.parcels.create(shipment().model_copy(update={**whose, "address": ADDRESS, "sealed_address": None}))

    def tables(self, *, dry: bool = False) -> Tables:
        orders, shipments = UnsealedOrderStore("orders-test"), UnsealedShipmentStore("shipping-test")
        return Tables(orders, shipments, None if dry else self.hub.services.buyers, AT_ONCE, self.said.append)

    def seal(self, *, dry: bool = False) -> list[Sealed]:
        tables = self.tables(dry=dry)
        return [tables.seal_orders(), tables.seal_shipments()]

    def lying(self) -> str:
        """All that both tables hold, as far as anybody without a key can read it."""
        found = [item for name in ("orders-test", "shipping-test") for item in boto3.resource("dynamodb").Table(name).scan()["Items"]]
        packed = [
            unpacked({"B": bytes(item[name])})
            for item in found
            for name in ("order", "shipment", "event")
            if isinstance(item.get(name), Binary)
        ]
        return str(found) + str(packed)

    def stored(self) -> Shipment:
        found = self.parcels.shipment(self.parcel.supplier_id, self.parcel.id)
        assert found
        return found


@pytest.fixture
def upgraded(make_table: Callable[[str], str]) -> Upgraded:
    hub = Deployed(make_table("orders"))
    hub.hear(configuration(), publication())
    return Upgraded(hub, ShippingStore(make_table("shipping"), FakeClock(), AT_ONCE))


def done(seen: int, clear: int, sealed: int) -> list[Sealed]:
    return [Sealed(what, seen=seen, clear=clear, sealed=sealed) for what in ("orders", "shipments")]


def test_what_lay_in_the_clear_is_sealed_in_both_tables_once_and_shows_as_before(upgraded: Upgraded) -> None:
    before, version = upgraded.hub.at(upgraded.order_id).body, upgraded.stored().version
    assert all(secret in upgraded.lying() for secret in SECRET)
    assert upgraded.seal() == done(1, 1, 1)
    assert not [secret for secret in SECRET if secret in upgraded.lying()], "events in items among them"
    after = upgraded.hub.at(upgraded.order_id).body
    for name in ("state", "address", "note", "country", "number", "totals"):
        assert after[name] == before[name]
    assert {name: after["buyer"][name] for name in SAYS["buyer"]} == SAYS["buyer"]
    parcel, parts = upgraded.stored(), Services(sealing=upgraded.hub.services.sealing)
    assert (parcel.version, ShipmentView.shown(parts.recipients, parcel).address) == (version + 1, ADDRESS)
    assert upgraded.seal() == done(1, 0, 0)
    assert upgraded.said == []


def test_an_order_that_was_sealed_is_erased_with_its_parcel_and_its_party_stays(upgraded: Upgraded) -> None:
    assert upgraded.hub.at(upgraded.order_id, "DELETE", "/buyer", by=OWNER).status == 409
    upgraded.seal()
    upgraded.hub.cancel(upgraded.order_id, OWNER)
    upgraded.hub.release(upgraded.order_id)
    erased = upgraded.hub.at(upgraded.order_id, "DELETE", "/buyer", by=OWNER).body
    assert (erased["erased"], erased["buyer"]["party_id"][:4]) == (True, "pty_")
    assert not [secret for secret in SECRET if secret in str(erased)]
    parts = Services(sealing=upgraded.hub.services.sealing)
    assert ShipmentView.shown(parts.recipients, upgraded.stored()).address is None


def test_a_dry_run_counts_and_writes_nothing(upgraded: Upgraded) -> None:
    before = upgraded.lying()
    assert upgraded.seal(dry=True) == done(1, 1, 0)
    assert upgraded.lying() == before


def test_nothing_is_told_and_the_order_goes_on(upgraded: Upgraded) -> None:
    upgraded.seal()
    item = boto3.resource("dynamodb").Table("orders-test").get_item(Key={"pk": f"{ACCOUNT}#{STOREFRONT}", "sk": upgraded.order_id})["Item"]
    assert "event" not in item
    upgraded.hub.pay(upgraded.order_id)
    assert upgraded.hub.at(upgraded.order_id).body["state"] == "paid"
    assert not [secret for secret in SECRET if secret in upgraded.lying()], "its events are sealed from then on"


class Meanwhile:
    """While an order is sealed it changes, so often."""

    def __init__(self, buyers: BuyerSealing, change: Callable[[], object], times: int) -> None:
        self.buyers, self.change, self.times = buyers, change, times
        self.identified = buyers.identified

    def sealed(self, order: Order) -> Order:
        if self.times > 0:
            self.times -= 1
            self.change()
        return self.buyers.sealed(order)


@pytest.mark.parametrize(("times", "sealed", "left"), [(1, 1, 0), (99, 0, 1)])
def test_a_change_at_the_same_moment_wins_and_it_comes_again(upgraded: Upgraded, times: int, sealed: int, left: int) -> None:
    versions = iter(range(2, 200))

    def change() -> None:
        order = upgraded.hub.services.orders.order(ACCOUNT, STOREFRONT, upgraded.order_id)
        assert upgraded.hub.hear(promise(order).model_copy(update={"version": next(versions)})) == ALL_HEARD

    meanwhile: Any = Meanwhile(upgraded.hub.services.buyers, change, times)
    tables = replace(upgraded.tables(), buyers=meanwhile)
    assert tables.seal_orders() == Sealed("orders", seen=1, clear=1, sealed=sealed, left=left)
    assert upgraded.hub.at(upgraded.order_id).body["buyer"]["name"] == "Ada Chen"
    assert bool(upgraded.said) is bool(left)


def test_a_parcel_whose_order_lies_in_the_clear_is_named_and_left(upgraded: Upgraded) -> None:
    assert upgraded.tables().seal_shipments() == Sealed("shipments", seen=1, clear=1, left=1)
    assert upgraded.parcel.id in upgraded.said[0]


def taken_away(order: Order) -> None:
    boto3.resource("dynamodb").Table("orders-test").delete_item(Key={"pk": f"{ACCOUNT}#{STOREFRONT}", "sk": order.id})


def without_address(order: Order) -> None:
    item_of(order.model_copy(update={"sealed_address": None}), None).save()


@pytest.mark.parametrize(("harm", "said"), [(taken_away, "put it back"), (without_address, "has no address")])
def test_a_parcel_whose_order_is_gone_or_says_no_address_is_named_with_what_to_do_and_no_run_ends_with_an_error_for_it(
    upgraded: Upgraded, harm: Callable[[Order], None], said: str
) -> None:
    upgraded.tables().seal_orders()
    harm(upgraded.hub.services.orders.order(ACCOUNT, STOREFRONT, upgraded.order_id))
    for _ in range(2):
        done = upgraded.tables().seal_shipments()
        assert done == Sealed("shipments", seen=1, clear=1, stay=1)
        assert ended([done]) is None
        assert "running this again changes nothing" in str(done)
    assert [upgraded.parcel.id in line and said in line for line in upgraded.said] == [True, True]
    assert upgraded.stored().address == ADDRESS


def test_what_another_run_may_seal_ends_with_an_error_that_says_so(upgraded: Upgraded) -> None:
    with pytest.raises(SystemExit, match="run it again"):
        ended([upgraded.tables().seal_shipments()])


def test_a_parcel_that_changes_too_fast_is_named_and_left(upgraded: Upgraded) -> None:
    class Busied(UnsealedShipmentStore):
        def seal(self, shipment: Shipment, address: SealedText) -> bool:
            raise Contended

    tables = upgraded.tables()
    tables.seal_orders()
    assert replace(tables, shipments=Busied("shipping-test")).seal_shipments().left == 1


class Functions:
    """Lambda, with these functions' variables."""

    def __init__(self, *variables: dict[str, str]) -> None:
        self.pages = [{"Functions": [{"Environment": {"Variables": each}}]} for each in variables] + [{"Functions": [{}]}]

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self) -> Any:
        return self.pages


def test_the_hubs_own_function_says_by_which_keys_and_one_that_seals_nothing_yet_is_let_be() -> None:
    mine = {"ORDERS_TABLE": "mine", "KEYS_TABLE": "k", "CREDENTIALS_KEY": "c", "BUYERS_TEXTS": "plain"}
    functions = Functions({"ORDERS_TABLE": "mine"}, mine | {"ORDERS_TABLE": "others"}, mine)
    assert variables_of("mine", functions) == mine
    with pytest.raises(NotYet, match="BuyersTexts=sealed"):
        sealing_of(mine)
    with pytest.raises(NotYet, match="no function"):
        variables_of("mine", Functions({"ORDERS_TABLE": "mine"}))
