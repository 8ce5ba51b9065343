"""PayPal's own SDK, used for one call at a time. It writes the requests; `send` sends them, within bounds."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from apimatic_core.http.response.http_response import HttpResponse  # type: ignore[import-untyped]
from paypalserversdk.configuration import Configuration  # type: ignore[import-untyped]
from paypalserversdk.http.auth.o_auth_2 import ClientCredentialsAuthCredentials  # type: ignore[import-untyped]
from paypalserversdk.models.o_auth_token import OAuthToken  # type: ignore[import-untyped]
from paypalserversdk.paypal_serversdk_client import PaypalServersdkClient  # type: ignore[import-untyped]

from functions.payments.plugins.paypal.translate import error_of
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.requests_call import send

NO_SUCH = frozenset({"RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID"})
WHOLE_ANSWER = "return=representation"
EARLY = 60
"""Seconds before its end at which a token is not used any more."""
MOST_TOKENS = 200
"""Merchants whose tokens one process holds; those used longest ago go first."""


class Tokens:
    """Access tokens of this process, by place and credentials: PayPal gives each for about nine hours. Never shown."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, OAuthToken] = OrderedDict()

    def get(self, owner: bytes) -> OAuthToken | None:
        if owner in self._held:
            self._held.move_to_end(owner)
        return self._held.get(owner)

    def keep(self, owner: bytes, token: OAuthToken) -> None:
        self._held[owner] = token
        while len(self._held) > MOST_TOKENS:
            self._held.popitem(last=False)

    def drop(self, owner: bytes) -> None:
        self._held.pop(owner, None)


TOKENS = Tokens()


class _Transport:
    """What the SDK calls an HTTP client. Raises PluginError for whatever is not a success with a JSON object."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long one request may take."""
        self._seconds = seconds

    def execute(self, request: Any, endpoint_configuration: Any) -> HttpResponse:
        changes = request.http_method != "GET" and not request.query_url.endswith("/v1/oauth2/token")
        body = request.parameters.encode() if isinstance(request.parameters, str) else request.parameters
        answer = send(
            "PayPal", request.http_method, request.query_url, request.headers, body, seconds=self._seconds, changes=changes
        )  # fmt: skip
        if not answer.ok:
            refusal = error_of(answer.status, answer.text)
            raise refusal if refusal.kind is not ErrorKind.OUTCOME_UNKNOWN else lost("PayPal", changes=changes, code=refusal.provider_code)
        if answer.document() is None:
            raise lost("PayPal", changes=changes, code=str(answer.status))
        return HttpResponse(answer.status, "", answer.headers, answer.text, request)


class _Place(Configuration):  # type: ignore[misc]  # the SDK has no types
    """The SDK's configuration with our address and transport instead of its own."""

    def __init__(self, base_url: str, transport: _Transport, credentials: ClientCredentialsAuthCredentials) -> None:
        self._base_url, self._transport = base_url, transport
        super().__init__(client_credentials_auth_credentials=credentials)

    def create_http_client(self) -> _Transport:
        return self._transport

    def get_base_uri(self, server: Any = None) -> str:
        return self._base_url


class Client:
    """One merchant's PayPal app, for the calls of one operation."""

    def __init__(self, client_id: str, secret: str, base_url: str, seconds: float, tokens: Tokens = TOKENS) -> None:
        """`seconds`: how long one request may take."""
        self._tokens, self._owner = tokens, sha256("\0".join((base_url, client_id, secret)).encode()).digest()
        self._held = tokens.get(self._owner)
        credentials = ClientCredentialsAuthCredentials(
            client_id, secret, o_auth_token=self._held, o_auth_clock_skew=EARLY,
            o_auth_on_token_update=lambda token: tokens.keep(self._owner, token),
        )  # fmt: skip
        self._paypal = PaypalServersdkClient(config=_Place(base_url, _Transport(seconds), credentials))

    def check(self) -> None:
        """Whether PayPal gives these credentials a token."""
        self._asked(lambda p: p.oauth_2.fetch_token())

    def create(self, order: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        options = {"body": order, "paypal_request_id": key, "prefer": WHOLE_ANSWER}
        return self._document(lambda p: p.orders.create_order(options))

    def order(self, order_id: str) -> Mapping[str, Any]:
        return self._document(lambda p: p.orders.get_order({"id": order_id}))

    def find(self, order_id: str) -> Mapping[str, Any] | None:
        """The order, or None if PayPal certainly holds none of this id."""
        try:
            return self.order(order_id)
        except PluginError as error:
            if error.provider_code not in NO_SUCH:
                raise
            return None

    def found_capture(self, capture_id: str) -> Mapping[str, Any] | None:
        """A capture, or None if PayPal holds none of this id for this merchant."""
        try:
            return self._document(lambda p: p.payments.get_captured_payment({"capture_id": capture_id}))
        except PluginError as error:
            if error.provider_code not in NO_SUCH:
                raise
            return None

    def take(self, order_id: str, key: str, *, capture: bool) -> Mapping[str, Any]:
        """Capture an approved order, or authorize it."""
        options = {"id": order_id, "paypal_request_id": key, "prefer": WHOLE_ANSWER}
        return self._document(lambda p: p.orders.capture_order(options) if capture else p.orders.authorize_order(options))

    def capture(self, authorization_id: str, amount: Mapping[str, str], key: str) -> Mapping[str, Any]:
        """Capture a part or all of an authorization, and give the rest back to the shopper."""
        body = {"amount": amount, "final_capture": True}
        options = {"authorization_id": authorization_id, "body": body, "paypal_request_id": key, "prefer": WHOLE_ANSWER}
        return self._document(lambda p: p.payments.capture_authorized_payment(options))

    def void(self, authorization_id: str, key: str) -> Mapping[str, Any]:
        options = {"authorization_id": authorization_id, "paypal_request_id": key, "prefer": WHOLE_ANSWER}
        return self._document(lambda p: p.payments.void_payment(options))

    def refund(self, capture_id: str, body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        options = {"capture_id": capture_id, "body": body, "paypal_request_id": key, "prefer": WHOLE_ANSWER}
        return self._document(lambda p: p.payments.refund_captured_payment(options))

    def _document(self, call: Callable[[PaypalServersdkClient], Any]) -> Mapping[str, Any]:
        """The answer as PayPal wrote it: the SDK's models drop what they do not know."""
        response = self._asked(call)
        with understood():
            document: Mapping[str, Any] = json.loads(response.text)
            return document

    def _asked(self, call: Callable[[PaypalServersdkClient], Any]) -> Any:
        try:
            with understood():
                return call(self._paypal)
        except PluginError as error:
            if error.kind is not ErrorKind.CONFIG or self._held is None:
                raise
            self._tokens.drop(self._owner)
            raise PluginError(
                ErrorKind.UNAVAILABLE, "PayPal ended our access early. It will be tried again.", error.provider_code
            ) from None


@contextmanager
def understood() -> Iterator[None]:
    """An answer of another shape than PayPal's documentation says is PluginError (protocol)."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "PayPal's answer was not understood", type(error).__name__) from error
