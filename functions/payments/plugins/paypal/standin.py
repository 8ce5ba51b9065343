"""A PayPal of one process: orders, authorizations, captures and refunds as PayPal documents them, behind Prism, which holds it to that.

What it cannot show: PayPal's risk decisions, pending payments, and what 6 hours or 45 days do to a PayPal-Request-Id.
"""

import base64
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.request import Request, urlopen

from conformance.standins.prism.serve import SPECS, Asked, Reply, held_to

DOCUMENTS = {"/v2/checkout": "paypal-orders.json", "/v2/payments": "paypal-payments.json"}
CLIENT_ID, SECRET = "AclientIdOfTheSandboxApp_0001", "EsecretOfTheSandboxApp_0001_never-shown"
DECLINED = "is declined"
"""An order so described is declined when it is captured or authorized."""


class Refusal(Exception):
    def __init__(self, status: int, issue: str) -> None:
        self.status, self.issue = status, issue


@dataclass
class PayPal:
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[tuple[str, str], Reply] = field(default_factory=dict)
    """By path and PayPal-Request-Id: the same answer again."""
    valid: set[str] = field(default_factory=set)
    """What an Authorization header may say."""
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/v1/oauth2/token":
            return self._token(asked)
        if (done := self._by_people(asked.path)) is not None:
            return 200, done
        if asked.headers.get("authorization") not in self.valid:
            return _error(401, "AUTHENTICATION_FAILURE")
        key = (asked.path, asked.headers.get("paypal-request-id", ""))
        if not key[1] or key not in self.done:
            try:
                reply = self._do(asked)
            except Refusal as refusal:
                return _error(refusal.status, refusal.issue)
            self.done[key] = reply
        return self.done.get(key) or reply

    def _by_people(self, path: str) -> dict[str, Any] | None:
        """What the shopper and the merchant do at PayPal, and what a test asks."""
        match path.strip("/").split("/"):
            case ["approve", order_id]:
                self.orders[order_id]["status"] = "APPROVED"
                return {}
            case ["charges", payment_id]:
                return {"charges": self.charges(payment_id)}
            case ["console", order_id, value]:
                return self._by_hand(order_id, value)
        return None

    def charges(self, payment_id: str) -> int:
        """How often money was taken or promised for a payment."""
        units = [order["purchase_units"][0] for order in self.orders.values()]
        ours = [unit["payments"] for unit in units if unit["invoice_id"] == payment_id]
        return sum(len(made.get("authorizations") or made.get("captures") or ()) for made in ours)

    def _token(self, asked: Asked) -> Reply:
        told = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {told}":
            return 401, {"error": "invalid_client", "error_description": "Client Authentication failed"}
        token = self._id("A21AA")
        self.valid.add(f"Bearer {token}")
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 32400, "scope": "all"}

    def _do(self, asked: Asked) -> Reply:
        match asked.path.strip("/").split("/"):
            case ["v2", "checkout", "orders"]:
                return 201, self._create(asked.document)
            case ["v2", "checkout", "orders", order_id]:
                return 200, self._order(order_id)
            case ["v2", "checkout", "orders", order_id, verb]:
                return 201, self._take(self._order(order_id), verb)
            case ["v2", "payments", "authorizations", one, "capture"]:
                return 201, self._capture(one, asked.document)
            case ["v2", "payments", "authorizations", one, "void"]:
                return 200, self._void(one)
            case ["v2", "payments", "captures", one, "refund"]:
                return 201, self._refund(one, asked.document)
        raise Refusal(404, "INVALID_RESOURCE_ID")

    def _order(self, order_id: str) -> dict[str, Any]:
        if order_id not in self.orders:
            raise Refusal(404, "INVALID_RESOURCE_ID")
        return self.orders[order_id]

    def _create(self, told: dict[str, Any]) -> dict[str, Any]:
        order_id = self._id("5O")
        links = [{"href": f"https://www.sandbox.paypal.com/checkoutnow?token={order_id}", "rel": "payer-action", "method": "GET"}]
        unit = {"reference_id": "default", **told["purchase_units"][0], "payments": {}}
        self.orders[order_id] = {
            "id": order_id, "intent": told["intent"], "status": "PAYER_ACTION_REQUIRED", "purchase_units": [unit], "links": links,
        }  # fmt: skip
        return self.orders[order_id]

    def _take(self, order: dict[str, Any], verb: str) -> dict[str, Any]:
        unit = order["purchase_units"][0]
        if order["intent"] != verb.upper():
            raise Refusal(422, "ACTION_DOES_NOT_MATCH_INTENT")
        if order["status"] != "APPROVED":
            raise Refusal(422, "ORDER_ALREADY_CAPTURED" if order["status"] == "COMPLETED" else "ORDER_NOT_APPROVED")
        if unit["description"] == DECLINED:
            raise Refusal(422, "INSTRUMENT_DECLINED")
        order["status"] = "COMPLETED"
        if verb == "capture":
            unit["payments"]["captures"] = [self._captured(unit["amount"], unit["custom_id"])]
        else:
            unit["payments"]["authorizations"] = [
                {"id": self._id("0A"), "status": "CREATED", "amount": unit["amount"], "custom_id": unit["custom_id"]}
            ]  # fmt: skip
        return order

    def _captured(self, amount: dict[str, str], custom_id: str) -> dict[str, Any]:
        fee = {"currency_code": amount["currency_code"], "value": "1" if "." not in amount["value"] else "0.79"}
        return {
            "id": self._id("3C"), "status": "COMPLETED", "amount": amount, "custom_id": custom_id, "final_capture": True,
            "seller_receivable_breakdown": {"gross_amount": amount, "paypal_fee": fee},
        }  # fmt: skip

    def _found(self, kind: str, one: str) -> tuple[dict[str, Any], dict[str, Any]]:
        for order in self.orders.values():
            for made in order["purchase_units"][0]["payments"].get(kind, ()):
                if made["id"] == one:
                    return order["purchase_units"][0], made
        raise Refusal(404, "INVALID_RESOURCE_ID")

    def _capture(self, one: str, told: dict[str, Any]) -> dict[str, Any]:
        unit, authorization = self._found("authorizations", one)
        if authorization["status"] != "CREATED":
            raise Refusal(422, "AUTHORIZATION_VOIDED" if authorization["status"] == "VOIDED" else "AUTHORIZATION_ALREADY_CAPTURED")
        if Decimal(told["amount"]["value"]) > Decimal(authorization["amount"]["value"]):
            raise Refusal(422, "MAX_CAPTURE_AMOUNT_EXCEEDED")
        authorization["status"] = "CAPTURED"
        capture = self._captured(told["amount"], unit["custom_id"])
        unit["payments"]["captures"] = [capture]
        return capture

    def _void(self, one: str) -> dict[str, Any]:
        _, authorization = self._found("authorizations", one)
        if authorization["status"] != "CREATED":
            raise Refusal(422, "PREVIOUSLY_VOIDED" if authorization["status"] == "VOIDED" else "PREVIOUSLY_CAPTURED")
        authorization["status"] = "VOIDED"
        return authorization

    def _refund(self, one: str, told: dict[str, Any]) -> dict[str, Any]:
        unit, capture = self._found("captures", one)
        refunds = unit["payments"].setdefault("refunds", [])
        returned = sum(Decimal(refund["amount"]["value"]) for refund in refunds) + Decimal(told["amount"]["value"])
        if returned > Decimal(capture["amount"]["value"]):
            raise Refusal(422, "REFUND_AMOUNT_EXCEEDED")
        refund = {"id": self._id("1R"), "status": "COMPLETED", "amount": told["amount"], "custom_id": told["custom_id"]}
        refunds.append(refund)
        capture["status"] = "REFUNDED" if returned == Decimal(capture["amount"]["value"]) else "PARTIALLY_REFUNDED"
        return refund

    def _by_hand(self, order_id: str, value: str) -> dict[str, Any]:
        """A refund that the merchant makes at PayPal: it bears the capture's own custom id."""
        (capture,) = self.orders[order_id]["purchase_units"][0]["payments"]["captures"]
        amount = {**capture["amount"], "value": value}
        return self._refund(capture["id"], {"amount": amount, "custom_id": capture["custom_id"]})

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._ids):015}"


@cache
def _descriptions() -> Mapping[str, str]:
    """Each issue's description as PayPal publishes it: Prism takes no other."""
    found: dict[str, str] = {}
    queue: list[Any] = [json.loads((SPECS / document).read_bytes())["components"]["schemas"] for document in DOCUMENTS.values()]
    for part in queue:
        if isinstance(part, list):
            queue += part
        elif isinstance(part, dict):
            told = part.get("properties") or {}
            if isinstance(told, dict) and "enum" in told.get("issue", {}) and "enum" in told.get("description", {}):
                found[told["issue"]["enum"][0]] = told["description"]["enum"][0]
            queue += part.values()
    return found


MESSAGES = {
    "AUTHENTICATION_FAILURE": "Authentication failed due to missing authorization header, or invalid authentication credentials.",
    "RESOURCE_NOT_FOUND": "The specified resource does not exist.",
    "UNPROCESSABLE_ENTITY": "The requested action could not be performed, semantically incorrect, or failed business validation.",
}


def _error(status: int, issue: str) -> Reply:
    name = {401: "AUTHENTICATION_FAILURE", 404: "RESOURCE_NOT_FOUND"}.get(status, "UNPROCESSABLE_ENTITY")
    details = [{"issue": issue, "description": _descriptions()[issue]}] if issue in _descriptions() else []
    return status, {"name": name, "message": MESSAGES[name], "debug_id": "90957fca61718", "details": details, "links": []}


@contextmanager
def standin(paypal: PayPal) -> Iterator[str]:
    with held_to(DOCUMENTS, paypal.answer) as address:
        yield address


def started() -> AbstractContextManager[str]:
    return standin(PayPal())


def approve(address: str, order_id: str) -> None:
    """What the shopper does at PayPal."""
    urlopen(Request(f"{address}/approve/{order_id}", b"{}", method="POST")).close()


def refund_by_hand(address: str, order_id: str, value: str) -> None:
    urlopen(Request(f"{address}/console/{order_id}/{value}", b"{}", method="POST")).close()


def charges(address: str, payment_id: str) -> int:
    with urlopen(f"{address}/charges/{payment_id}") as answer:
        return int(json.loads(answer.read())["charges"])
