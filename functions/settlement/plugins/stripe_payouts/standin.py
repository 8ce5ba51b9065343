"""Transfers as Stripe documents them (docs.stripe.com/api/transfers, /api/idempotent_requests, /api/errors), kept in memory.

localstripe knows no transfers. Written by us from the documentation: what it leaves out, Stripe's own test mode may still say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from monsoon_plugin.standin import Asked, Reply, as_json, serving

KEY, STRANGER, POOR = "sk_test_conformance", "acct_stranger", "acct_poor"
"""The key that is accepted; an account that is not connected; one whose payouts the balance does not cover."""


class Transfers:
    """What the stand-in holds."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []
        self._answers: dict[str, tuple[dict[str, str], int, dict[str, Any]]] = {}

    def create(self, form: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        """Once for an idempotency key: the first answer again, or a refusal of another request with the same key."""
        if key in self._answers:
            before, status, answer = self._answers[key]
            return (status, answer) if before == form else error(400, "idempotency_error")
        status, answer = self._created(form)
        if key:
            self._answers[key] = (form, status, answer)
        return status, answer

    def listed(self, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        found = [t for t in reversed(self.made) if query.get("transfer_group") in (None, t["transfer_group"])]
        after = [t["id"] for t in found].index(query["starting_after"]) + 1 if "starting_after" in query else 0
        limit = int(query.get("limit", 10))
        return 200, {"object": "list", "url": "/v1/transfers", "data": found[after : after + limit], "has_more": len(found) > after + limit}

    def _created(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form["destination"] == STRANGER:
            return error(400, "invalid_request_error", "account_invalid")
        if form["destination"] == POOR:
            return error(400, "invalid_request_error", "balance_insufficient")
        metadata = {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")}
        made = {
            "id": f"tr_{len(self.made) + 1:06d}", "object": "transfer", "amount": int(form["amount"]), "amount_reversed": 0,
            "currency": form["currency"], "destination": form["destination"], "description": form.get("description"),
            "livemode": False, "metadata": metadata, "reversed": False, "transfer_group": form.get("transfer_group"),
        }  # fmt: skip
        self.made.append(made)
        return 200, made


def error(status: int, kind: str, code: str | None = None) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"type": kind, "message": code or kind} | ({"code": code} if code else {})}


@contextmanager
def serving_transfers(transfers: Transfers) -> Iterator[str]:
    """The stand-in's address while it serves."""

    def answer(asked: Asked) -> Reply:
        place = urlsplit(asked.path)
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            status, document = error(401, "invalid_request_error")
        elif place.path != "/v1/transfers":
            status, document = error(404, "invalid_request_error", "resource_missing")
        elif asked.method == "POST":
            status, document = transfers.create(dict(parse_qsl(asked.body.decode())), asked.headers.get("idempotency-key", ""))
        else:
            status, document = transfers.listed(dict(parse_qsl(place.query)))
        return as_json(document, status)

    with serving(answer) as address:
        yield address
