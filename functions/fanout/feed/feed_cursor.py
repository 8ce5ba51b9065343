"""The feed's cursor: how far a site has read the change log, under which rule, and when the cursor expires.

A site reads each shard's changes in their order. When its storefront's rule (or, where that converts, the rates' day) becomes
another, it begins a walk: it reads the log again from its start, under the new view, and is told only what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from functions.fanout.product_change import INDEX_LAG, LAG, SHARDS, ProductChange
from functions.fanout.storefront_view import SiteView
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.api.paging import Position
from shared.errors import FieldError, Problem

LIFETIME = timedelta(days=30)
"""A cursor is good for so long; a rule that was in force when it was given is kept for a day longer (see rule_store)."""
SIGNED = timedelta(days=3650)
"""A cursor's signature outlives it, so that its reader learns that it is too old, and not that it is none."""
RENEWAL = timedelta(days=1)
"""A reader for whom nothing is new keeps its cursor for so long, so that the answer stays the same to the byte."""


class CursorTooOld(Problem):
    status, code, title = 410, "cursor-too-old", "This cursor is older than 30 days"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCursor:
    """Where a site's reading stands.

    `version` and `day` are of the view under which it last read; `base` and `base_day` of the oldest under which it may have
    been told what it holds: the same once it is level, older while it walks. So a walk that ends early, or that the site began
    before and forgot, is made good by the next.
    """

    given: str
    """When its first cursor was given, or the one that took its place; RFC 3339."""
    since: str
    """What was gone before this moment it was never told."""
    version: int
    day: str
    base: int
    base_day: str
    snapshot: bool = True
    """Whether it has never been level yet."""
    first: int = 0
    """The shard to begin the next page with."""
    read: Mapping[str, str] = field(default_factory=dict)
    """Shard → the last `at` that was read under this view."""
    reached: Mapping[str, str] = field(default_factory=dict)
    """Shard → the last `at` that was read before the walk began, and was settled then; empty when there is none."""
    level_at: str = ""
    """Until when it had read everything under this view, when it last had; RFC 3339, empty if it never had."""

    def position(self) -> Position:
        """As the signed text says it; `FeedCursor.of` reads it back."""
        words: Position = {"g": self.given, "s": self.since, "v": self.version, "d": self.day, "b": self.base, "e": self.base_day}
        flags: Position = {"n": int(self.snapshot), "f": self.first}
        words |= {"l": self.level_at} if self.level_at else {}
        return words | flags | dict(self.read) | {f"w{shard}": at for shard, at in self.reached.items()}

    @classmethod
    def of(cls, at: Position, now: datetime) -> Self:
        """Raises CursorTooOld."""
        if from_rfc3339(str(at["g"])) < now - LIFETIME:
            detail = "begin without a cursor; once `snapshot` is false, drop what you hold that was not named again"
            raise CursorTooOld(detail, [FieldError("query/cursor", detail)])
        shards = [str(shard) for shard in range(SHARDS)]
        return cls(
            given=str(at["g"]),
            since=str(at["s"]),
            version=int(at["v"]),
            day=str(at["d"]),
            base=int(at["b"]),
            base_day=str(at["e"]),
            snapshot=bool(at["n"]),
            first=int(at["f"]),
            read={shard: str(at[shard]) for shard in shards if shard in at},
            reached={shard: str(at[f"w{shard}"]) for shard in shards if f"w{shard}" in at},
            level_at=str(at.get("l", "")),
        )

    def had_read(self, change: ProductChange) -> bool:
        """Whether the site was told of the change, as it is now, before this walk began."""
        return change.at <= self.reached.get(change.shard, "")

    @property
    def walking(self) -> bool:
        return (self.version, self.day) != (self.base, self.base_day)

    def under(self, view: SiteView, now: datetime) -> Self:
        """As it reads on under `view`: from the log's start if that is another than before.

        A walk may be shown what a product was up to INDEX_LAG ago, and tells it under the new rule. So all that is younger is told in full:
        it comes later, and has the greater sequence.
        """
        if (view.version, view.day) == (self.version, self.day):
            return self
        settled = rfc3339(now - INDEX_LAG)
        last = {shard: max(self.read.get(shard, ""), self.reached.get(shard, "")) for shard in {**self.read, **self.reached}}
        reached = {shard: min(at, settled) for shard, at in last.items()}
        return replace(self, version=view.version, day=view.day, first=0, read={}, reached=reached, level_at="")

    def level(self, until: str, *, as_before: bool) -> Self:
        """As it stands when nothing more is to be read: all that the site holds was told, or is the same, under this view.

        `as_before`: nothing had changed; then a cursor that was level stays what it is, to the byte.
        """
        at = self.level_at if as_before and self.level_at else until
        return replace(self, base=self.version, base_day=self.day, snapshot=False, reached={}, level_at=at)

    def unread(self) -> str:
        """From this moment on nothing had been read when it was last level, whatever the clocks say."""
        return rfc3339(from_rfc3339(self.level_at) + 2 * LAG)

    def given_at(self, now: datetime) -> Self:
        return replace(self, given=rfc3339(now))

    def needs_renewal(self, now: datetime) -> bool:
        return from_rfc3339(self.given) < now - RENEWAL


def start(view: SiteView, now: datetime) -> FeedCursor:
    """Before everything. The index may still show as on sale what was recalled within INDEX_LAG: such recalls are told."""
    return FeedCursor(
        given=rfc3339(now),
        since=rfc3339(now - INDEX_LAG),
        version=view.version,
        day=view.day,
        base=view.version,
        base_day=view.day,
    )
