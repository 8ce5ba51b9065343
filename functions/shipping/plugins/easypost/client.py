"""EasyPost's own SDK, used for one call at a time: one request, no retries of its own, one deadline for all calls of an operation."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from easypost.easypost_client import EasyPostClient
from easypost.errors.api.api_error import ApiError

from functions.shipping.plugins.easypost.translate import error_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.http_call import send
from monsoon_plugin.outbound.call import Request
from monsoon_plugin.outbound.ssrf_url import LOOPBACK
from monsoon_plugin.plugin import Ctx
from monsoon_plugin.requests_call import send as send_by_requests

Kind = Literal["shipment", "order"]
SHORTEST = 0.5
"""Seconds; a call is given at least this much."""
FILES = ("easypost-files.s3.us-west-2.amazonaws.com", "easypost-files.s3-us-west-2.amazonaws.com")
"""Where EasyPost keeps labels and forms."""


class Client:
    """One merchant's EasyPost account, for the calls of one operation."""

    def __init__(self, ctx: Ctx[Any], api_key: str) -> None:
        self._ctx, self._until, self._changes = ctx, time.monotonic() + ctx.seconds, False
        self._sdk = EasyPostClient(api_key, api_base=f"{ctx.base_url.rstrip('/')}/v2")
        session: Any = SimpleNamespace(request=self._sent)
        # Instead of the SDK's own, which tries a lost connection three times more and follows redirects.
        self._sdk._requests_session = session

    def check(self) -> None:
        """Whether the key is accepted."""
        self._read(lambda: self._sdk.address.all(page_size=1))

    def quote(self, kind: Kind, params: Mapping[str, Any]) -> Any:
        """A new Shipment or Order with its rates. Nothing is bought: if the answer is lost, nothing has happened."""
        return self._read(lambda: self._service(kind).create(**params))

    def find(self, kind: Kind, name: str) -> Any:
        """By its id or its reference (docs.easypost.com/docs/shipments, `reference`); None if EasyPost knows none."""
        try:
            return self._read(lambda: self._service(kind).retrieve(quote(name, safe="")))
        except PluginError as error:
            if error.provider_code.endswith("NOT_FOUND"):
                return None
            raise

    def buy(self, kind: Kind, made: Mapping[str, Any], rate: Mapping[str, Any]) -> Any:
        """The same Shipment or Order with its labels. EasyPost sells each at most one."""
        chosen = {"rate": {"id": rate["id"]}} if kind == "shipment" else {"carrier": rate["carrier"], "service": rate["service"]}
        return self._asked(lambda: self._service(kind).buy(made["id"], **chosen))

    def refund(self, shipment_id: str) -> Any:
        """The Shipment with its refund_status."""
        return self._asked(lambda: self._sdk.shipment.refund(shipment_id))

    def refund_all(self, carrier: str, tracking_codes: list[str]) -> Any:
        """One Refund for each label of one carrier."""
        return self._asked(lambda: self._sdk.refund.create(carrier=carrier, tracking_codes=tracking_codes))

    def converted(self, shipment_id: str, wanted: str) -> Any:
        """The Shipment, after its label was made in the format `wanted` too."""
        return self._read(lambda: self._sdk.shipment.label(shipment_id, file_format=wanted))

    def file(self, url: str) -> bytes:
        """A label or form. Raises PluginError (protocol) if it lies at no host of EasyPost's, nor at a stand-in's on this machine."""
        place = urlsplit(url)
        here = self._ctx.local and place.hostname in LOOPBACK
        if not here and (place.scheme != "https" or place.netloc not in FILES):
            raise PluginError(ErrorKind.PROTOCOL, "EasyPost named a file at a place that is not EasyPost's", place.netloc[:100])
        ctx = replace(self._ctx, deadline=self._ctx.now + timedelta(seconds=self._left()))
        outcome = send(ctx, Request(url, {}, b"", "GET"), changes=False)
        if outcome.status != 200:
            raise PluginError(ErrorKind.UNAVAILABLE, "EasyPost does not show the label.", str(outcome.status))
        return outcome.body

    def _service(self, kind: Kind) -> Any:
        return self._sdk.shipment if kind == "shipment" else self._sdk.order

    def _asked(self, call: Callable[[], Any]) -> Any:
        """A change: without an answer nobody knows whether it was made."""
        self._changes = True
        return self._answered(call)

    def _read(self, call: Callable[[], Any]) -> Any:
        """A question: without an answer nothing has happened."""
        self._changes = False
        return self._answered(call)

    def _answered(self, call: Callable[[], Any]) -> Any:
        try:
            return _plain(call())
        except ApiError as error:
            if isinstance(error.__context__, PluginError):  # what `_sent` raised, which the SDK wraps
                raise error.__context__ from None
            raise error_of(error.http_status, error.code, error.errors or (), changes=self._changes) from None

    def _sent(self, *, method: str, url: str, params: Any, headers: Any, json: Any, timeout: float, verify: bool) -> Any:
        """What the SDK calls instead of a session of `requests`, with the arguments that it gives."""
        where = f"{url}?{urlencode(params)}" if params else url
        body = None if json is None else dumps(json).encode()
        typed = headers | {"Content-Type": "application/json"}
        answer = send_by_requests("EasyPost", method, where, typed, body, seconds=self._left(), changes=self._changes)
        return SimpleNamespace(text=answer.text, status_code=answer.status, headers=answer.headers)

    def _left(self) -> float:
        return max(self._until - time.monotonic(), SHORTEST)


def _plain(answer: Any) -> Any:
    """The SDK's objects as JSON has them."""
    return [_plain(each) for each in answer] if isinstance(answer, list) else answer.to_dict()
