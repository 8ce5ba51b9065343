"""The kit's trial of PayPal."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.payments.plugins.paypal.certificates import CERTIFICATES
from functions.payments.plugins.paypal.standin import CLIENT_ID, SECRET, approve, charges, refund_by_hand, started
from functions.payments.plugins.paypal.standin_signer import CERTIFICATE_URL, signer
from functions.payments.plugins.paypal.translate import value_of
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial, Sent, is_change

WEBHOOK_ID = "1JE4291016473214C"
NOT_CHANGES = ("/v1/oauth2/token", "/approve/", "/console/")
"""Asking for a token is a question, and the shopper's approval is not ours."""


def _changes(sent: Sent) -> bool:
    return is_change(sent) and not sent.path.startswith(NOT_CHANGES)


def _notice(about: About) -> RawWebhook:
    capture = {"id": "3C679366HH908993F", "status": "COMPLETED", "amount": value_of(about.amount),
               "custom_id": f"{about.order_id}/{about.payment_id}"}  # fmt: skip
    event = {"id": about.event_id, "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": capture}
    return _signed(about.config, json.dumps(event).encode(), about.at)


def _signed(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    CERTIFICATES.keep(CERTIFICATE_URL, signer().certificate)
    return signer().sign(body, config["webhook_id"], at)


def _console_refund(address: str, about: About, amount: int) -> None:
    refund_by_hand(address, about.provider_ref, value_of(Money(amount, about.amount.currency))["value"])


TRIAL = PaymentTrial(
    config={"client_id": CLIENT_ID, "client_secret": SECRET, "webhook_id": WEBHOOK_ID, "currencies": ["EUR", "JPY", "HUF"]},
    secrets=(SECRET,),
    bad_config={"client_secret": "EanotherSecretThatIsNotKnown"},
    standin="a PayPal of one process behind Prism 5.16 (npm), which holds requests and answers to PayPal's published OpenAPI",
    start=started,
    changes=_changes,
    confirmation={},
    pay=lambda address, view: approve(address, view.provider_ref),
    manual={"capture": "manual"},
    charges=charges,
    notice=_notice,
    signed=_signed,
    console_refund=_console_refund,
    gaps={
        "test_a_payment_is_found_by_our_own_id": "PayPal finds no order by our id (developer.paypal.com/docs/api/orders/v2): "
        "a start whose answer was lost is sent again with its PayPal-Request-Id, which answers the same order",
    },
)
