"""Stripe's own SDK, used for transfers: one request for one transfer, no retries of its own, a time limit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
import stripe
from urllib3.exceptions import NewConnectionError

from functions.settlement.plugins.stripe_payouts.translate import error_of
from monsoon_plugin.errors import ErrorKind, PluginError

PAGES = 10
"""A batch has at most this many pages of a hundred transfers."""


class Client:
    """One merchant's Stripe account, for the calls of one batch."""

    def __init__(self, secret_key: str, base_url: str, seconds: float) -> None:
        """`seconds`: how long one request may take."""
        self._http = stripe.RequestsClient(timeout=seconds, session=_session())
        addresses: Any = {"api": base_url}
        self._stripe = stripe.StripeClient(secret_key, base_addresses=addresses, max_network_retries=0, http_client=self._http)

    def transfer(self, params: Any, key: str) -> Mapping[str, Any]:
        """Make a transfer, once for its key. Raises PluginError: outcome_unknown without an answer."""
        with _translated():
            made: Mapping[str, Any] = self._stripe.v1.transfers.create(params, {"idempotency_key": key}).to_dict()
            return made

    def transfers(self, group: str) -> list[Mapping[str, Any]]:
        """The transfers of a group: by list, which is consistent. Raises PluginError (unavailable)."""
        found: list[Mapping[str, Any]] = []
        for _ in range(PAGES):
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = self._read({"transfer_group": group, "limit": 100, **after})
            found += page["data"]
            if not page["has_more"]:
                return found
        raise PluginError(ErrorKind.UNAVAILABLE, "the batch has more transfers than can be looked through")

    def check(self) -> None:
        """Whether the key is accepted and may read transfers."""
        self._read({"limit": 1})

    def _read(self, params: Any) -> Mapping[str, Any]:
        try:
            with _translated():
                page: Mapping[str, Any] = self._stripe.v1.transfers.list(params).to_dict()
                return page
        except PluginError as error:
            if error.kind is not ErrorKind.OUTCOME_UNKNOWN:
                raise
            raise PluginError(ErrorKind.UNAVAILABLE, "Stripe does not answer.", error.provider_code) from error

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]


def _session() -> requests.Session:
    """Follows no redirect, and reads neither proxies nor passwords from the environment."""
    session = requests.Session()
    session.max_redirects, session.trust_env = 0, False
    return session


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        if _never_sent(error):
            raise PluginError(ErrorKind.UNAVAILABLE, "Stripe cannot be reached.") from None
        # Stripe names this refusal by its type alone; taken for a refused payout it would be paid a second time.
        code = "idempotency_error" if isinstance(error, stripe.IdempotencyError) else error.code
        raise error_of(error.http_status, code) from None


def _never_sent(error: stripe.StripeError) -> bool:
    """Whether no connection came about, or none whose certificate counts."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError)


def verified(body: bytes, header: str, secret: str) -> Mapping[str, Any]:
    """An event whose signature is right, of any age. Raises PluginError (signature)."""
    try:
        # The SDK's own tolerance is 0 = unchecked here: it reads the machine's clock and lets a future time pass.
        event = stripe.Webhook.construct_event(body, header, secret, tolerance=0, api_key="unused")
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise PluginError(ErrorKind.SIGNATURE, "the signature is not Stripe's for this installation") from error
    found: Mapping[str, Any] = event.to_dict()
    return found
