"""Where a merchant's own notices go, in which language, and which of them it wants. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, Self

from functions.notices.causes.kinds import MERCHANTS, MerchantsKind
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.errors import TooManyRequests
from shared.pages.interface_language import Interface

MOST_CONFIRMATIONS = 5
"""Mails a day that ask whether an address is the merchant's: nobody fills a stranger's mailbox through us."""
DAY = timedelta(days=1)


class TooManyConfirmations(TooManyRequests):
    code, title = "too-many-confirmations", "The address was changed too often today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a merchant says; what it does not name stays as it is."""

    email: str = ""
    language: Interface = "en"
    wanted: Mapping[MerchantsKind, bool] = field(default_factory=dict)
    writes_to_buyers: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """`email`: empty: no mail. `confirmed`: whoever reads mail there has said that it is theirs; nothing else is sent there before."""

    account_id: str
    email: str = ""
    confirmed: bool = False
    language: Interface = "en"
    wanted: Mapping[MerchantsKind, bool] = field(default_factory=dict)
    """What is not named is wanted."""
    writes_to_buyers: bool = True
    """Whether the hub does; false where the merchant's own site writes to them."""
    asked: tuple[str, ...] = ()
    """When confirmations were asked for, RFC 3339, the last ones."""
    version: int = 0
    """0: nothing was ever said."""

    @property
    def reachable(self) -> str:
        """Where notices go; empty: nowhere."""
        return self.email if self.confirmed else ""

    def wants(self, kind: MerchantsKind) -> bool:
        return self.wanted.get(kind, True)

    def changed(self, said: "Said", now: datetime) -> Self:
        """What the merchant says now. Another address has to be confirmed anew. Raises TooManyConfirmations."""
        email, wanted = said.email, said.wanted
        same = email == self.email
        recent = tuple(at for at in self.asked if now - from_rfc3339(at) < DAY)
        asks = bool(email) and not (same and self.confirmed)
        if asks and len(recent) >= MOST_CONFIRMATIONS:
            raise TooManyConfirmations("send it again tomorrow", retry_after=int(DAY.total_seconds()))
        return replace(
            self, email=email, confirmed=same and self.confirmed, language=said.language, version=self.version + 1,
            writes_to_buyers=self.writes_to_buyers if said.writes_to_buyers is None else said.writes_to_buyers,
            wanted={kind: wanted.get(kind, self.wants(kind)) for kind in MERCHANTS}, asked=(*recent, rfc3339(now)) if asks else recent,
        )  # fmt: skip

    def with_confirmed(self) -> Self:
        return replace(self, confirmed=True, version=self.version + 1)

    def without(self, kind: MerchantsKind) -> Self:
        """As whoever follows a mail's own link wants it."""
        return replace(self, wanted={**{each: self.wants(each) for each in MERCHANTS}, kind: False}, version=self.version + 1)


class AllSettings(Protocol):
    """Where merchants' settings lie."""

    def get(self, account_id: str) -> NoticeSettings:
        """As last written; as nobody ever said anything, where nothing is."""

    def each(self, account_ids: Iterable[str]) -> list[NoticeSettings]:
        """As `get`, of at most a hundred accounts, none of them twice; in their order."""

    def keep(self, settings: NoticeSettings) -> bool:
        """Keep it if the stored one is one version older; answers whether it was kept."""
