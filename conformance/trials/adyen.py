"""The kit's trial of Adyen."""

from conformance.proxy import Sent, is_change
from conformance.standins.adyen import ACCOUNT, API_KEY, HMAC_KEY, Adyen, charges, pay, started
from conformance.trial import About, PaymentTrial
from functions.payments.payment import PaymentView
from functions.payments.plugins.adyen.translate import AT_ONCE, Place, Reference, amount_of
from shared.money import Money
from shared.providers.plugin import RawWebhook

NOT_CHANGES = ("/paymentMethods", "/pay/")
"""Asking for the ways to pay is a question, and the shopper's payment is not ours."""


def _changes(sent: Sent) -> bool:
    return is_change(sent) and not sent.path.startswith(NOT_CHANGES)


def _pay(address: str, view: PaymentView) -> None:
    pay(address, Place.parse(view.provider_ref).link)


def _notice(about: About) -> RawWebhook:
    reference = str(Reference(about.order_id, about.payment_id, AT_ONCE))
    link = {"paymentLinkId": Place.parse(about.provider_ref).link}
    return RawWebhook(Adyen().tell("AUTHORISATION", about.event_id, reference, amount_of(about.amount), extra=link), {})


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
)
