"""Stripe's own SDK, used for one call at a time: one request, no retries of its own, a time limit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import requests
import stripe

from functions.payments.plugins.stripe.sessions import CHECKOUT, Place, place_of
from functions.payments.plugins.stripe.translate import MISSING, error_of
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.requests_call import never_sent

T = TypeVar("T")
EXPAND = ["latest_charge.balance_transaction"]
EXPAND_SESSION = ["payment_intent.latest_charge.balance_transaction"]
PAGES = 10
"""A payment is looked for among at most this many pages of a hundred."""
SHORTEST = 0.5
"""Seconds; a call is given at least this much."""


class Forbidden(PluginError):
    """The key is known, and may not do this: a restricted key lacks a permission."""


class OneRequest(requests.Session):
    """The SDK's own session would follow redirects, a change with them, and ask the environment for proxies and passwords."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *given: Any, **named: Any) -> requests.Response:
        return super().request(*given, **named | {"allow_redirects": False})


class Client:
    """One merchant's Stripe account, for the calls of one operation."""

    def __init__(self, secret_key: str, base_url: str, seconds: float) -> None:
        """`seconds`: how long one request may take."""
        self._http = stripe.RequestsClient(timeout=max(seconds, SHORTEST), session=OneRequest())
        addresses: Any = {"api": base_url}
        self._stripe = stripe.StripeClient(secret_key, base_addresses=addresses, max_network_retries=0, http_client=self._http)

    def create(self, params: Any, key: str) -> Mapping[str, Any]:
        return self._asked(lambda s: s.v1.payment_intents.create(params | {"expand": EXPAND}, _options(key)))

    def create_session(self, params: Any, key: str) -> Mapping[str, Any]:
        return self._asked(lambda s: s.v1.checkout.sessions.create(params | {"expand": EXPAND_SESSION}, _options(key)))

    def expire_session(self, session_id: str, key: str) -> Mapping[str, Any]:
        return self._asked(lambda s: s.v1.checkout.sessions.expire(session_id, {"expand": EXPAND_SESSION}, _options(key)))

    def amend(self, verb: str, intent_id: str, params: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """`verb`: confirm, capture or cancel."""
        return self._asked(lambda s: getattr(s.v1.payment_intents, verb)(intent_id, {**params, "expand": EXPAND}, _options(key)))

    def refund(self, params: Any, key: str) -> Mapping[str, Any]:
        return self._asked(lambda s: s.v1.refunds.create(params, _options(key)))

    def retrieve(self, intent_id: str) -> Mapping[str, Any]:
        return self._read(lambda s: s.v1.payment_intents.retrieve(intent_id, {"expand": EXPAND}).to_dict())

    def session(self, session_id: str) -> Mapping[str, Any]:
        return self._read(lambda s: s.v1.checkout.sessions.retrieve(session_id, {"expand": EXPAND_SESSION}).to_dict())

    def known(self, place: Place) -> Mapping[str, Any] | None:
        """The session, or else the intent; None if the account certainly holds none of this id."""
        try:
            return self.session(place.session) if place.session else self.retrieve(place.intent)
        except PluginError as error:
            if error.provider_code != MISSING:
                raise
            return None

    def refunds(self, intent_id: str) -> list[Mapping[str, Any]]:
        """The intent's refunds, at most a hundred: more than a payment may have operations."""
        return self._read(lambda s: s.v1.refunds.list({"payment_intent": intent_id, "limit": 100}).to_dict()["data"])

    def disputes(self, intent_id: str) -> list[Mapping[str, Any]]:
        """The intent's disputes, at most ten."""
        return self._read(lambda s: s.v1.disputes.list({"payment_intent": intent_id, "limit": 10}).to_dict()["data"])

    def check(self) -> None:
        """Whether the key is accepted and may read payments."""
        self._listed({"limit": 1})

    def find(self, payment_id: str, since: datetime) -> Place | None:
        """Where the payment is, made since `since`; None if there certainly is none: no intent, and no session that has none yet.

        By list, which is consistent, not by search, which may lag by a minute (docs.stripe.com/search).
        Raises PluginError (unavailable) if more were made since than PAGES hold.
        """
        intent = self._sought(self._listed, lambda told: _said(told, "payment_id") == payment_id, since)
        if intent is None:
            session = self._sought(self._sessions, lambda told: told["client_reference_id"] == payment_id, since)
            return place_of(session) if session else None
        if _said(intent, "by") != CHECKOUT:
            return Place(intent=intent["id"])
        return next((place_of(session) for session in self._sessions({"payment_intent": intent["id"]})["data"]), Place(intent=intent["id"]))

    def _sought(
        self, page_of: Callable[[Any], Any], is_it: Callable[[Mapping[str, Any]], bool], since: datetime
    ) -> Mapping[str, Any] | None:
        params: Any = {"limit": 100, "created": {"gte": int(since.timestamp())}}
        for _ in range(PAGES):
            page = page_of(params)
            for told in page["data"]:
                if is_it(told):
                    found: Mapping[str, Any] = told
                    return found
            if not page["has_more"]:
                return None
            params = {**params, "starting_after": page["data"][-1]["id"]}
        raise PluginError(ErrorKind.UNAVAILABLE, "too many payments were made since to look through")

    def _sessions(self, params: Any) -> Any:
        """A page of sessions; none where the key may not read them, for then it has made none."""
        try:
            return self._read(lambda s: s.v1.checkout.sessions.list(params).to_dict())
        except Forbidden:
            return {"data": [], "has_more": False}

    def _listed(self, params: Any) -> Any:
        return self._read(lambda s: s.v1.payment_intents.list(params).to_dict())

    def _asked(self, call: Callable[[stripe.StripeClient], Any]) -> Mapping[str, Any]:
        """A change: without an answer nobody knows whether it was made."""
        with _translated():
            made: Mapping[str, Any] = call(self._stripe).to_dict()
            return made

    def _read(self, call: Callable[[stripe.StripeClient], T]) -> T:
        """A question: without an answer nothing has happened."""
        try:
            with _translated():
                return call(self._stripe)
        except PluginError as error:
            if error.kind is not ErrorKind.OUTCOME_UNKNOWN:
                raise
            raise PluginError(ErrorKind.UNAVAILABLE, "Stripe does not answer.", error.provider_code) from error

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except stripe.APIConnectionError as error:
        sent = not (isinstance(error.__context__, Exception) and never_sent(error.__context__))
        raise lost("Stripe", changes=sent) from None
    except stripe.StripeError as error:
        refusal = error_of(error.http_status, error.code, getattr(error.error, "decline_code", None))
        forbidden = isinstance(error, stripe.PermissionError)
        raise (Forbidden(refusal.kind, refusal.message, refusal.provider_code) if forbidden else refusal) from None


def _said(intent: Mapping[str, Any], name: str) -> Any:
    return (intent["metadata"] or {}).get(name)


def _options(key: str) -> Any:
    return {"idempotency_key": key}


def verified(body: bytes, header: str, secret: str) -> Mapping[str, Any]:
    """An event whose signature is right, of any age. Raises PluginError (signature)."""
    try:
        # The SDK's own tolerance is 0 = unchecked here: it reads the machine's clock and lets a future time pass.
        event = stripe.Webhook.construct_event(body, header, secret, tolerance=0, api_key="unused")
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise PluginError(ErrorKind.SIGNATURE, "the signature is not Stripe's for this installation") from error
    found: Mapping[str, Any] = event.to_dict()
    return found
