"""An Adyen of one process: links, captures, cancellations and refunds as Adyen documents them, behind Prism, which holds it to that.

Adyen tells outcomes by notice only: `notices` holds them, signed, in the order in which Adyen would send them.
What it cannot show: refusals by banks and risk rules, and what 7 days do to an Idempotency-Key.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen
from zlib import crc32

from conformance.standins.prism.serve import Asked, Reply, held_to
from functions.payments.plugins.adyen.notices import signature_of

DOCUMENTS = {"/payment": "adyen-checkout-71.json"}
API_KEY, HMAC_KEY, ACCOUNT = "AQEthe-api-key-of-the-test-account-never-shown", "5A" * 32, "MonsoonECOM"


@dataclass
class Adyen:
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    """PSP reference → its link, and what is left to capture and to refund."""
    notices: list[bytes] = field(default_factory=list)
    done: dict[tuple[str, str], Reply] = field(default_factory=dict)
    """By path and Idempotency-Key: the same answer again."""
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, asked: Asked) -> Reply:
        if paid := re.fullmatch(r"/pay/(\w+)", asked.path):
            return 200, {"pspReference": self.pay(paid[1])}
        if counted := re.fullmatch(r"/charges/(\w+)", asked.path):
            return 200, {"charges": self.charges(counted[1])}
        if asked.headers.get("x-api-key") != API_KEY:
            return _error(401, "000", "HTTP Status Response - Unauthorized", "security")
        key = (asked.path, asked.headers.get("idempotency-key", ""))
        if not key[1] or key not in self.done:
            reply = self._do(asked)
            if reply[0] >= 400:
                return reply
            self.done[key] = reply
        return self.done.get(key) or reply

    def pay(self, link_id: str) -> str:
        """What the shopper does on Adyen's page."""
        link, psp = self.links[link_id], psp_of(link_id)
        link["status"] = "completed"
        value = link["amount"]["value"]
        by_hand = link["manualCapture"]
        self.payments[psp] = {"authorized": value if by_hand else 0, "captured": 0 if by_hand else value, "link": link}
        self.tell("AUTHORISATION", psp, link["reference"], link["amount"], extra={"paymentLinkId": link_id})
        return psp

    def charges(self, payment_id: str) -> int:
        """How often money was taken or promised for a payment."""
        return sum(payment["link"]["metadata"]["payment_id"] == payment_id for payment in self.payments.values())

    def tell(
        self, event: str, psp: str, reference: str, amount: Mapping[str, Any], *, original: str = "", success: bool = True,
        reason: str = "", extra: Mapping[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        """A notice, signed as Adyen signs."""
        item: dict[str, Any] = {
            "amount": dict(amount), "eventCode": event, "eventDate": "2026-11-23T03:00:00+01:00", "merchantAccountCode": ACCOUNT,
            "merchantReference": reference, "pspReference": psp, "reason": reason, "success": "true" if success else "false",
        } | ({"originalReference": original} if original else {})  # fmt: skip
        item["additionalData"] = {**(extra or {}), "hmacSignature": signature_of(item, HMAC_KEY).decode()}
        notice = json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}).encode()
        self.notices.append(notice)
        return notice

    def _do(self, asked: Asked) -> Reply:
        told = asked.document
        if asked.method == "POST" and told.get("merchantAccount") != ACCOUNT:
            return _error(403, "901", "Invalid Merchant Account", "security")
        match asked.path.strip("/").split("/"):
            case ["paymentMethods"]:
                return 200, {"paymentMethods": [{"name": "Cards", "type": "scheme"}]}
            case ["paymentLinks"]:
                return 201, self._link(told)
            case ["paymentLinks", link_id] if link_id in self.links:
                return self._update(self.links[link_id], told) if asked.method == "PATCH" else (200, self.links[link_id])
            case ["payments", psp, verb] if psp in self.payments:
                return self._change(psp, verb, told)
        return _error(404, "000", "not found", "validation")

    def _link(self, told: dict[str, Any]) -> dict[str, Any]:
        link_id = f"PL{next(self._ids):014X}"
        self.links[link_id] = {**told, "id": link_id, "status": "active", "url": f"https://test.adyen.link/{link_id}"}
        return self.links[link_id]

    def _update(self, link: dict[str, Any], told: dict[str, Any]) -> Reply:
        if link["status"] not in ("active", "expired"):
            return _error(422, "29_200", "The payment link can not be updated", "validation")
        link["status"] = told["status"]
        return 200, link

    def _change(self, psp: str, verb: str, told: dict[str, Any]) -> Reply:
        """Adyen takes every change on; whether it was possible is told by its notice."""
        payment, value = self.payments[psp], told.get("amount", {}).get("value", 0)
        amount = told.get("amount") or payment["link"]["amount"]
        event, room = {"captures": ("CAPTURE", "authorized"), "refunds": ("REFUND", "captured"), "cancels": ("CANCELLATION", "authorized")}[
            verb
        ]
        fits = payment["authorized"] > 0 if verb == "cancels" else 0 < value <= payment[room]
        if fits and verb == "captures":
            payment["authorized"], payment["captured"] = 0, value
        elif fits:
            payment[room] = 0 if verb == "cancels" else payment[room] - value
        made = self._psp()
        self.tell(
            event, made, told["reference"], amount, original=psp, success=fits, reason="" if fits else "Insufficient balance on payment"
        )
        return 201, {**told, "paymentPspReference": psp, "pspReference": made, "status": "received"}

    def _psp(self) -> str:
        return f"{next(self._ids):016}"


def _error(status: int, code: str, message: str, kind: str) -> Reply:
    return status, {"status": status, "errorCode": code, "message": message, "errorType": kind}


def psp_of(link_id: str) -> str:
    """The PSP reference of the one payment that a link takes."""
    return f"{crc32(link_id.encode()):016}"


@contextmanager
def standin(adyen: Adyen) -> Iterator[str]:
    with held_to(DOCUMENTS, adyen.answer) as address:
        yield address


def started() -> AbstractContextManager[str]:
    return standin(Adyen())


def pay(address: str, link_id: str) -> str:
    """What the shopper does on Adyen's page; answers the payment's PSP reference."""
    with urlopen(Request(f"{address}/pay/{link_id}", b"{}", method="POST")) as answer:
        return str(json.loads(answer.read())["pspReference"])


def charges(address: str, payment_id: str) -> int:
    with urlopen(f"{address}/charges/{payment_id}") as answer:
        return int(json.loads(answer.read())["charges"])
