"""Idempotency-Key, by the IETF draft (draft-ietf-httpapi-idempotency-key-header): the created item is itself the record.

The id of what is created derives from the tenant, the route and the key, and the item keeps the request's fingerprint. A
replay therefore finds the item: the same fingerprint is answered with it, another one is refused. Nothing extra is written.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel

from shared.errors import Conflict, FieldError, Invalid, Malformed
from shared.ids import derived_id

KEY = re.compile(r'^(?:"([\x20\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$')


class KeyReused(Invalid):
    code, title = "idempotency-key-reused", "This Idempotency-Key came before with another request; use a new key"


class InFlight(Conflict):
    code, title = "idempotency-key-in-flight", "The first request with this Idempotency-Key is still being worked on"


class AlreadyCreated(Exception):
    """What was to be created exists: the same Idempotency-Key came before. Nothing was written. A store raises it, a service answers
    with what exists."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """What makes two requests the same one."""

    key: str
    scope: str
    fingerprint: str

    @classmethod
    def of(cls, headers: Mapping[str, str], tenant: str, route: str, body: BaseModel | None) -> Self:
        """Read the header, quoted (a structured-field string) or bare, 1–255 visible characters. Raises Malformed."""
        found = KEY.fullmatch(headers.get("idempotency-key") or "")
        if not found:
            detail = "send Idempotency-Key: a text of 1 to 255 visible characters, new for each thing you create"
            raise Malformed(detail, [FieldError("header/Idempotency-Key", detail)])
        digest = hashlib.sha256(b"" if body is None else body.model_dump_json().encode()).hexdigest()[:32]
        return cls(found[1] or found[2], f"{tenant} {route}", digest)

    def id(self, kind: str) -> str:
        """The id of the one thing of `kind` that this request creates."""
        return derived_id(kind, self.scope, self.key)

    def same(self, fingerprint: str) -> None:
        """Raises KeyReused unless the stored `fingerprint` is this request's."""
        if fingerprint != self.fingerprint:
            raise KeyReused
