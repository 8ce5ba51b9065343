"""SF Express's open platform: signed forms to one address, answers in two envelopes (open.sf-express.com/developSupport/976720)."""

import json
import time
import uuid
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import md5
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from functions.shipping.plugins.sf_express.translate import platform_error, refusal_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.http_call import send
from monsoon_plugin.outbound.call import Outcome, Request
from monsoon_plugin.outbound.ssrf_url import LOOPBACK
from monsoon_plugin.plugin import Ctx

MAINLAND, HONG_KONG, SANDBOX = "bspgw.sf-express.com", "sfapi-hk.sf-express.com", "sfapi-sbox.sf-express.com"
"""The platform's addresses (open.sf-express.com/Api, "公共参数")."""
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
SHORTEST = 0.5
"""Seconds; a call is given at least this much."""


def digest(message: str, timestamp: str, checkword: str) -> str:
    """msgDigest, the platform's "standard MD5" signature: base64(md5(urlencode(message + timestamp + checkword))).

    The platform encodes as Java's URLEncoder does: `*` stays, `~` does not, a space becomes `+`.
    """
    encoded = quote_plus(message + timestamp + checkword, safe="*").replace("~", "%7E")
    return b64encode(md5(encoded.encode(), usedforsecurity=False).digest()).decode()


class Client:
    """One merchant's account, for the calls of one operation."""

    def __init__(self, ctx: Ctx[Any], partner_id: str, checkword: str, live_host: str) -> None:
        """`live_host`: MAINLAND or HONG_KONG; an installation for tests calls the sandbox."""
        self._ctx, self._until, self._partner_id, self._checkword = ctx, time.monotonic() + ctx.seconds, partner_id, checkword
        host = live_host if ctx.mode == "live" else SANDBOX
        self._base = f"https://{host}" if ctx.base_url == f"https://{MAINLAND}" else ctx.base_url.rstrip("/")

    def ask(self, service: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """A question's answer. Raises PluginError, with the platform's error code as provider_code."""
        return self._called(service, message, changes=False)

    def change(self, service: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of what asks for an effect: without one nobody knows whether it was made."""
        return self._called(service, message, changes=True)

    def file(self, url: str, token: str) -> bytes:
        """A label that was printed to a file. Raises PluginError (protocol) if it lies at no host of SF Express's."""
        place = urlsplit(url)
        here = self._ctx.local and place.hostname in LOOPBACK
        if not here and (place.scheme != "https" or not (place.hostname or "").endswith(".sf-express.com")):
            raise PluginError(ErrorKind.PROTOCOL, "SF Express named a file at a place that is not its own", place.netloc[:100])
        outcome = send(self._limited(), Request(url, {"X-Auth-token": token}, b"", "GET"), changes=False)
        if outcome.status != 200:
            raise PluginError(ErrorKind.UNAVAILABLE, "SF Express does not show the label.", str(outcome.status))
        return outcome.body

    def _called(self, service: str, message: Mapping[str, Any], *, changes: bool) -> Mapping[str, Any]:
        text, timestamp = json.dumps(message, ensure_ascii=False), str(int(self._ctx.now.timestamp() * 1000))
        fields = {
            "partnerID": self._partner_id, "requestID": str(uuid.uuid4()), "serviceCode": service, "timestamp": timestamp,
            "msgDigest": digest(text, timestamp, self._checkword), "msgData": text,
        }  # fmt: skip
        request = Request(f"{self._base}/std/service", FORM, urlencode(fields).encode())
        return _opened(send(self._limited(), request, changes=changes), changes=changes)

    def _limited(self) -> Ctx[Any]:
        left = max(self._until - time.monotonic(), SHORTEST)
        return replace(self._ctx, deadline=self._ctx.now + timedelta(seconds=left))


def _opened(outcome: Outcome, *, changes: bool) -> Mapping[str, Any]:
    """What the service itself answered, out of the platform's envelope. Raises PluginError unless both say success."""
    try:
        envelope = json.loads(outcome.body, parse_float=Decimal)
        code, inner = envelope["apiResultCode"], envelope.get("apiResultData")
        if outcome.status != 200 or code != "A1000":
            raise platform_error(outcome.status, code, changes=changes)
        answer: Mapping[str, Any] = json.loads(inner, parse_float=Decimal) if isinstance(inner, str) else inner
        succeeded = answer["success"] in (True, "true") and answer.get("errorCode") in (None, "", "S0000")
        refusal = None if succeeded else refusal_of(answer, changes=changes)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise platform_error(outcome.status, "", changes=changes) from None
    if refusal:
        raise refusal
    return answer
