"""Virtual goods: planned beside parcels, never a courier's, delivered by their supplier's word, which is a secret."""

from typing import Any

import pytest

from functions.shipping.labels.manual_label import LabelWish
from functions.shipping.shipments.shipment import Held, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView, TrackingView
from functions.shipping.shipping_items import ShipmentItem
from functions.shipping.tracking.shipment_reports import ShipmentReport
from functions.shipping.virtual.virtual_delivery import DeliveredLine, GivenUp, HasParcel
from functions.shipping.virtual.virtual_views import DeliverVirtual
from shared.errors import Conflict, Invalid, NotFound
from shared.order_messages import SHIPS_NOTHING, OrderAccepted, OrderLine, OrderUnitsWithdrawn, UnitsOf
from shared.shipment_messages import ShipmentDelivered
from tests.unit.shipping.conftest import a_day, news, report
from tests.unit.shipping.events import HEAD, ORDER, SUPPLIER, TARIFF, TENANT, accepted, cancelled, facts, key, line, recalled
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier

KEY = "AAAA-BBBB-CCCC"
KEYS = [DeliveredLine("off_3", KEY)]


def licence(quantity: int = 1) -> OrderLine:
    return line("off_3", quantity=quantity).model_copy(update={"requires_shipping": False})


@pytest.fixture
def known(store: Any) -> None:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_3", requires_shipping=False), 1)


@pytest.fixture
def mixed(known: None, services: Any, install: Any, store: Any) -> dict[bool, Shipment]:
    """One supplier's cup and its licence, ordered together; by whether it is virtual."""
    event = accepted(install("remote", CONFIG), line(), licence(), plugin="remote")
    services.order_shipments(a_day).order_confirmed(event)
    return by_kind(store)


@pytest.fixture
def alone(known: None, services: Any, store: Any) -> Shipment:
    """A licence alone, with a country and no address."""
    event = OrderAccepted(lines=[licence(2)], shipping=SHIPS_NOTHING, **HEAD)
    services.order_shipments(a_day).order_confirmed(event)
    return by_kind(store)[True]


def by_kind(store: Any) -> dict[bool, Shipment]:
    return {shipment.virtual: shipment for shipment in store.shipments(store.plan(TENANT, ORDER))}


def asked(units: int = 1) -> OrderUnitsWithdrawn:
    wanted = [UnitsOf(offer_id="off_3", supplier_id=SUPPLIER, units=units, requires_shipping=False)]
    return OrderUnitsWithdrawn(**HEAD | {"version": 4}, why="refund", withdrawal_id="wdr_1", units=wanted)


def deliver(services: Any, shipment: Shipment, lines: list[DeliveredLine] = KEYS) -> Shipment:
    found: Shipment = services.virtual_deliveries.deliver(shipment.supplier_id, shipment.id, lines)
    return found


def test_a_suppliers_virtual_goods_are_a_shipment_of_their_own_and_no_courier_hears_of_them(
    mixed: dict[bool, Shipment], remote: FakeCourier
) -> None:
    parcel, virtual = mixed[False], mixed[True]
    assert [content.offer_id for content in parcel.parcel.contents] == ["off_1"]
    assert (virtual.state, virtual.parcel.weight, virtual.label, virtual.due) == (State.DRAFT, 0, None, "")
    assert [content.offer_id for content in virtual.parcel.contents] == ["off_3"]
    assert [[content.offer_id for content in request.parcel.contents] for request in remote.requests] == [["off_1"]]
    assert ShipmentView.of(virtual).next == ["delivered"]


def test_what_an_order_sold_as_virtual_is_so_though_its_supplier_says_otherwise_by_now(known: None, store: Any, services: Any) -> None:
    store.keep_facts(facts(offer_id="off_3"), 2)
    services.order_shipments(a_day).order_confirmed(OrderAccepted(lines=[licence()], shipping=SHIPS_NOTHING, **HEAD))
    (content,) = by_kind(store)[True].parcel.contents
    assert (content.weight, content.hs_code, content.origin) == (0, "", "")


def test_delivering_is_the_dispatch_and_what_is_delivered_is_in_no_event_and_no_item(alone: Shipment, services: Any, store: Any) -> None:
    delivered = deliver(services, alone)
    told = news(delivered)
    assert (delivered.state, delivered.scanned, told["type"]) == (State.DELIVERED, True, ShipmentDelivered.type)
    assert (told["data"]["virtual"], told["data"]["undelivered"], told["data"]["undispatched"]) == (True, 0, 0)
    item = ShipmentItem.get(f"{SUPPLIER}#shipments", alone.id)
    assert KEY not in f"{item.shipment}{item.event}"
    assert services.virtual_deliveries.given(delivered) == KEYS
    assert KEY not in repr(KEYS), "nor in a log"


def test_the_client_site_alone_reads_what_was_delivered(alone: Shipment, services: Any) -> None:
    found = [deliver(services, alone)]
    shown = TrackingView.of(ORDER, found, with_code=True, given=services.virtual_deliveries.given_of(found)).items[0]
    assert [(given.offer_id, given.text) for given in shown.delivered or ()] == [("off_3", KEY)]
    assert TrackingView.of(ORDER, found, with_code=False).items[0].delivered is None


def test_a_wrong_key_is_corrected_and_the_same_again_writes_nothing(alone: Shipment, services: Any) -> None:
    once = deliver(services, alone)
    assert deliver(services, alone) == once
    right = [DeliveredLine("off_3", url="https://a.example/get")]
    corrected = deliver(services, alone, right)
    assert (corrected.version, services.virtual_deliveries.given(corrected)) == (once.version + 1, right)
    assert news(corrected) == {}, "it was delivered before"


def test_a_supplier_that_delivers_by_itself_says_so_and_may_add_the_text(alone: Shipment, services: Any) -> None:
    reported = report(services, alone, "delivered")
    assert (reported.state, services.virtual_deliveries.given(reported)) == (State.DELIVERED, [])
    assert deliver(services, alone).state is State.DELIVERED
    with pytest.raises(Conflict):
        services.reports.record(SUPPLIER, alone.id, ShipmentReport("dispatched"), key("d"))


def test_units_are_released_until_they_are_delivered_and_kept_from_then_on(mixed: dict[bool, Shipment], services: Any, store: Any) -> None:
    answers = services.unit_withdrawals(a_day)
    deliver(services, mixed[True])
    answers.answer(asked())
    told = news(by_kind(store)[True])
    assert (told["type"], told["data"]["units"], told["data"]["virtual"]) == ("monsoon.shipment.units_kept.v1", {"off_3": 1}, True)
    assert by_kind(store)[False].taken_back == (), "the parcel is not asked for what it does not hold"


def test_of_virtual_goods_taken_back_nothing_can_be_delivered(mixed: dict[bool, Shipment], services: Any, store: Any) -> None:
    services.unit_withdrawals(a_day).answer(asked())
    empty = by_kind(store)[True]
    assert (empty.state, by_kind(store)[False].state) == (State.VOIDED, State.LABELED)
    with pytest.raises(GivenUp):
        deliver(services, empty)


def test_an_order_that_is_cancelled_voids_what_was_not_delivered(alone: Shipment, services: Any, store: Any) -> None:
    services.order_shipments(a_day).order_cancelled(cancelled())
    assert by_kind(store)[True].state is State.VOIDED


def test_an_order_is_dispatched_with_its_last_part(mixed: dict[bool, Shipment], services: Any) -> None:
    sent = news(report(services, mixed[False], "dispatched"))
    assert sent["data"]["undispatched"] == 1
    told = news(deliver(services, mixed[True]))
    assert (told["data"]["undispatched"], told["data"]["undelivered"]) == (0, 1)


def test_recalled_goods_are_not_delivered(alone: Shipment, services: Any) -> None:
    services.recall_walks.offer_recalled(recalled("off_3"))
    with pytest.raises(Held):
        deliver(services, alone)


def test_a_parcel_is_not_delivered_so_nor_a_strangers_shipment_nor_a_part_of_one(mixed: dict[bool, Shipment], services: Any) -> None:
    with pytest.raises(HasParcel):
        deliver(services, mixed[False])
    with pytest.raises(NotFound):
        services.virtual_deliveries.deliver("acc_s2", mixed[True].id, KEYS)
    with pytest.raises(Invalid) as refused:
        deliver(services, mixed[True], [DeliveredLine("off_1", "x")])
    assert {error.pointer for error in refused.value.errors} == {"/lines/0/offer_id", "/lines"}


@pytest.mark.parametrize(
    "said", [{}, {"text": "  "}, {"text": "x" * 2001}, {"url": "http://a.example"}, {"url": "javascript:alert(1)"}, {"url": "https://a b"}]
)
def test_a_line_has_a_bounded_text_or_an_https_address(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="lines"):
        DeliverVirtual.model_validate({"lines": [{"offer_id": "off_3", **said}]})


def test_no_label_is_bought_and_no_number_entered(alone: Shipment, services: Any) -> None:
    with pytest.raises(Conflict, match="virtual"):
        services.manual_labels(a_day).provide(alone, LabelWish("T1", none_was_bought=False, courier=None), key("l"))
    with pytest.raises(Invalid):
        services.reports.record(SUPPLIER, alone.id, ShipmentReport("delivered", "T1"), key("d"))


def test_only_parcels_count_for_a_couriers_volume_tiers(known: None, services: Any, install: Any, store: Any, clock: Any) -> None:
    installation = install("table_rate", TARIFF)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(), licence()))
    month = clock().strftime("%Y-%m")
    assert store.on_sale([], TENANT, [(installation, month)]).counts == {installation: 1}
