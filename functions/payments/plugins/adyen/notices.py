"""Adyen's standard webhooks: whether one is genuine, and what it tells (docs.adyen.com/development-resources/webhooks). Pure.

Each notice carries an HMAC over its references, amount, event and success
(docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures). Adyen signs no time. What bounds replays
instead: what a notice tells counts once by its reference, in whatever order and however late it comes, so that an old one changes nothing.

Two words that count are not signed. `reason`: by it alone a capture or refund that Adyen made again differs from the first (AGAIN in
its event id and reference). `eventDate`: by it alone a second failure under the same pspReference differs from the first repeated, whose
date may differ too (…/webhooks/handle-webhook-events), so it counts only if the capture, or refund, had been made again between the two.
Whoever repeats a signed notice with other words can at most have that one capture, or refund, stand although it failed, or fail although
it was made again: never one that Adyen did not sign, never for more, and never twice. Adyen offers no question that would tell.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Literal

from functions.payments.plugins.adyen.translate import AT_ONCE, BY_HAND, Place, Reference, money_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import AGAIN, CaptureView, DisputeView, PaymentView, RefundView, State, WebhookResult

SIGNED = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference", "value", "currency", "eventCode", "success")
ALTERED_BY_US = frozenset({"CAPTURE", "CAPTURE_FAILED", "CANCELLATION", "REFUND", "REFUND_FAILED", "REFUNDED_REVERSED"})
"""Outcomes of captures, cancellations and refunds."""
FAILURES = frozenset({"CAPTURE_FAILED", "REFUND_FAILED", "REFUNDED_REVERSED"})
"""Events whose `success` is true although they tell of a failure (…/webhook-types)."""
DISPUTES: Mapping[str, tuple[Literal["warning", "open", "won", "lost"], int]] = {
    "REQUEST_FOR_INFORMATION": ("warning", 0), "NOTIFICATION_OF_CHARGEBACK": ("warning", 0), "CHARGEBACK": ("open", 0),
    "CHARGEBACK_REVERSED": ("won", 0), "SECOND_CHARGEBACK": ("lost", 1), "PREARBITRATION_WON": ("won", 1),
    "PREARBITRATION_LOST": ("lost", 1),
}  # fmt: skip
"""docs.adyen.com/risk-management/disputes-api/dispute-notifications, with how often it had been won before. All of one dispute have
one pspReference. What is asked for or announced takes no money yet; a chargeback that was reversed and comes again takes it again."""
ENDED: Mapping[str, State] = {"EXPIRE": State.EXPIRED, "TECHNICAL_CANCEL": State.CANCELED}
"""An authorization that ended otherwise than by our CANCELLATION (…/webhook-types)."""
RECAPTURED = frozenset({"transaction recaptured", "transaction auto-recaptured"})
"""`reason` of a CAPTURE that Adyen, or its support, made again after CAPTURE_FAILED
(docs.adyen.com/online-payments/capture/failure-reasons, which "apply equally" to refunds)."""
MADE_AGAIN = frozenset({"CAPTURE", "REFUND"})
UNSAID = State.CREATED
"""A change's outcome says nothing of where the payment stands: one that is heard late must not bring an ended one to life."""


def refused(why: str) -> PluginError:
    return PluginError(ErrorKind.SIGNATURE, why)


def item_of(body: bytes, mode: str) -> Mapping[str, Any]:
    """The notice's item; Adyen puts exactly one into a JSON notice (…/webhooks/webhook-types#webhook-structure).

    Raises PluginError (signature) for one of the other mode, and (protocol) for several, which Adyen then sends again.
    """
    try:
        notice = json.loads(body)
        items = [entry["NotificationRequestItem"] for entry in notice["notificationItems"]]
        live = str(notice["live"]).lower() == "true"
    except (ValueError, KeyError, TypeError) as error:
        raise refused("this is not a notice of Adyen's") from error
    if live is not (mode == "live"):
        raise refused("a notice of test payments never counts for live ones, nor the other way round")
    if len(items) != 1 or not isinstance(items[0], dict):
        raise PluginError(ErrorKind.PROTOCOL, "Adyen's notice holds other than one item")
    return items[0]


def signature_of(item: Mapping[str, Any], key: str) -> bytes:
    """The HMAC-SHA256 that Adyen gives `item`, base 64; `key` is hexadecimal."""
    told = {**item, "value": item["amount"]["value"], "currency": item["amount"]["currency"]}
    text = ":".join("" if told.get(name) is None else str(told[name]) for name in SIGNED)
    return b64encode(hmac.digest(bytes.fromhex(key), text.encode(), "sha256"))


def verify(item: Mapping[str, Any], key: str, merchant_account: str) -> None:
    """Raises PluginError (signature) unless `item` was signed with `key` for this merchant account."""
    try:
        told, expected = str(item["additionalData"]["hmacSignature"]).encode(), signature_of(item, key)
    except (KeyError, TypeError) as error:
        raise refused("the notice is not signed") from error
    if not hmac.compare_digest(told, expected) or item["merchantAccountCode"] != merchant_account:
        raise refused("the signature is not Adyen's for this installation")


def notice_of(item: Mapping[str, Any]) -> WebhookResult | None:
    """A verified notice; None for other events, and for payments that are not ours."""
    reference = Reference.parse(str(item.get("merchantReference") or ""))
    if reference is None:
        return None
    event, succeeded = str(item["eventCode"]), str(item["success"]).lower() == "true"
    view: PaymentView | None = None
    if event in ALTERED_BY_US:
        view = _altered(item, reference, succeeded and event not in FAILURES)
    elif event == "CANCEL_OR_REFUND" and succeeded:
        view = _cancelled_or_refunded(item, reference)
    elif event in DISPUTES:
        view = _disputed(item, *DISPUTES[event])
    elif event in ENDED and succeeded:
        view = PaymentView(provider_ref="", state=ENDED[event], amount=money_of(item["amount"]))
    elif event != "AUTHORISATION":
        return None
    elif succeeded:
        view = _paid(item, reference)
    event_id = f"{item['pspReference']}:{event}:{item['success']}{_again(item)}"
    if view and (any(capture.at for capture in view.captures) or any(refund.at for refund in view.refunds)):
        event_id += f":{item['eventDate']}"
    return WebhookResult(event_id, reference.payment_id, reference.order_id, view=view)


def _paid(item: Mapping[str, Any], reference: Reference) -> PaymentView:
    """Somebody paid by the link. The link's id is not signed; the core takes it only if it is the one that it knows."""
    amount, link = money_of(item["amount"]), str(item["additionalData"].get("paymentLinkId") or "")
    by_hand = reference.what == BY_HAND
    return PaymentView(
        provider_ref=str(Place(link, str(item["pspReference"]))) if link else "",
        state=State.AUTHORIZED if by_hand else State.CAPTURED,
        amount=amount,
        authorized=amount.amount,
        captured=0 if by_hand else amount.amount,
    )


def _altered(item: Mapping[str, Any], reference: Reference, succeeded: bool) -> PaymentView:
    """The outcome of a change. `amount` is the change's own, for the notice does not tell the payment's."""
    amount, event, reason = money_of(item["amount"]), str(item["eventCode"]), str(item.get("reason") or "refused")
    ref = f"{item['pspReference']}{_again(item)}"
    outcome: Literal["succeeded", "failed"] = "succeeded" if succeeded else "failed"
    at = str(item.get("eventDate") or "")[:40] if _again(item) or not succeeded else ""
    if event.startswith("REFUND"):
        refund = RefundView(reference.op_key, amount, outcome, ref, "" if succeeded else reason, at=at)
        return PaymentView(provider_ref="", state=UNSAID, amount=amount, refunds=(refund,))
    if event == "CANCELLATION":
        failed = {} if succeeded or not reference.op_key else {reference.op_key: reason}
        return PaymentView(provider_ref="", state=State.CANCELED if succeeded else UNSAID, amount=amount, failed=failed)
    if succeeded and reference.what == AT_ONCE and not _again(item):
        return PaymentView(provider_ref="", state=State.CAPTURED, amount=amount, captured=amount.amount)
    capture = CaptureView(reference.op_key, amount, outcome, ref, reason="" if succeeded else reason, at=at)
    return PaymentView(provider_ref="", state=UNSAID, amount=amount, captures=(capture,))


def _again(item: Mapping[str, Any]) -> str:
    """Tells a capture or refund that was made again from the one that failed: both may have one pspReference."""
    made = item["eventCode"] in MADE_AGAIN and str(item["success"]).lower() == "true"
    return AGAIN if made and str(item.get("reason") or "").lower() in RECAPTURED else ""


def _cancelled_or_refunded(item: Mapping[str, Any], reference: Reference) -> PaymentView | None:
    """What somebody did in Adyen's Customer Area; None where Adyen does not say which of the two."""
    amount, done = money_of(item["amount"]), str((item.get("additionalData") or {}).get("modification.action"))
    if done == "cancel":
        return PaymentView(provider_ref="", state=State.CANCELED, amount=amount)
    return _altered({**item, "eventCode": "REFUND"}, reference, succeeded=True) if done == "refund" else None


def _disputed(item: Mapping[str, Any], state: Literal["warning", "open", "won", "lost"], round_: int) -> PaymentView:
    amount = money_of(item["amount"])
    due = str((item.get("additionalData") or {}).get("defensePeriodEndsAt") or "")
    dispute = DisputeView(
        str(item["pspReference"]), state, amount, reason=str(item.get("reason") or ""), respond_by=due, round=round_
    )  # fmt: skip
    return PaymentView(provider_ref="", state=UNSAID, amount=amount, disputes=(dispute,))
