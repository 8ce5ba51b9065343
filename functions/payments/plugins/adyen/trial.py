"""The kit's trial of Adyen."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from functions.payments.plugins.adyen.notices import signature_of
from functions.payments.plugins.adyen.standin import ACCOUNT, API_KEY, HMAC_KEY, Adyen, charges, pay, psp_of, started
from functions.payments.plugins.adyen.translate import AT_ONCE, BY_HAND, Place, Reference, amount_of
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial, Sent, is_change

NOT_CHANGES = ("/paymentMethods", "/pay/")
"""Asking for the ways to pay is a question, and the shopper's payment is not ours."""


def _changes(sent: Sent) -> bool:
    return is_change(sent) and not sent.path.startswith(NOT_CHANGES)


def _pay(address: str, view: PaymentView) -> None:
    pay(address, Place.parse(view.provider_ref).link)


def _notice(about: About) -> RawWebhook:
    by_hand = about.config.get("capture") == "manual"
    reference = str(Reference(about.order_id, about.payment_id, BY_HAND if by_hand else AT_ONCE))
    link = Place.parse(about.provider_ref).link
    told = Adyen().tell("AUTHORISATION", psp_of(link), reference, amount_of(about.amount), extra={"paymentLinkId": link})
    return RawWebhook(told, {})


NO_ITEM = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
"""What reading a body raises that holds no item to sign."""


def _signed(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    """Adyen signs eight fields of the item, and nothing that has none."""
    with suppress(*NO_ITEM):
        notice = json.loads(body)
        item = notice["notificationItems"][0]["NotificationRequestItem"]
        item["additionalData"] = {**item["additionalData"], "hmacSignature": signature_of(item, config["hmac_key"]).decode()}
        return RawWebhook(json.dumps(notice).encode(), {})
    return RawWebhook(body, {})


def _outcome(about: About, kind: str, op_key: str, amount: int) -> RawWebhook:
    reference = str(Reference(about.order_id, about.payment_id, op_key))
    event = {"capture": "CAPTURE", "cancel": "CANCELLATION", "refund": "REFUND"}[kind]
    told = amount_of(Money(amount, about.amount.currency))
    return RawWebhook(Adyen().tell(event, f"{about.event_id}-done", reference, told, original=Place.parse(about.provider_ref).psp), {})


def _console_refund(address: str, about: About, amount: int) -> RawWebhook:
    """The Customer Area refunds under the payment's own reference, and Adyen tells it by notice alone."""
    by_hand = about.config.get("capture") == "manual"
    reference = str(Reference(about.order_id, about.payment_id, BY_HAND if by_hand else AT_ONCE))
    told = amount_of(Money(amount, about.amount.currency))
    return RawWebhook(
        Adyen().tell("REFUND", f"{about.event_id}-by-hand", reference, told, original=Place.parse(about.provider_ref).psp), {}
    )


TRIAL = PaymentTrial(
    config={"api_key": API_KEY, "merchant_account": ACCOUNT, "hmac_key": HMAC_KEY, "currencies": ["EUR", "JPY", "KWD"]},
    secrets=(API_KEY, HMAC_KEY),
    bad_config={"api_key": "AQEanother-key-that-is-not-known"},
    standin="an Adyen of one process behind Prism 5.16 (npm), which holds requests and answers to Adyen's published OpenAPI",
    start=started,
    changes=_changes,
    three_decimal=Money(12500, "KWD"),
    pay=_pay,
    manual={"capture": "manual"},
    charges=charges,
    notice=_notice,
    signed=_signed,
    console_refund=_console_refund,
    signs_time=False,
    outcome=_outcome,
)
