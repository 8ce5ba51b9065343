"""A supplier that declines units of its parcel: once for its key, and never what others have taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.shipping.fulfilment.supplier_declines import MAX_DECLINES, AlreadyLeft, Decline, NothingLeft, TooManyDeclines
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipping_store import ShippingStore
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import Invalid
from shared.optimistic_retry import AT_ONCE
from tests.unit.shipping.conftest import a_day, news, parcels, report, the_shipment
from tests.unit.shipping.events import OTHER, SUPPLIER, key, line

ALL = Decline({}, "sold out", False)


def test_a_supplier_declines_its_part_with_a_reason_once_for_its_key(store, ship, services):
    ship(line(quantity=3), line("off_2", OTHER))
    declines, mine = services.supplier_declines(a_day), parcels(store)[SUPPLIER]
    with pytest.raises(Invalid):
        declines.decline(SUPPLIER, mine.id, Decline({"off_1": 4}, "broken", False), key("d0"))
    for _ in range(2):
        after = declines.decline(SUPPLIER, mine.id, Decline({"off_1": 1}, "broken", True), key("d1"))
    told = news(after)["data"]
    assert (told["why"], told["reason"], told["restock"], told["units"]) == ("decline", "broken", True, {"off_1": 1})
    gone = declines.decline(SUPPLIER, mine.id, Decline({}, "sold out", False), key("d2"))
    assert (gone.state, gone.parcel.contents) == (State.VOIDED, ())
    with pytest.raises(NothingLeft):
        declines.decline(SUPPLIER, mine.id, Decline({}, "again", False), key("d3"))


def test_what_has_left_cannot_be_declined(store, ship, services):
    ship()
    mine = report(services, the_shipment(store), "dispatched")
    with pytest.raises(AlreadyLeft):
        services.supplier_declines(a_day).decline(SUPPLIER, mine.id, Decline({}, "late", False), key("d"))


@pytest.fixture
def lost_to(store: ShippingStore, services_of: Any, clock: Any) -> Callable[..., Any]:
    """Decline by a write that a rival is quicker than."""

    def decline(rival: Callable[[], object], wanted: Decline, idempotency: Idempotency) -> Any:
        class Raced(ShippingStore):
            def save(self, *what: Any) -> bool:
                if rivals:
                    rivals.pop()()
                return super().save(*what)

        rivals, mine = [rival], parcels(store)[SUPPLIER]
        raced = services_of(store=Raced("shipping-test", clock, AT_ONCE))
        return raced.supplier_declines(a_day).decline(SUPPLIER, mine.id, wanted, idempotency)

    return decline


@pytest.mark.parametrize("lines", [[line()], [line(), line("off_2", OTHER)]], ids=["alone", "among others"])
@pytest.mark.parametrize("rival", ["a cancellation", "another decline"])
def test_a_decline_that_lost_its_race_for_the_last_units_answers_nothing(store, ship, services, ask, lost_to, *, lines, rival):
    ship(*lines)
    mine = parcels(store)[SUPPLIER]
    declines = services.supplier_declines(a_day)
    rivals = {
        "a cancellation": lambda: ask({"off_1": 2}, why="cancel"),
        "another decline": lambda: declines.decline(SUPPLIER, mine.id, ALL, key("other")),
    }
    with pytest.raises(NothingLeft):
        lost_to(rivals[rival], ALL, key("late"))
    after = parcels(store)[SUPPLIER]
    assert (after.state, [answer.units for answer in after.taken_back]) == (State.VOIDED, [{"off_1": 2}])


def test_a_decline_of_all_that_is_left_takes_what_a_question_left_of_it(store, ship, ask, lost_to):
    ship(line(quantity=3))
    after = lost_to(lambda: ask({"off_1": 1}), ALL, key("late"))
    assert (after.state, news(the_shipment(store))) == (State.VOIDED, {}), "its label went back in a write of its own"
    assert [answer.units for answer in after.taken_back] == [{"off_1": 1}, {"off_1": 2}]


def test_a_decline_that_lost_its_race_is_held_to_what_is_true_then(store, ship, services, ask, lost_to):
    ship(line(quantity=9))
    mine = the_shipment(store)
    declines = services.supplier_declines(a_day)
    with pytest.raises(Invalid):
        lost_to(lambda: ask({"off_1": 1}), Decline({"off_1": 9}, "broken", False), key("late"))
    with pytest.raises(KeyReused):
        lost_to(lambda: declines.decline(SUPPLIER, mine.id, Decline({"off_1": 1}, "broken", False), key("d1")), ALL,
                Idempotency("d1", "test", "another"))  # fmt: skip
    for n in range(2, MAX_DECLINES):
        declines.decline(SUPPLIER, mine.id, Decline({"off_1": 1}, "broken", False), key(f"d{n}"))
    with pytest.raises(TooManyDeclines):
        lost_to(lambda: declines.decline(SUPPLIER, mine.id, Decline({"off_1": 1}, "broken", False), key("d5")),
                Decline({"off_1": 1}, "broken", False), key("d6"))  # fmt: skip
    with pytest.raises(AlreadyLeft):
        lost_to(lambda: report(services, the_shipment(store), "dispatched"), ALL, key("late"))
