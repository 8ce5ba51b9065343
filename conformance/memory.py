"""The ports of the hub in memory, so that an author needs no AWS: installations, payments, keys."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.clock import rfc3339, utc_now
from shared.errors import Conflict
from shared.messages import Message
from shared.providers.breaker import Circuit
from shared.providers.credentials import Unreadable
from shared.providers.installation import Installation
from shared.providers.registry import Registry


@dataclass
class MovedClock:
    """The real time, moved: stand-ins live in the real one, and waiting takes too long."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def tick(self, span: timedelta) -> None:
        self.ahead += span


@dataclass
class Keys:
    """shared.providers.credentials.KeyService."""

    kept: dict[bytes, tuple[bytes, dict[str, str]]] = field(default_factory=dict, repr=False)

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        key, wrapped = secrets.token_bytes(32), secrets.token_bytes(16)
        self.kept[wrapped] = (key, dict(context))
        return key, wrapped

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        key, known = self.kept.get(wrapped, (b"", {}))
        if known != dict(context):
            raise Unreadable("another context")
        return key


class Alone(Registry[Any]):
    """The one plug-in that is tried."""

    def __init__(self, plugin: Any) -> None:
        super().__init__({plugin.manifest.id: ""})
        self._plugin = plugin

    def get(self, plugin_id: str) -> Any:
        return self._plugin

    def calls(self, plugin_id: str) -> bool:
        return bool(self._plugin.manifest.allowed_hosts)


@dataclass
class InstallationsKept:
    """shared.providers.installations.Store."""

    kept: dict[str, Installation] = field(default_factory=dict)

    def add(self, installation: Installation) -> bool:
        return self.kept.setdefault(installation.id, installation) is installation

    def replace(self, installation: Installation) -> None:
        if self.kept[installation.id].version != installation.version - 1:
            raise Conflict("changed meanwhile")
        self.kept[installation.id] = installation

    def find(self, tenant: str, installation_id: str) -> Installation | None:
        found = self.kept.get(installation_id)
        return found if found and found.tenant == tenant else None

    def find_by_id(self, installation_id: str) -> Installation | None:
        return self.kept.get(installation_id)

    def of(self, tenant: str) -> list[Installation]:
        return [installation for installation in self.kept.values() if installation.tenant == tenant]

    def set_circuit(self, installation: Installation, circuit: Circuit, now: datetime) -> bool:
        kept = self.kept[installation.id]
        if kept.circuit != installation.circuit:
            return False
        self.kept[installation.id] = replace(kept, circuit=circuit)
        return True


@dataclass
class PaymentsKept:
    """functions.payments.operation_runner.Store."""

    kept: dict[tuple[str, str, int], Payment] = field(default_factory=dict)
    events: list[Message] = field(default_factory=list)
    handled: set[tuple[str, str]] = field(default_factory=set)
    references: dict[tuple[str, str], str] = field(default_factory=dict)

    def of_order(self, tenant: str, order_id: str, *, may_lag: bool = False) -> list[Payment]:
        return sorted((p for p in self.kept.values() if (p.tenant, p.order_id) == (tenant, order_id)), key=lambda p: p.attempt)

    def reread(self, payment: Payment) -> Payment:
        return self.kept[_key(payment)]

    def save(self, payment: Payment, event: Message | None, now: datetime) -> bool:
        known = self.kept.get(_key(payment))
        if (known.version if known else 0) != payment.version - 1:
            return False
        self.kept[_key(payment)] = payment
        self.events += [event] if event else []
        return True

    def due_for_lookup(self, now: datetime) -> list[Payment]:
        return [p for p in self.kept.values() if p.next_lookup and p.next_lookup <= rfc3339(now)]

    def index_reference(self, payment: Payment) -> None:
        self.references[payment.tenant, payment.provider_ref] = payment.id

    def find_by_reference(self, tenant: str, reference: str) -> Payment | None:
        payment_id = self.references.get((tenant, reference))
        return next((p for p in self.kept.values() if p.id == payment_id), None)

    def was_handled(self, installation_id: str, event_id: str) -> bool:
        return (installation_id, event_id) in self.handled

    def mark_handled(self, installation_id: str, event_id: str, until: datetime) -> None:
        self.handled.add((installation_id, event_id))


def _key(payment: Payment) -> tuple[str, str, int]:
    return payment.tenant, payment.order_id, payment.attempt
