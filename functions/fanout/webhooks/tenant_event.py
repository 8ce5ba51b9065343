"""What a tenant's endpoints are told of beside products: its orders, its shipments, its disabled subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.messages import Message

UNTOLD = {
    "account_id", "lines", "address", "sealed_address", "sealed_buyer", "pay_by", "language", "shipping", "payment_id", "payment_plugin",
    "provider_fee", "at_providers",
}  # fmt: skip
"""Of an event: who shopped and where to, and what the hub and its providers settle among themselves. Its owner reads the order."""


@dataclass(frozen=True, slots=True)
class TenantEvent:
    """An event of a tenant, `told` as its endpoints are told it. `place` (moment and id) is unique and sorts as events came."""

    tenant: str
    place: str
    id: str
    type: str
    told: str

    @classmethod
    def of(cls, message: Message, tenant: str, now: datetime) -> Self:
        event_id = f"{message.subject}:{message.type}:{message.version}"
        told = message.model_dump_json(exclude=UNTOLD, exclude_none=True)
        place = f"{rfc3339(now)}#{derived_id('evt', event_id)}"
        return cls(tenant=tenant, place=place, id=event_id, type=webhook_type(message), told=told)

    @property
    def at(self) -> str:
        return self.place.partition("#")[0]


def webhook_type(message: Message) -> str:
    """`monsoon.order.placed.v1` as endpoints know it: `order.placed`."""
    return message.type.removeprefix("monsoon.").rsplit(".v", 1)[0]


class EventLog(Protocol):
    """Where a tenant's events are kept for those that lag."""

    def keep_event(self, event: TenantEvent) -> None: ...

    def events(self, tenant: str, after: str, until: str, limit: int) -> Sequence[TenantEvent]:
        """At most `limit` events of the tenant in their order, whose place is later than `after` and not later than `until`."""
        ...
