"""WeChat Pay by the library wechatpayv3: it writes and signs requests, and checks signatures; the exchange is ours.

The library's own `request` follows redirects, has no deadline, and fetches certificates by itself when it meets a serial number
that it does not know. So it is given ours, and only keys that the merchant has entered are believed.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from wechatpayv3 import WeChatPay, WeChatPayType  # type: ignore[import-untyped]
from wechatpayv3.type import RequestType  # type: ignore[import-untyped]
from wechatpayv3.utils import (  # type: ignore[import-untyped]
    aes_decrypt,
    build_authorization,
    load_certificate,
    load_public_key,
    rsa_verify,
)

from functions.payments.plugins.wechat_pay.translate import CLOSED, UNKNOWN_REFUND, UNKNOWN_TRADE, error_of
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.requests_call import send

NAME = "WeChat Pay"
ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
KEPT = 64
"""A process keeps the read keys of at most this many merchants."""
WAYS = {"native": WeChatPayType.NATIVE, "jsapi": WeChatPayType.JSAPI, "h5": WeChatPayType.H5}
Keys = Sequence[tuple[str, str]]
"""What WeChat Pay signs with, each by its id (PUB_KEY_ID_… or a certificate's serial number) as PEM."""


class Client:
    """One merchant at WeChat Pay, for the calls of one operation."""

    def __init__(
        self, *, mchid: str, appid: str, serial: str, private_key: str, apiv3_key: str, keys: Keys, base_url: str, seconds: float
    ) -> None:
        """`seconds`: for all calls together. Raises PluginError (config) for keys that cannot be read."""
        self._merchant, self._keys, self._base, self._until = (mchid, serial), keys, base_url, time.monotonic() + seconds
        self._sdk = copy(_library(mchid=mchid, private_key=private_key, serial=serial, appid=appid, apiv3_key=apiv3_key, key=keys[0]))
        self._sdk._core = copy(self._sdk._core)
        self._sdk._core.request = self._request

    def place(self, way: str, trade: Mapping[str, Any]) -> Mapping[str, Any]:
        """Place a trade; answers how the shopper gets to it: `code_url`, `prepay_id` or `h5_url`."""
        placed: Mapping[str, Any] = self._sdk.pay(**trade, pay_type=WAYS[way])
        return placed

    def close(self, out_trade_no: str) -> None:
        """So that nobody can pay it any more; a trade that is closed already is."""
        _known(lambda: self._sdk.close(out_trade_no), CLOSED)

    def refund(self, refund: Mapping[str, Any]) -> Mapping[str, Any]:
        asked: Mapping[str, Any] = self._sdk.refund(**refund)
        return asked

    def trade(self, out_trade_no: str) -> Mapping[str, Any] | None:
        """The trade; None if WeChat Pay does not know it."""
        return _known(lambda: self._sdk.query(out_trade_no=out_trade_no), UNKNOWN_TRADE)

    def refund_of(self, out_refund_no: str) -> Mapping[str, Any] | None:
        """The refund; None if WeChat Pay does not know it."""
        return _known(lambda: self._sdk.query_refund(out_refund_no), UNKNOWN_REFUND)

    def signed(self, texts: Sequence[str]) -> str:
        """The merchant's signature of lines of text, for the shopper's browser."""
        signature: str = self._sdk.sign(list(texts))
        return signature

    def _request(self, path: str, method: RequestType = RequestType.GET, data: Any = None) -> Mapping[str, Any]:
        """One request; its answer's object, empty for an answer without a body. Raises PluginError.

        Only 200 and 204 are success, and only signed: 202 says that the shopper is paying at this moment.
        """
        mchid, serial = self._merchant
        body, changes = json.dumps(data) if data else "", method is not RequestType.GET
        headers = {
            "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "monsoon", "Wechatpay-Serial": self._keys[0][0],
            "Authorization": build_authorization(
                path, method.value, mchid, serial_no=serial, private_key=self._sdk._core._private_key, data=body
            ),
        }  # fmt: skip
        answer = send(NAME, method.value, self._base + path, headers, body.encode(), seconds=self._left(), changes=changes)
        document = answer.document()
        if answer.status not in (200, 204):
            refusal = error_of(answer.status, str((document or {}).get("code", "")))
            raise lost(NAME, changes=changes, code=refusal.provider_code) if refusal.kind is ErrorKind.OUTCOME_UNKNOWN else refusal
        if not verified(answer.headers, answer.text, self._keys):
            kind = ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.PROTOCOL
            raise PluginError(kind, "WeChat Pay's answer is not signed with one of the platform_keys of the config.", "unsigned")
        return document or {}

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise PluginError(ErrorKind.UNAVAILABLE, "WeChat Pay answered too slowly to ask it more.")
        return left


@lru_cache(maxsize=KEPT)
def _library(*, mchid: str, private_key: str, serial: str, appid: str, apiv3_key: str, key: tuple[str, str]) -> Any:
    """The library for one merchant; to be copied, for it is changed. Reading a private key takes 50 ms."""
    with _readable():
        return WeChatPay(
            None, mchid, private_key, cert_serial_no=serial, appid=appid, apiv3_key=apiv3_key, public_key=_pem_of(key), public_key_id=key[0]
        )


def verified(headers: Mapping[str, str], body: str, keys: Keys) -> bool:
    """Whether the headers sign the body with one of `keys`, at whatever time (merchant/4013053249). Header names in any case."""
    told = {name.lower().removeprefix("wechatpay-"): value for name, value in headers.items()}
    pem = dict(keys).get(told.get("serial", ""))
    if pem is None or told.get("signature-type", ALGORITHM) != ALGORITHM:
        return False
    with _readable():
        key = _public_key(pem)
    return bool(rsa_verify(told.get("timestamp", ""), told.get("nonce", ""), body, told.get("signature", ""), key))


def opened(notice: Mapping[str, Any], apiv3_key: str) -> Mapping[str, Any]:
    """What a notice holds encrypted (AES-256-GCM, merchant/4012071382). Raises PluginError (signature) for another key's."""
    sealed = notice["resource"]
    plain = aes_decrypt(sealed["nonce"], sealed["ciphertext"], sealed.get("associated_data") or "", apiv3_key)
    if plain is None:
        raise PluginError(ErrorKind.SIGNATURE, "the notice is not encrypted with this installation's apiv3_key")
    found: Mapping[str, Any] = json.loads(plain)
    return found


def _known(ask: Callable[[], Mapping[str, Any]], unknown: frozenset[str]) -> Mapping[str, Any] | None:
    """What is answered; None for a refusal with one of the codes `unknown`."""
    try:
        return ask()
    except PluginError as error:
        if error.provider_code in unknown:
            return None
        raise


def _public_key(pem: str) -> Any:
    return load_certificate(pem).public_key() if "BEGIN CERTIFICATE" in pem else load_public_key(pem)


def _pem_of(key: tuple[str, str]) -> str:
    """The library takes a certificate for a file to be fetched: it is given the public key in it instead."""
    pem: bytes = _public_key(key[1]).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


@contextmanager
def _readable() -> Iterator[None]:
    """The library raises a bare Exception, or answers None, for a key that it cannot read."""
    try:
        yield
    except Exception as error:
        raise PluginError(ErrorKind.CONFIG, "a key of the WeChat Pay config cannot be read") from error
