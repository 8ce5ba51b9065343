"""Stripe's stand-in for tests and the laptop: localstripe's server, on 127.0.0.1 only, forgetting everything when it ends.

`python -m functions.payments.plugins.stripe.standin --port 8420`. What localstripe lacks and the plug-in needs is added here, and nothing
else: a payment method in `confirm`, `amount_received`, a list of intents by time, newest first, and Checkout Sessions with their page
(standin_checkout.py).
"""

import argparse
from typing import Any

from aiohttp import web
from localstripe import resources
from localstripe.resources import PaymentIntent, PaymentMethod
from localstripe.webhooks import _webhooks

from functions.payments.plugins.stripe import standin_checkout, standin_store

standin_store.install()
_confirm, _list = PaymentIntent._api_confirm, PaymentIntent._api_list_all


def confirm(id: str, payment_method: str | None = None, **data: Any) -> Any:
    """Confirm with a payment method, also after a decline."""
    if payment_method is not None:
        intent = PaymentIntent._api_retrieve(id)
        if intent.status not in ("requires_payment_method", "requires_confirmation"):
            raise resources.UserError(400, "unexpected state", {"code": "payment_intent_unexpected_state"})
        intent.payment_method, intent.latest_charge = PaymentMethod._api_retrieve(payment_method).id, None
    return _confirm(id, **data)


def cancel(id: str, **data: Any) -> Any:
    """Refuse with Stripe's own code what can no longer be cancelled."""
    if PaymentIntent._api_retrieve(id).status in ("succeeded", "processing"):
        raise resources.UserError(400, "unexpected state", {"code": "payment_intent_unexpected_state"})
    return _cancel(id, **data)


def listed(cls: Any, /, url: str, created: dict[str, str] | None = None, **data: Any) -> Any:
    """The intents since `created[gte]`, newest first."""
    found = _list(url, **data)
    since = int((created or {}).get("gte", 0))
    found._list = [intent for intent in reversed(found._list) if intent.created >= since]
    return found


def amount_received(intent: Any) -> int:
    """What was captured; localstripe books what a partial capture leaves as a refund of the charge."""
    if intent.status != "succeeded":
        return 0
    left = (int(r.amount) for r in intent.latest_charge.refunds._list if r.payment_intent is None)
    return int(intent.amount) - sum(left)


_cancel = PaymentIntent._api_cancel
PaymentIntent._api_list_all = classmethod(listed)
PaymentIntent.amount_received = property(amount_received)
resources.extra_apis[:] = [
    (method, url, {_confirm: confirm, _cancel: cancel}.get(view, view)) for method, url, view in resources.extra_apis
]
_schedule = resources.schedule_webhook


def schedule(event: Any) -> None:
    """Nothing is made of an event that nobody wants to hear."""
    if _webhooks:
        _schedule(event)


resources.schedule_webhook = schedule


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8420)
    port = parser.parse_args().port
    from localstripe.server import app

    standin_checkout.install(app, f"http://127.0.0.1:{port}")
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
