"""Stripe's objects, as its API reference shows them, in our words."""

from typing import Any

import pytest

from functions.payments.plugins.stripe.translate import check_step, intent_of, limits_of, payment_of, refund_of, refunded
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import RefundView, State


def intent(status: str = "succeeded", **more: Any) -> dict[str, Any]:
    return {
        "id": "pi_1", "object": "payment_intent", "amount": 2000, "amount_received": 2000, "currency": "eur", "status": status,
        "client_secret": "pi_1_secret_x", "latest_charge": None, **more,
    }  # fmt: skip


def refund(status: str, op_key: str = "op_1", **more: Any) -> dict[str, Any]:
    return {"id": "re_1", "object": "refund", "status": status, "amount": 500, "currency": "eur", "metadata": {"op_key": op_key}, **more}


def dispute(status: str) -> dict[str, Any]:
    return {
        "id": "du_1", "object": "dispute", "status": status, "amount": 2000, "currency": "eur", "reason": "fraudulent",
        "evidence_details": {"due_by": 1767225600}, "payment_intent": "pi_1",
    }  # fmt: skip


def test_a_confirmation_that_needs_3d_secure_says_where_to_send_the_shopper():
    url = "https://hooks.stripe.com/3d_secure_2/x"
    told = intent("requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": {"url": url}})
    view = payment_of(told, "pk_test_1")
    assert view.state is State.REQUIRES_ACTION
    assert view.next_action == {"type": "redirect", "url": url, "client_secret": "pi_1_secret_x", "publishable_key": "pk_test_1"}


@pytest.mark.parametrize(("status", "state"), [("succeeded", "succeeded"), ("pending", "pending"), ("requires_action", "pending")])
def test_a_refund_counts_only_once_it_has_succeeded(status: str, state: str):
    view = payment_of(intent(), "pk", [refund(status)])
    assert (view.refunds[0].state, view.refunded) == (state, 500 if state == "succeeded" else 0)


def test_a_refund_that_failed_later_is_told_with_the_reason_and_one_that_fails_at_once_is_declined():
    told = refund("failed", failure_reason="lost_or_stolen_card")
    assert (refund_of(told).state, refund_of(told).reason) == ("failed", "lost_or_stolen_card")
    with pytest.raises(PluginError) as caught:
        refunded(told)
    assert (caught.value.kind, caught.value.provider_code) == (ErrorKind.DECLINED, "lost_or_stolen_card")


def test_a_status_that_is_not_listed_is_never_taken_for_success():
    with pytest.raises(PluginError) as caught:
        refund_of(refund("reversing"))
    assert caught.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(("status", "state"), [("needs_response", "open"), ("under_review", "open"), ("won", "won"), ("lost", "lost")])
def test_a_dispute_is_told_with_what_it_takes_and_until_when_to_answer(status: str, state: str):
    (found,) = payment_of(intent(), "pk", [], [dispute(status)]).disputes
    assert (found.state, found.amount, found.reason, found.respond_by) == (
        state, Money(2000, "EUR"), "fraudulent", "2026-01-01T00:00:00.000Z",
    )  # fmt: skip


def test_an_inquiry_is_a_warning_that_takes_no_money():
    for status in ("warning_needs_response", "warning_under_review", "warning_closed"):
        assert [d.state for d in payment_of(intent(), "pk", [], [dispute(status)]).disputes] == ["warning"]


def test_a_refund_made_in_the_dashboard_is_told_without_a_key_of_ours():
    console = {"id": "re_1", "amount": 400, "currency": "eur", "status": "succeeded", "metadata": {}}
    view = payment_of(intent(), "pk", [console])
    assert (view.refunds, view.refunded) == ((RefundView("", Money(400, "EUR"), "succeeded", "re_1"),), 400)


@pytest.mark.parametrize(
    ("reason", "state"), [("automatic", State.EXPIRED), ("requested_by_customer", State.CANCELED), (None, State.CANCELED)]
)
def test_an_authorization_that_nobody_captured_in_time_has_expired(reason, state):
    assert payment_of({**intent(), "status": "canceled", "cancellation_reason": reason}, "pk").state is state


@pytest.mark.parametrize(
    ("charge", "until"),
    [
        ({"payment_method_details": {"card": {"capture_before": 1_793_534_400}}}, "2026-11-01T12:00:00.000Z"),
        ({"payment_method_details": {"card": {}}}, ""),
        ({"payment_method_details": {"card": {"capture_before": 10**15}}}, ""),
        ({"payment_method_details": None}, ""),
        ("ch_1", ""),
        (None, ""),
    ],
)
def test_an_authorization_says_how_long_it_holds_where_stripe_does(charge: Any, until: str):
    assert payment_of({**intent(), "status": "requires_capture", "latest_charge": charge}, "pk").authorized_until == until
    assert payment_of({**intent(), "latest_charge": charge}, "pk").authorized_until == ""


@pytest.mark.parametrize(
    ("kind", "told", "found"),
    [
        ("payment_intent.succeeded", intent(), "pi_1"),
        ("charge.dispute.closed", dispute("won"), "pi_1"),
        ("refund.failed", {"object": "refund", "id": "re_1", "payment_intent": "pi_1"}, "pi_1"),
        ("charge.refunded", {"object": "charge", "id": "ch_1", "payment_intent": None}, None),
        ("customer.created", {"object": "customer", "id": "cus_1"}, None),
    ],
)
def test_an_event_names_the_payment_that_it_may_change(kind: str, told: dict[str, Any], found: str | None):
    assert intent_of({"id": "evt_1", "type": kind, "data": {"object": told}}) == found


def test_three_decimal_currencies_are_charged_in_steps_of_ten():
    check_step(Money(5120, "KWD"))
    check_step(Money(5123, "EUR"))
    with pytest.raises(PluginError) as caught:
        check_step(Money(5123, "KWD"))
    assert caught.value.kind is ErrorKind.INVALID


def test_each_currency_has_stripes_own_least_amount():
    limits = limits_of(["GBP", "JPY", "HKD"])
    assert {currency: limit.least for currency, limit in limits.items()} == {"GBP": 30, "JPY": 50, "HKD": 400}
