"""What a dispute at PayPal takes: by what moved, else by what the shopper got, else by the words of its outcome."""

import json
from typing import Any

import pytest

from functions.payments.plugins.paypal.disputes import dispute_of
from functions.payments.plugins.paypal.notices import notice_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, State

DISPUTED = 300


def eur(cents: int) -> dict[str, str]:
    return {"currency_code": "EUR", "value": f"{cents / 100:.2f}"}


def dispute(status: str = "OPEN", stage: str = "CHARGEBACK", **more: Any) -> dict[str, Any]:
    return {
        "dispute_id": "PP-D-4012", "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "status": status,
        "dispute_life_cycle_stage": stage, "update_time": "2026-11-20T11:00:00.000Z",
        "dispute_amount": eur(DISPUTED), "seller_response_due_date": "2026-12-04T00:00:00.000Z",
        "disputed_transactions": [{"seller_transaction_id": "3C", "custom": "ord_1/pay_1", "gross_amount": eur(1250)}], **more,
    }  # fmt: skip


def resolved(code: str, refunded: int | None = None, **more: Any) -> dict[str, Any]:
    got = {} if refunded is None else {"amount_refunded": eur(refunded)}
    return dispute("RESOLVED", dispute_outcome={"outcome_code": code, **got}, **more)


def move(kind: str, cents: int, party: str = "SELLER", reason: str = "DISPUTE_SETTLEMENT") -> dict[str, Any]:
    return {"affected_party": party, "type": kind, "amount": eur(cents), "reason": reason, "initiated_time": "2026-11-20T11:00:00.000Z"}


def test_a_dispute_is_told_by_its_notice() -> None:
    found = notice_of(json.dumps({"id": "WH-4", "event_type": "CUSTOMER.DISPUTE.UPDATED", "resource": dispute()}).encode())
    assert found is not None
    assert found.view is not None
    assert (found.payment_id, found.order_id, found.view.state, found.view.amount) == ("pay_1", "ord_1", State.CAPTURED, Money(1250, "EUR"))
    due, updated = "2026-12-04T00:00:00.000Z", "2026-11-20T11:00:00.000Z"
    expected = DisputeView("PP-D-4012", "open", Money(300, "EUR"), "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", due, updated=updated)
    assert found.view.disputes == (expected,)


@pytest.mark.parametrize("status", ["OPEN", "WAITING_FOR_SELLER_RESPONSE", "UNDER_REVIEW", "OTHER"])
def test_a_claim_that_is_open_takes_what_is_disputed_and_an_inquiry_nothing(status: str) -> None:
    assert (dispute_of(dispute(status)).state, dispute_of(dispute(status, "INQUIRY")).state) == ("open", "warning")


@pytest.mark.parametrize("code", ["RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER", "DENIED", "RESOLVED_WITH_PAYOUT", "NONE"])
def test_what_the_merchant_does_not_pay_is_won_and_of_an_inquiry_a_warning_still(code: str) -> None:
    assert dispute_of(resolved(code)).state == "won"
    assert dispute_of(resolved(code, dispute_life_cycle_stage="INQUIRY")).state == "warning"


@pytest.mark.parametrize("code", ["RESOLVED_BUYER_FAVOUR", "ACCEPTED"])
@pytest.mark.parametrize("stage", ["CHARGEBACK", "PRE_ARBITRATION"])
@pytest.mark.parametrize(("refunded", "lost"), [(None, 300), (300, 300), (120, 120)])
def test_the_shoppers_favour_takes_what_was_refunded_be_it_a_part(code: str, stage: str, refunded: int | None, lost: int) -> None:
    told = dispute_of(resolved(code, refunded, dispute_life_cycle_stage=stage))
    assert (told.state, told.amount) == ("lost", Money(lost, "EUR"))


@pytest.mark.parametrize("code", ["RESOLVED_BUYER_FAVOUR", "ACCEPTED"])
@pytest.mark.parametrize(
    ("offer", "refunded", "lost"),
    [
        (None, None, 0),
        ({"offer_type": "REPLACEMENT_WITHOUT_REFUND"}, None, 0),
        ({"offer_type": "REPLACEMENT_WITHOUT_REFUND", "seller_offered_amount": eur(0)}, None, 0),
        ({"offer_type": "REFUND", "buyer_requested_amount": eur(300), "seller_offered_amount": eur(120)}, None, 120),
        ({"offer_type": "REFUND_WITH_REPLACEMENT", "seller_offered_amount": eur(300)}, None, 300),
        ({"offer_type": "REFUND", "seller_offered_amount": eur(300)}, 120, 120),
        ({"offer_type": "REFUND", "seller_offered_amount": {"currency_code": "USD", "value": "3.00"}}, None, 0),
    ],
)
def test_an_inquiry_in_the_shoppers_favour_takes_what_was_refunded_or_offered_and_never_the_whole_by_its_word_alone(
    code: str, offer: Any, refunded: int | None, lost: int
) -> None:
    """Nobody has made a claim of it: PayPal debits nothing by itself, and goods that replace others are no money."""
    told = dispute_of(resolved(code, refunded, dispute_life_cycle_stage="INQUIRY", **({"offer": offer} if offer else {})))
    assert (told.state, told.amount.amount) == (("lost", lost) if lost else ("warning", DISPUTED))


def test_nothing_refunded_is_nothing_lost_and_what_is_refunded_without_a_decision_is() -> None:
    assert dispute_of(resolved("RESOLVED_BUYER_FAVOUR", 0)).state == "won"
    assert dispute_of(resolved("NONE", 120)).amount == Money(120, "EUR")


@pytest.mark.parametrize(
    ("moves", "lost"),
    [
        ([move("CREDIT", 300, "BUYER"), move("DEBIT", 120)], 120),
        ([move("DEBIT", 300), move("CREDIT", 180)], 120),
        ([move("DEBIT", 300), move("CREDIT", 300)], 0),
        ([move("DEBIT", 120), move("DEBIT", 20, reason="CHARGEBACK_FEE")], 120),
    ],
)
def test_what_moved_of_the_merchants_money_counts_before_what_the_outcome_says(moves: list[Any], lost: int) -> None:
    """`amount_refunded` is what the merchant *or PayPal* paid."""
    for code in ("RESOLVED_BUYER_FAVOUR", "RESOLVED_WITH_PAYOUT", "NONE", "A_CODE_OF_TOMORROW"):
        told = dispute_of(resolved(code, 300, money_movements=moves))
        assert (told.state, told.amount.amount) == (("lost", lost) if lost else ("won", DISPUTED))


def test_movements_of_others_or_in_another_currency_do_not_say_what_the_merchant_lost() -> None:
    dollars = move("DEBIT", 500) | {"amount": {"currency_code": "USD", "value": "5.00"}}
    for moves in ([move("CREDIT", 300, "BUYER")], [dollars], []):
        assert dispute_of(resolved("RESOLVED_BUYER_FAVOUR", 120, money_movements=moves)).amount == Money(120, "EUR")


def test_an_outcome_that_is_not_listed_is_not_guessed() -> None:
    with pytest.raises(PluginError) as raised:
        dispute_of(resolved("A_CODE_OF_TOMORROW", 120))
    assert raised.value.kind is ErrorKind.PROTOCOL
