"""What the sweep has to look at next, and when. Pure."""

from dataclasses import dataclass

SHARDS = 4
"""Partitions of the appointments, so that no single one takes every write."""


@dataclass(frozen=True, slots=True)
class Appointment:
    due_at: str
    """RFC 3339."""
    tenant: str
    what: str
    """`payday#<version of the schedule>#<day>`, `begun#<key of a batch>` or `batch#<key>`."""

    @property
    def shard(self) -> int:
        return sum(self.tenant.encode()) % SHARDS

    @property
    def key(self) -> str:
        return f"{self.due_at}#{self.tenant}#{self.what}"
