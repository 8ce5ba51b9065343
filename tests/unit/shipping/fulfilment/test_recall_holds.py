"""Parcels with recalled goods are held until they are sent: at once, in any order of events, through any failure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.connection.base import Connection

from functions.shipping.bootstrap import Services
from functions.shipping.fulfilment.order_shipments import OrderShipments
from functions.shipping.fulfilment.recall_holds import HoldUnsettled, RecallHolds
from functions.shipping.fulfilment.recall_walk_store import RecallWalkStore
from functions.shipping.fulfilment.recall_walks import SETTLED, RecallWalks
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Held, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.shipping_store import ShipmentItem, ShippingStore
from functions.shipping.tracking.shipment_reports import ShipmentReport, ShipmentReports
from shared.messages import OfferPublished
from shared.optimistic_retry import AT_ONCE
from shared.shipment_messages import ShipmentEvent
from tests.fakes import NOON
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import ORDER, SUPPLIER, TARIFF, TENANT, accepted, cancelled, facts, key, line, published, recalled
from tests.unit.shipping.memory import MemoryWalks
from tests.unit.shipping.shipments.test_shipment import shipment as made

REASON = "lead in the glaze"


@pytest.fixture
def holding(store: Any, services: Services) -> RecallWalks:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_2"), 1)
    return services.recall_walks


@pytest.fixture
def tracking(services: Services) -> ShipmentReports:
    return services.reports


@pytest.fixture
def fulfilment(services: Services, holding: Any) -> OrderShipments:
    return services.order_shipments(a_day)


@pytest.fixture
def ship(fulfilment: Any, store: Any, install: Any) -> Any:
    def ship(*lines: Any, order: str = ORDER) -> Any:
        fulfilment.order_confirmed(accepted(install("table_rate", TARIFF), *lines, order_id=order))
        return lambda: store.shipments(store.plan(TENANT, order))[0]

    return ship


def publish(holding: RecallWalks, event: OfferPublished) -> None:
    holding.product_published(event)


def news(shipment: Shipment) -> dict[str, Any] | None:
    event = ShipmentItem.get(f"{SUPPLIER}#shipments", shipment.id).event
    return dict(json.loads(event)["data"]) if event else None


def report(tracking: ShipmentReports, shipment: Shipment, state: str, idempotency: str = "1") -> Shipment:
    return tracking.record(SUPPLIER, shipment.id, ShipmentReport(state), key(idempotency))  # type: ignore[arg-type]


def test_a_recall_holds_the_parcels_that_contain_the_offer_and_tells_of_each_in_the_same_write(holding, ship):
    with_it, without = ship(line(), line("off_2")), ship(line("off_2"), order="ord_2")
    holding.offer_recalled(recalled())
    assert [(hold.offer_id, hold.reason) for hold in with_it().held] == [("off_1", REASON)]
    told = news(with_it())
    assert told is not None
    assert (told["offer_ids"], told["reason"], told["order_id"], told["version"]) == (["off_1"], REASON, ORDER, with_it().version)
    assert without().held == ()
    assert news(without()) is None


def test_a_held_parcel_cannot_be_sent_and_both_its_supplier_and_the_storefront_read_why(holding, ship, tracking):
    mine = ship()
    holding.offer_recalled(recalled())
    with pytest.raises(Held, match=REASON) as refusal:
        report(tracking, mine(), "dispatched")
    assert (refusal.value.status, refusal.value.code, refusal.value.more) == (409, "shipment-held", {"offer_ids": ["off_1"]})
    assert "storefront refund" in refusal.value.detail
    view = ShipmentView.of(mine())
    assert ([hold.reason for hold in view.held], view.next) == ([REASON], ["manifested", "on_hold"])
    assert report(tracking, mine(), "manifested").state is State.MANIFESTED


def test_an_offer_that_is_back_on_sale_releases_the_parcel(holding, ship, tracking):
    mine = ship()
    holding.offer_recalled(recalled())
    publish(holding, published(version=3))
    told = news(mine())
    assert told is not None
    assert (mine().held, told["offer_ids"], told["reason"]) == ((), [], "")
    assert report(tracking, mine(), "dispatched").state is State.IN_TRANSIT


def test_a_parcel_of_two_recalled_offers_is_free_when_both_are_back(holding, ship):
    mine = ship(line(), line("off_2"))
    holding.offer_recalled(recalled())
    holding.offer_recalled(recalled("off_2", reason="sharp edge"))
    told = news(mine())
    assert told is not None
    assert (told["offer_ids"], told["reason"]) == (["off_1", "off_2"], f"{REASON}; sharp edge")
    publish(holding, published(version=3))
    assert [hold.offer_id for hold in mine().held] == ["off_2"]
    publish(holding, published("off_2", version=3))
    assert mine().held == ()


def test_events_told_again_or_late_write_nothing(holding, ship):
    mine = ship()
    for _ in range(2):
        holding.offer_recalled(recalled())
    publish(holding, published(version=1))
    assert mine().times_held == 1
    publish(holding, published(version=3))
    for _ in range(2):
        holding.offer_recalled(recalled())
        publish(holding, published(version=3))
    assert (mine().times_held, mine().held) == (2, ())


def test_what_was_sent_or_voided_is_not_held(holding, ship, tracking, fulfilment):
    sent, voided = ship(), ship(order="ord_2")
    report(tracking, sent(), "dispatched")
    fulfilment.order_cancelled(cancelled("ord_2"))
    holding.offer_recalled(recalled())
    assert [found.held for found in (sent(), voided())] == [(), ()]
    assert list(ShipmentItem.by_supplier.query(SUPPLIER)) == []


def test_a_parcel_that_leaves_is_stopped_by_a_recall_that_no_shipment_knows_of_yet(store, holding, ship, tracking):
    mine = ship()
    store.recall("off_1", 2, REASON)
    with pytest.raises(Held):
        report(tracking, mine(), "dispatched")
    assert [hold.offer_id for hold in mine().held] == ["off_1"]
    store.keep_facts(facts(), 3)
    assert report(tracking, mine(), "dispatched").held == ()


def test_a_pass_that_was_cut_short_is_gone_on_with_by_the_next_delivery(store, clock, holding, ship):
    class Failing(ShippingStore):
        def save(self, *args: Any) -> bool:
            raise ConnectionError

    mine, broken = ship(), Failing("shipping-test", clock, AT_ONCE)
    failing = RecallWalks(broken, RecallWalkStore("shipping-test"), RecallHolds(broken, AT_ONCE), clock)
    with pytest.raises(ConnectionError):
        failing.offer_recalled(recalled())
    holding.offer_recalled(recalled())
    assert mine().held
    with pytest.raises(ConnectionError):
        publish(failing, published(version=3))
    publish(holding, published(version=3))
    assert mine().held == ()


def test_a_publication_that_ends_no_recall_looks_at_no_shipment(store, holding, ship, monkeypatch):
    ship()
    seen: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, operation, *more: seen.append(operation) or dispatch(self, operation, *more))
    publish(holding, published(version=2))
    assert seen == ["UpdateItem"]


class Racing:
    """Offers and one shipment in memory; before each write of it, another's events happen. At times the index does not show it."""

    def __init__(self, shipment: Shipment, between: Sequence[tuple[int, bool]], shown: Sequence[bool] = ()) -> None:
        self.stored, self.between, self.shown = shipment, list(between), list(shown)
        self.walks = MemoryWalks()
        self.version, self.reason, self.holds = 1, "", False
        self.written: list[ShipmentEvent] = []

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        if version > self.version:
            self.version, self.reason, self.holds = version, reason, True

    def keep_facts(self, facts: ParcelFacts, version: int) -> bool:
        if version > self.version:
            self.version, self.reason = version, ""
        return self.holds

    def clear_holds(self, offer_id: str, version: int) -> None:
        if version == self.version and not self.reason:
            self.holds = False

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]:
        return {"off_1": self.reason} if self.reason else {}

    def unsent(self, supplier_id: str, *offer_ids: str) -> Iterable[str]:
        return [self.stored.id] if not self.shown or self.shown.pop() else []

    def standing(self, supplier_id: str, ids: Iterable[str]) -> Iterable[Shipment]:
        return [self.stored for _ in ids]

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment:
        return self.stored

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None) -> bool:
        if self.between:
            hear(self, *self.between.pop(0))
        if shipment.version != self.stored.version + 1:
            return False
        self.stored = shipment
        assert message is not None
        self.written.append(message)
        return True


def hearing(store: Racing, now: datetime = NOON) -> RecallWalks:
    return RecallWalks(store, store.walks, RecallHolds(store, AT_ONCE), lambda: now)  # type: ignore[arg-type]


def hear(store: Racing, version: int, is_recall: bool) -> None:
    holding = hearing(store)
    if is_recall:
        holding.offer_recalled(recalled(version=version, reason=f"r{version}"))
    else:
        publish(holding, published(version=version))


VERSIONS = st.lists(st.integers(min_value=2, max_value=6), max_size=4)
"""Even ones are recalls."""


@given(VERSIONS, VERSIONS, st.lists(st.booleans(), max_size=8))
def test_whatever_races_and_the_index_shows_what_the_last_version_says_is_what_stands(
    heard: list[int], between: list[int], shown: list[bool]
):
    store = Racing(made(), [(version, version % 2 == 0) for version in between], shown)
    for version in heard:
        hear(store, version, version % 2 == 0)
    for version, is_recall in list(store.between):
        hear(store, version, is_recall)
    store.between, store.shown = [], []
    hearing(store, NOON + SETTLED).walk_again(a_day)
    assert not store.walks.noted
    assert store.holds is bool(store.reason), "after the walks, a publication looks at shipments only if they are held for the offer"
    assert bool(store.stored.held) is bool(store.reason) is (store.version % 2 == 0)
    assert [message.version for message in store.written] == sorted({message.version for message in store.written})


def test_a_shipment_that_never_stands_still_is_left_to_a_later_delivery():
    class Restless(Racing):
        def save(self, shipment: Shipment, message: ShipmentEvent | None = None) -> bool:
            return False

    with pytest.raises(HoldUnsettled):
        hear(Restless(made(), []), 2, True)
