"""Adyen's notices: only what is signed with this installation's key, for its account and mode, is believed."""

import json
from base64 import b64encode
from typing import Any

import pytest
from Adyen.util import generate_notification_sig, is_valid_hmac_notification

from functions.payments.plugins.adyen.notices import signature_of
from functions.payments.plugins.adyen.plugin import Adyen as Plugin
from functions.payments.plugins.adyen.standin import HMAC_KEY, Adyen
from functions.payments.plugins.adyen.tests.conftest import context
from functions.payments.plugins.adyen.translate import AT_ONCE, Reference
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import CaptureView, DisputeView, PaymentView, RefundView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.ids import derived_id

ORDER, PAYMENT, OP = (derived_id(kind, "one") for kind in ("ord", "pay", "op"))
LINK, CHANGE = str(Reference(ORDER, PAYMENT, AT_ONCE)), str(Reference(ORDER, PAYMENT, OP))
MONEY, AMOUNT = Money(1250, "EUR"), {"currency": "EUR", "value": 1250}
PAID = "8835511210681145"


def told(body: bytes, *, mode: Any = "test", **config: Any) -> WebhookResult | None:
    return Plugin().webhook(context("", mode=mode, **config), RawWebhook(body, {}))


def notice(event: str = "AUTHORISATION", reference: str = LINK, psp: str = PAID, **how: Any) -> bytes:
    return Adyen().tell(event, psp, reference, AMOUNT, **how)


def view_of(body: bytes) -> PaymentView:
    found = told(body)
    assert found is not None
    assert (found.payment_id, found.order_id) == (PAYMENT, ORDER)
    assert found.view is not None
    return found.view


def refused(body: bytes, kind: ErrorKind = ErrorKind.SIGNATURE, **how: Any) -> None:
    with pytest.raises(PluginError) as raised:
        told(body, **how)
    assert raised.value.kind is kind


def test_the_hmac_is_the_one_that_adyens_own_libraries_compute() -> None:
    """The item, key and result are those of github.com/Adyen/adyen-php-api-library, tests/Adyen/Util/HmacSignatureTest.php."""
    item = {"pspReference": "7914073381342284", "merchantAccountCode": "TestMerchant", "merchantReference": "TestPayment-1407325143704",
            "amount": {"value": 1130, "currency": "EUR"}, "eventCode": "AUTHORISATION", "success": "true"}  # fmt: skip
    key = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00"
    assert signature_of(item, key) == b"Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=" == generate_notification_sig(item, key)


def test_the_sdk_takes_the_stand_ins_notices_for_adyens() -> None:
    assert is_valid_hmac_notification(json.loads(notice()), HMAC_KEY)


def test_a_reference_fits_into_adyens_eighty_characters_and_comes_back_whole() -> None:
    assert len(CHANGE) == 80
    assert Reference.parse(CHANGE) == Reference(ORDER, PAYMENT, OP)
    assert Reference.parse(LINK) == Reference(ORDER, PAYMENT, AT_ONCE)


@pytest.mark.parametrize(("old", "new"), [(b"1250", b"1251"), (b"true", b"false"), (b"AUTHORISATION", b"CHARGEBACK"), (b"8835", b"8836")])
def test_a_changed_word_is_refused(old: bytes, new: bytes) -> None:
    refused(notice().replace(old, new))


@pytest.mark.parametrize("word", ["pspReference", "merchantReference", "eventCode", "success"])
def test_a_signed_word_that_is_hidden_in_the_amount_signs_for_no_other(word: str) -> None:
    document = json.loads(notice())
    item = document["notificationItems"][0]["NotificationRequestItem"]
    item["amount"][word], item[word] = item[word], "false" if word == "success" else CHANGE
    refused(json.dumps(document).encode())


def test_a_notice_signed_with_another_key_or_not_at_all_is_refused() -> None:
    refused(notice(), hmac_key="00" * 32)
    body = json.loads(notice())
    del body["notificationItems"][0]["NotificationRequestItem"]["additionalData"]
    refused(json.dumps(body).encode())


def test_a_notice_for_another_merchant_account_is_refused() -> None:
    refused(notice(), merchant_account="AnotherECOM")


def test_without_a_key_every_notice_is_refused() -> None:
    refused(notice(), hmac_key=None)


def test_a_test_notice_never_counts_in_live_mode() -> None:
    refused(notice(), mode="live", live_prefix="1797a841fbb37ca7-AdyenDemo")


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"{}", b'{"live": "false", "notificationItems": [{}]}', b64encode(b"x")])
def test_what_is_no_notice_is_refused(body: bytes) -> None:
    refused(body)


def test_two_items_in_one_notice_are_not_half_taken() -> None:
    body = json.loads(notice())
    body["notificationItems"] *= 2
    refused(json.dumps(body).encode(), ErrorKind.PROTOCOL)


def test_the_same_notice_has_the_same_id_and_another_outcome_another() -> None:
    """Adyen signs no time: the id is made of signed words, so a replay is known whatever is changed around them."""
    ids = [found.event_id for body in (notice(), notice(extra={"x": "y"}), notice(success=False)) if (found := told(body))]
    assert ids == [f"{PAID}:AUTHORISATION:true", f"{PAID}:AUTHORISATION:true", f"{PAID}:AUTHORISATION:false"]


def test_a_payment_is_told_with_its_link() -> None:
    view = view_of(notice(extra={"paymentLinkId": "PL1"}))
    assert view == PaymentView(provider_ref=f"PL1/{PAID}", state=State.CAPTURED, amount=MONEY, authorized=1250, captured=1250)


def test_a_failed_try_says_nothing_of_the_link_that_still_stands() -> None:
    found = told(notice(success=False, reason="Refused"))
    assert found is not None
    assert found.view is None


AT = "2026-11-23T03:00:00+01:00"
"""The stand-in's `eventDate`."""
CONSOLE = RefundView("", MONEY, "succeeded", "R1")


def changed(state: State, **more: Any) -> PaymentView:
    """What a notice tells of a change: the change's own amount, no reference."""
    return PaymentView(provider_ref="", state=state, amount=MONEY, **more)


@pytest.mark.parametrize(
    ("event", "success", "view"),
    [
        ("CAPTURE", True, changed(State.CREATED, captures=(CaptureView(OP, MONEY, "succeeded", "R1"),))),
        ("CAPTURE", False, changed(State.CREATED, captures=(CaptureView(OP, MONEY, "failed", "R1", "why", at=AT),))),
        ("CAPTURE_FAILED", True, changed(State.CREATED, captures=(CaptureView(OP, MONEY, "failed", "R1", "why", at=AT),))),
        ("CANCELLATION", True, changed(State.CANCELED)),
        ("CANCELLATION", False, changed(State.CREATED, failed={OP: "why"})),
        ("REFUND", True, changed(State.CREATED, refunds=(RefundView(OP, MONEY, "succeeded", "R1"),))),
        ("REFUND", False, changed(State.CREATED, refunds=(RefundView(OP, MONEY, "failed", "R1", "why", at=AT),))),
        ("REFUND_FAILED", True, changed(State.CREATED, refunds=(RefundView(OP, MONEY, "failed", "R1", "why", at=AT),))),
        ("REFUNDED_REVERSED", True, changed(State.CREATED, refunds=(RefundView(OP, MONEY, "failed", "R1", "why", at=AT),))),
    ],
)  # fmt: skip
def test_the_outcome_of_each_change_is_told_by_its_op_key(event: str, success: bool, view: PaymentView) -> None:
    assert view_of(notice(event, CHANGE, "R1", original=PAID, success=success, reason="why")) == view


@pytest.mark.parametrize(
    ("event", "extra", "view"),
    [
        ("REFUND", {}, changed(State.CREATED, refunds=(CONSOLE,))),
        ("CANCEL_OR_REFUND", {"modification.action": "refund"}, changed(State.CREATED, refunds=(CONSOLE,))),
        ("CANCEL_OR_REFUND", {"modification.action": "cancel"}, changed(State.CANCELED)),
        ("CAPTURE_FAILED", {}, changed(State.CREATED, captures=(CaptureView("", MONEY, "failed", "R1", "why", at=AT),))),
        ("EXPIRE", {}, changed(State.EXPIRED)),
        ("TECHNICAL_CANCEL", {}, changed(State.CANCELED)),
    ],
)  # fmt: skip
def test_what_is_done_in_the_customer_area_or_by_the_scheme_bears_the_payments_own_reference(
    event: str, extra: dict[str, str], view: PaymentView
) -> None:
    assert view_of(notice(event, LINK, "R1", original=PAID, reason="why", extra=extra)) == view


@pytest.mark.parametrize("event", ["CAPTURE", "REFUND"])
@pytest.mark.parametrize("why", ["Transaction Auto-recaptured", "Transaction Recaptured"])
def test_what_was_made_again_is_another_than_the_one_that_failed(event: str, why: str) -> None:
    """…/capture/failure-reasons, which applies equally to refunds."""
    first, again = (told(notice(event, CHANGE, "R1", original=PAID, reason=reason)) for reason in ("Transaction of today", why))
    assert first is not None
    assert again is not None
    assert first.event_id != again.event_id
    views = [view for found in (first, again) if (view := found.view)]
    assert [one.provider_ref for view in views for one in (*view.captures, *view.refunds)] == ["R1", "R1:again"]


@pytest.mark.parametrize("event", ["CAPTURE_FAILED", "REFUND_FAILED", "REFUNDED_REVERSED"])
def test_a_second_failure_under_one_reference_is_another_notice_than_the_first(event: str) -> None:
    bodies = [json.loads(notice(event, CHANGE, "R1", original=PAID, reason="why")) for _ in range(2)]
    bodies[1]["notificationItems"][0]["NotificationRequestItem"]["eventDate"] = "2026-11-30T03:00:00+01:00"
    first, second = (told(json.dumps(body).encode()) for body in bodies)
    assert first is not None
    assert second is not None
    assert first.event_id != second.event_id
    views = [found.view for found in (first, second) if found.view]
    assert [part.at for view in views for part in (*view.captures, *view.refunds)] == [AT, "2026-11-30T03:00:00+01:00"]


def test_the_reason_of_a_failure_makes_nothing_again() -> None:
    failure = view_of(notice("CAPTURE_FAILED", CHANGE, "R1", original=PAID, reason="Transaction Recaptured"))
    assert failure.captures == (CaptureView(OP, MONEY, "failed", "R1", "Transaction Recaptured", at=AT),)


@pytest.mark.parametrize(
    ("event", "state", "rounds"),
    [
        ("REQUEST_FOR_INFORMATION", "warning", 0),
        ("NOTIFICATION_OF_CHARGEBACK", "warning", 0),
        ("CHARGEBACK", "open", 0),
        ("CHARGEBACK_REVERSED", "won", 0),
        ("SECOND_CHARGEBACK", "lost", 1),
        ("PREARBITRATION_WON", "won", 1),
        ("PREARBITRATION_LOST", "lost", 1),
    ],
)
def test_each_step_of_a_dispute_is_told(event: str, state: Any, rounds: int) -> None:
    body = notice(event, LINK, "D1", original=PAID, reason="Fraud", extra={"defensePeriodEndsAt": "2026-12-04T00:00:00+01:00"})
    assert view_of(body).disputes == (DisputeView("D1", state, MONEY, "Fraud", "2026-12-04T00:00:00+01:00", round=rounds),)


@pytest.mark.parametrize(("event", "reference"), [("REPORT_AVAILABLE", LINK), ("AUTHORISATION", "somebody else's order"), ("REFUND", "")])
def test_other_events_and_payments_that_are_not_ours_are_nothing(event: str, reference: str) -> None:
    assert told(notice(event, reference)) is None
