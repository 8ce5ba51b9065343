"""A courier whose plug-in runs elsewhere and does not answer: its shipments wait, no sweep fails, and nobody else waits for them."""

from typing import Any

from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import cancelled


def lose(call: str) -> None:
    if call == "buy":
        raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "the answer was lost")


def test_a_parcel_that_it_should_be_asked_for_is_put_off(order: Any, remote: Any, sweep: Any, clock: Any) -> None:
    """Every sweep failed, which takes each deploy back, and a hundred such parcels kept all others waiting."""
    order()
    remote.silent = True
    assert sweep(days=1).due > rfc3339(clock())
    remote.silent = False
    assert sweep(days=1).state is State.LABELED


def test_a_label_whose_purchase_is_not_known_is_looked_for_when_it_answers_again(order: Any, remote: Any, sweep: Any, clock: Any) -> None:
    remote.after = lose
    assert order().state is State.PURCHASING
    remote.silent = True
    waiting = sweep(minutes=10)
    assert (waiting.state, waiting.due > rfc3339(clock())) == (State.PURCHASING, True)
    remote.silent, remote.after = False, lambda call: None
    assert (sweep(days=1).state, remote.bought) == (State.LABELED, 1)


def test_a_cancelled_parcel_of_it_is_not_sent_and_its_label_goes_back_later(order: Any, remote: Any, services: Any, sweep: Any) -> None:
    """The news of the order's end were dead letters after five tries, and its parcel went on its way."""
    remote.able = remote.able.model_copy(update={"void": True})
    order()
    remote.silent = True
    services.order_shipments(a_day).order_cancelled(cancelled())
    waiting = sweep()
    assert (waiting.state, waiting.doomed, remote.voided) == (State.LABELED, True, [])
    remote.silent = False
    assert (sweep(days=1).state, len(remote.voided)) == (State.VOIDED, 1)
