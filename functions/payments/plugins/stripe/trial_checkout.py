"""Stripe's hosted page, tried against sessions that we wrote beside localstripe, held to Stripe's published OpenAPI."""

from dataclasses import replace
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener

from functions.payments.plugins.stripe.sessions import CHECKOUT
from functions.payments.plugins.stripe.trial import IGNORES_KEYS
from functions.payments.plugins.stripe.trial import TRIAL as BY_CARD
from monsoon_plugin.payment import PaymentView


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """The shop is not there."""


def pay(address: str, view: PaymentView) -> None:
    """The shopper pays by a card on Stripe's page."""
    try:
        build_opener(_Stay).open((view.next_action or {})["url"], urlencode({"card": "pm_card_visa"}).encode()).close()
    except HTTPError as back:
        if back.code != 303:
            raise


TRIAL = replace(
    BY_CARD,
    standin="sessions of ours beside localstripe 1.15.10 (PyPI), held to Stripe's published OpenAPI",
    method=CHECKOUT,
    data=None,
    return_url="https://shop.example/thanks",
    declined=None,
    confirmation=None,
    pay=pay,
    gaps={"test_one_refund_pays_once_under[doubled]": IGNORES_KEYS},
)
