"""An index that lags keeps no parcel from being held: it is asked again, and what it says of a parcel is not believed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.connection.base import Connection

from functions.shipping.bootstrap import Services
from functions.shipping.consumers import sweep_shipments
from functions.shipping.fulfilment.recall_walks import SETTLED, SPARE, RecallWalks
from functions.shipping.shipping_items import KnownItem, ShipmentItem
from functions.shipping.shipping_store import ShippingStore
from shared.messages import OfferDelisted
from shared.optimistic_retry import AT_ONCE
from tests.fakes import FakeClock
from tests.unit.shipping.conftest import Make, a_day
from tests.unit.shipping.events import ORDER, SUPPLIER, TARIFF, TENANT, accepted, facts, line, published, recalled


class Lagging(ShippingStore):
    """The table, whose index does not show yet what was written of late."""

    late = False

    def unsent(self, supplier_id: str, *offer_ids: str) -> Any:
        return iter(()) if self.late else super().unsent(supplier_id, *offer_ids)


@pytest.fixture
def lagging(store: ShippingStore, clock: FakeClock) -> Lagging:
    store.keep_facts(facts(), 1)
    return Lagging("shipping-test", clock, AT_ONCE)


@pytest.fixture
def services(services_of: Make, lagging: Lagging) -> Services:
    return services_of(store=lagging)


@pytest.fixture
def walks(services: Services) -> RecallWalks:
    return services.recall_walks


@pytest.fixture
def ship(services: Services, lagging: Lagging, install: Any) -> Any:
    def ship(order: str = ORDER) -> Any:
        services.order_shipments(a_day).order_confirmed(accepted(install("table_rate", TARIFF), line(), order_id=order))
        plan = lagging.plan(TENANT, order)
        assert plan is not None
        return lambda: lagging.shipments(plan)[0]

    return ship


def publish(walks: RecallWalks, version: int) -> None:
    walks.product_published(published(version=version))


def test_a_parcel_that_the_index_does_not_show_yet_is_held_by_the_next_sweeps(lagging, services, walks, ship, clock):
    mine = ship()
    lagging.late = True
    walks.offer_recalled(recalled())
    assert mine().held == (), "the index showed no parcel"
    lagging.late = False
    sweep_shipments(services, a_day)
    assert mine().held == (), "it is too early: the index may lag still"
    clock.now += SETTLED
    assert sweep_shipments(services, a_day)["walked"] == 1
    assert [hold.offer_id for hold in mine().held] == ["off_1"]
    assert sweep_shipments(services, a_day)["walked"] == 0


def test_a_parcel_that_the_index_does_not_show_yet_is_released_by_the_next_sweeps(lagging, services, walks, ship, clock):
    mine = ship()
    walks.offer_recalled(recalled())
    lagging.late = True
    publish(walks, 3)
    assert mine().held
    lagging.late = False
    clock.now += SETTLED
    sweep_shipments(services, a_day)
    assert mine().held == ()


def test_what_the_index_says_of_a_hold_is_not_believed(lagging, walks, ship):
    mine = ship()
    walks.offer_recalled(recalled())
    item = ShipmentItem.get(f"{SUPPLIER}#shipments", mine().id)
    item.update([ShipmentItem.held.remove()])
    publish(walks, 3)
    assert mine().held == ()


def test_after_its_walks_an_offer_on_sale_is_published_by_one_write_again(services, walks, ship, clock, monkeypatch):
    ship()
    walks.offer_recalled(recalled())
    publish(walks, 3)
    assert KnownItem.get("offer#off_1", "facts").holds, "a parcel may be held that was not shown"
    clock.now += SETTLED
    assert sweep_shipments(services, a_day)["walked"] == 2
    seen: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, operation, *more: seen.append(operation) or dispatch(self, operation, *more))
    publish(walks, 4)
    assert seen == ["UpdateItem"]


def test_a_recall_that_is_walked_through_for_the_second_time_holds_for_its_reinstatement(services, walks, ship, clock):
    mine = ship()
    walks.offer_recalled(recalled())
    clock.now += SETTLED
    sweep_shipments(services, a_day)
    publish(walks, 3)
    assert mine().held == ()


def test_parcels_that_are_as_they_should_be_are_read_together_and_not_written(walks, lagging, ship, monkeypatch):
    for n in range(12):
        ship(f"ord_{n}")
    walks.offer_recalled(recalled())
    seen: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, operation, *more: seen.append(operation) or dispatch(self, operation, *more))
    walks.offer_recalled(recalled())
    assert seen == ["UpdateItem", "GetItem", "PutItem", "BatchGetItem", "Query", "BatchGetItem"]
    assert len([one for one in lagging.standing(SUPPLIER, lagging.unsent(SUPPLIER, "off_1")) if one.held]) == 12


def test_a_walk_that_runs_out_of_time_is_gone_on_with_by_the_next_sweep(lagging, walks, ship, clock):
    parcels = [ship(f"ord_{n}") for n in range(3)]
    lagging.late = True
    walks.offer_recalled(recalled())
    lagging.late = False
    clock.now += SETTLED
    left = iter([SPARE, SPARE, *[SPARE - timedelta(seconds=1)] * 2])
    assert walks.walk_again(lambda: next(left)) == 0
    assert sum(bool(parcel().held) for parcel in parcels) == 1
    assert walks.walk_again(a_day) == 1
    assert all(parcel().held for parcel in parcels)


def test_a_walk_that_fails_keeps_no_other_waiting_and_comes_again(lagging, walks, services_of, clock, ship):
    class Failing(Lagging):
        def standing(self, supplier_id: str, ids: Iterable[str]) -> Any:
            if supplier_id == "acc_gone":
                raise ConnectionError
            return super().standing(supplier_id, ids)

    mine = ship()
    lagging.late = True
    walks.offer_recalled(recalled("off_0", supplier="acc_gone"))
    walks.offer_recalled(recalled())
    clock.now += SETTLED
    services = services_of(store=Failing("shipping-test", clock, AT_ONCE))
    with pytest.raises(ExceptionGroup):
        sweep_shipments(services, a_day)
    assert mine().held
    with pytest.raises(ExceptionGroup):
        services.recall_walks.walk_again(a_day)


def test_walks_that_fail_leave_the_couriers_their_time(lagging, walks, services_of, clock):
    class Down(Lagging):
        def recalled(self, offer_ids: Any) -> Any:
            clock.tick(seconds=15)
            raise ConnectionError

    for n in range(4):
        walks.offer_recalled(recalled(f"off_{n}"))
    clock.now += SETTLED
    ends = clock.now + timedelta(seconds=60)
    with pytest.raises(ExceptionGroup) as failed:
        services_of(store=Down("shipping-test", clock, AT_ONCE)).recall_walks.walk_again(lambda: ends - clock())
    assert len(failed.value.exceptions) == 2
    assert ends - clock() >= SPARE - timedelta(seconds=15)


def test_a_parcel_that_is_planned_while_the_recall_comes_is_held_whatever_the_index_shows(lagging, services, walks, ship, clock):
    """The recall goes through all parcels just after this one was written and had looked at the offer, before the index shows it."""

    class Between(Lagging):
        def recalled(self, offer_ids: Any) -> Any:
            found = super().recalled(offer_ids)
            if not self.late:
                self.late = True
                walks.offer_recalled(recalled())
            return found

    lagging.late = True
    services.recall_holds._store = between = Between("shipping-test", clock, AT_ONCE)
    mine = ship()
    assert between.late
    assert mine().held == ()
    lagging.late = False
    clock.now += SETTLED
    sweep_shipments(services, a_day)
    assert mine().held


def test_what_is_delisted_holds_no_parcel_and_frees_what_a_recall_held(lagging, walks, ship):
    mine = ship()
    walks.offer_recalled(recalled())
    assert mine().held
    walks.product_delisted(OfferDelisted(version=3, offer_id="off_1", product_id="prd_1", supplier_id=SUPPLIER, offers=["off_1"]))
    assert mine().held == ()
    assert not lagging.on_sale(["off_1"], SUPPLIER, []).facts
