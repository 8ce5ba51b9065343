"""Stripe's sessions, as its API reference shows them, in our words."""

from typing import Any

import pytest

from functions.payments.plugins.stripe.sessions import Place, names_of_session, says_paid, session_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import State


def intent(status: str) -> dict[str, Any]:
    return {
        "id": "pi_1", "object": "payment_intent", "amount": 2000, "amount_received": 2000, "currency": "eur", "status": status,
        "client_secret": "pi_1_secret_x", "latest_charge": None,
    }  # fmt: skip


def session(status: str, intent_status: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": "cs_1", "object": "checkout.session", "status": status, "amount_total": 2000, "currency": "eur", "payment_status": "unpaid",
        "payment_intent": intent(intent_status) if intent_status else None, "url": "https://checkout.stripe.com/c/pay/cs_1", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "state", "ref"),
    [
        (session("open"), State.REQUIRES_ACTION, "cs_1"),
        (session("open", "requires_payment_method"), State.REQUIRES_ACTION, "cs_1/pi_1"),
        (session("open", "processing"), State.PENDING, "cs_1/pi_1"),
        (session("expired", url=None), State.EXPIRED, "cs_1"),
        (session("expired", "canceled", url=None), State.EXPIRED, "cs_1/pi_1"),
        (session("expired", "succeeded", url=None), State.CAPTURED, "cs_1/pi_1"),
        (session("complete", "succeeded", url=None), State.CAPTURED, "cs_1/pi_1"),
        (session("complete", "requires_capture", url=None), State.AUTHORIZED, "cs_1/pi_1"),
        (session("complete", "processing", url=None), State.PENDING, "cs_1/pi_1"),
        (session("complete", "requires_action", url=None), State.PENDING, "cs_1/pi_1"),
        (session("complete", "requires_payment_method", url=None), State.FAILED, "cs_1/pi_1"),
        (session("complete", "canceled", url=None), State.CANCELED, "cs_1/pi_1"),
    ],
)
def test_a_session_says_what_its_intent_does_once_there_is_one_that_moves(told: dict[str, Any], state: State, ref: str):
    view = session_of(told)
    assert (view.state, view.provider_ref, view.amount) == (state, ref, Money(2000, "EUR"))
    assert (view.next_action is not None) == (state is State.REQUIRES_ACTION)


@pytest.mark.parametrize("told", [session("new word"), session("complete"), session("open", amount_total=None)])
def test_what_stripe_never_documented_is_no_state(told: dict[str, Any]):
    with pytest.raises(PluginError) as caught:
        session_of(told)
    assert caught.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize("ref", ["pi_1", "cs_1", "cs_1/pi_1"])
def test_a_reference_is_read_as_it_was_written(ref: str):
    assert str(Place.parse(ref)) == ref
    assert bool(Place.parse(ref).session) == ref.startswith("cs_")


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "data": {"object": session("complete", metadata={"payment_id": "pay_1", "order_id": "ord_1"}, **more)}}


def test_a_sessions_event_names_its_payment_and_only_one_that_is_paid_says_so():
    assert names_of_session(event("checkout.session.expired")) == ("pay_1", "ord_1")
    assert names_of_session(event("checkout.session.completed") | {"type": "charge.refunded"}) is None
    assert names_of_session({"type": "checkout.session.completed", "data": {"object": session("complete")}}) is None
    assert says_paid(event("checkout.session.completed", payment_status="paid"))
    assert not says_paid(event("checkout.session.completed"))
    assert not says_paid(event("checkout.session.async_payment_failed", payment_status="paid"))
