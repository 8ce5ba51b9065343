"""Alipay's gateway by the library python-alipay-sdk: it writes and signs requests, and checks signatures; the exchange is ours.

The library's own exchange follows redirects, reads answers of any size, and stamps requests with this machine's local time.
"""

import time
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from alipay import AliPay  # type: ignore[import-untyped]
from alipay.exceptions import AliPayException, AliPayValidationError  # type: ignore[import-untyped]

from functions.payments.plugins.alipay.translate import BEIJING, CLOCK, error_of
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.requests_call import Answer, send

NAME = "Alipay"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
KEPT = 64
"""A process keeps the read keys of at most this many merchants."""
UNSIGNED = frozenset({"20001", "40001", "40002", "40005", "40006"})
"""Codes of refusals that the gateway may give unsigned: it does not know for whom to sign, or the request went no further."""


class Client:
    """One merchant's app at Alipay, for the calls of one operation."""

    def __init__(self, *, app_id: str, private_key: str, alipay_public_key: str, base_url: str, seconds: float, now: datetime) -> None:
        """`seconds`: for all calls together. Raises PluginError (config) for keys that cannot be read."""
        self._gateway, self._until = f"{base_url}/gateway.do", time.monotonic() + seconds
        self._now = now.astimezone(BEIJING).strftime(CLOCK)
        self._sdk = _library(app_id, private_key, alipay_public_key)

    def link(self, method: str, content: Mapping[str, Any], **parameters: str) -> str:
        """Where the shopper goes to do `method`; nobody is asked."""
        return f"{self._gateway}?{self._signed(method, content, parameters)}"

    def ask(self, method: str, content: Mapping[str, Any], *, changes: bool, **parameters: str) -> Mapping[str, Any]:
        """One request; what was answered. Raises PluginError for all but code 10000, signed by Alipay."""
        # Everything but the content goes into the address, as with Alipay's own libraries.
        pairs = self._signed(method, content, parameters).split("&")
        body = "&".join(pair for pair in pairs if pair.startswith("biz_content="))
        url = f"{self._gateway}?{'&'.join(pair for pair in pairs if pair != body)}"
        answer = send(NAME, "POST", url, {"Content-Type": FORM}, body, seconds=self._left(), changes=changes)
        told = self._read(answer, f"{method.replace('.', '_')}_response", changes)
        if told.get("code") == "10000":
            return told
        refusal = error_of(told)
        raise lost(NAME, changes=changes, code=refusal.provider_code) if refusal.kind is ErrorKind.OUTCOME_UNKNOWN else refusal

    def verified(self, form: Mapping[str, str]) -> bool:
        """Whether a notice's fields are signed by Alipay (common/02mse7), at whatever time."""
        fields = {name: value for name, value in form.items() if name != "sign"}
        try:
            return fields.get("sign_type") == "RSA2" and bool(self._sdk.verify(fields, form.get("sign", "")))
        except NotBase64:
            return False

    def _signed(self, method: str, content: Mapping[str, Any], parameters: Mapping[str, str]) -> str:
        data = self._sdk.build_body(method, dict(content), timestamp=self._now, format="JSON", **parameters)
        signed: str = self._sdk.sign_data(data)
        return signed

    def _read(self, answer: Answer, name: str, changes: bool) -> Mapping[str, Any]:
        """The answer's signed part, or the gateway's own unsigned refusal."""
        document = answer.document()
        if answer.status == 429:
            raise PluginError(ErrorKind.RATE_LIMITED, "Alipay asks us to slow down.", "429")
        if answer.status != 200 or document is None:
            raise lost(NAME, changes=changes, code=str(answer.status))
        try:
            told: Mapping[str, Any] = self._sdk._verify_and_return_sync_response(answer.text, name)
        except (AliPayValidationError, NotBase64):
            kind = ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.PROTOCOL
            raise PluginError(kind, "Alipay's answer is not signed with the alipay_public_key of the config.", "unsigned") from None
        except (AliPayException, AttributeError):
            told = document.get(name) or document.get("error_response") or {}
            if told.get("code") not in UNSIGNED:
                raise lost(NAME, changes=changes, code="unsigned") from None
        return told

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise PluginError(ErrorKind.UNAVAILABLE, "Alipay answered too slowly to ask it more.")
        return left


@lru_cache(maxsize=KEPT)
def _library(app_id: str, private_key: str, alipay_public_key: str) -> Any:
    """The library for one app; it keeps nothing of a call. Reading a private key takes 50 ms."""
    try:
        keys = _pem(private_key, "PRIVATE KEY"), _pem(alipay_public_key, "PUBLIC KEY")
        return AliPay(app_id, app_private_key_string=keys[0], alipay_public_key_string=keys[1], sign_type="RSA2")
    except (ValueError, IndexError, TypeError) as error:
        raise PluginError(ErrorKind.CONFIG, "a key of the Alipay config cannot be read") from error


def _pem(key: str, label: str) -> str:
    """Alipay's console gives keys as bare base64."""
    return key if "-----BEGIN" in key else f"-----BEGIN {label}-----\n{key.strip()}\n-----END {label}-----"
