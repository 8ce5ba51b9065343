"""Adyen's own SDK, used for one call at a time. It writes the requests; `send` sends them, within bounds."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from Adyen.client import AdyenClient, AdyenResult  # type: ignore[import-untyped]
from Adyen.exceptions import AdyenError  # type: ignore[import-untyped]
from Adyen.services.checkout.modifications_api import ModificationsApi  # type: ignore[import-untyped]
from Adyen.services.checkout.payment_links_api import PaymentLinksApi  # type: ignore[import-untyped]
from Adyen.services.checkout.payments_api import PaymentsApi  # type: ignore[import-untyped]

from functions.payments.plugins.adyen.translate import error_of
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.requests_call import send

QUESTIONS = ("/paymentMethods",)
"""What is asked by POST and changes nothing."""
OWN_ADDRESS = re.compile(r"^https://[^/]+/v\d+")
"""What the SDK puts before a path: Adyen's test address and the version that the SDK was made for."""


class _Transport:
    """What the SDK calls an HTTP client. Raises PluginError for whatever is not a success with a JSON object."""

    user_agent = "monsoon"

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long one request may take."""
        self._seconds = seconds

    def request(
        self, method: str, url: str, *, xapikey: str, headers: Mapping[str, str], **sdk: Any
    ) -> tuple[str, Any, int, Mapping[str, str]]:  # fmt: skip
        """Answers text, request, status and headers, as the SDK wants them."""
        changes = method != "GET" and not url.endswith(QUESTIONS)
        told = {**headers, "x-api-key": xapikey, "Content-Type": "application/json"}
        document = sdk["json"]
        body = None if document is None else json.dumps(document)
        answer = send("Adyen", method, url, told, body, seconds=self._seconds, changes=changes)
        if not answer.ok:
            refusal = error_of(answer.status, answer.text)
            raise refusal if refusal.kind is not ErrorKind.OUTCOME_UNKNOWN else lost("Adyen", changes=changes, code=refusal.provider_code)
        if answer.document() is None:
            raise lost("Adyen", changes=changes, code=str(answer.status))
        return answer.text, document, answer.status, answer.headers


class _Adyen(AdyenClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client with our address and transport instead of its own."""

    def __init__(self, api_key: str, base_url: str, seconds: float) -> None:
        super().__init__(xapikey=api_key)
        self._base_url = base_url.rstrip("/")
        self.http_client, self.http_init = _Transport(seconds), True

    def _determine_api_url(self, platform: str, endpoint: str) -> str:
        return OWN_ADDRESS.sub(self._base_url, endpoint)


class Client:
    """One merchant's Adyen account, for the calls of one operation."""

    def __init__(self, api_key: str, base_url: str, seconds: float) -> None:
        """`base_url`: with the version. `seconds`: how long one request may take."""
        client = _Adyen(api_key, base_url, seconds)
        self._links, self._changes, self._payments = PaymentLinksApi(client), ModificationsApi(client), PaymentsApi(client)

    def check(self, merchant_account: str) -> None:
        """Whether the key is accepted for the merchant account."""
        self._asked(lambda: self._payments.payment_methods({"merchantAccount": merchant_account}))

    def create(self, link: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return self._asked(lambda: self._links.payment_links(link, idempotency_key=key))

    def find(self, link_id: str) -> Mapping[str, Any] | None:
        """The link, or None if Adyen certainly holds none of this id."""
        try:
            return self._asked(lambda: self._links.get_payment_link(link_id))
        except PluginError as error:
            if error.provider_code != "404":
                raise
            return None

    def expire(self, link_id: str) -> Mapping[str, Any]:
        """End a link that nobody has paid; twice is as good as once."""
        return self._asked(lambda: self._links.update_payment_link({"status": "expired"}, link_id))

    def capture(self, psp: str, body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return self._asked(lambda: self._changes.capture_authorised_payment(body, psp, idempotency_key=key))

    def cancel(self, psp: str, body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return self._asked(lambda: self._changes.cancel_authorised_payment_by_psp_reference(body, psp, idempotency_key=key))

    def refund(self, psp: str, body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return self._asked(lambda: self._changes.refund_captured_payment(body, psp, idempotency_key=key))

    def _asked(self, call: Callable[[], AdyenResult]) -> Mapping[str, Any]:
        with understood():
            found: Mapping[str, Any] = call().message or {}
            return found


@contextmanager
def understood() -> Iterator[None]:
    """An answer of another shape than Adyen's documentation says is PluginError (protocol)."""
    try:
        yield
    except (AdyenError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "Adyen's answer was not understood", type(error).__name__) from error
