"""A storefront: what it sells and at which price. It holds a rule, never a copy of a product."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from functions.storefronts.configuration.shop_pages import MOST_SLUGS, ShopPages
from monsoon_plugin.clock import rfc3339
from shared.errors import Conflict, FieldError, Invalid, TooManyRequests
from shared.messages import StorefrontConfigured
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

MOST_CHANGES = 30
"""An owner changes a storefront at most so often a minute: each change is told to all that follow it."""


class StorefrontChanged(Conflict):
    code, title = "storefront-changed", "The storefront is of another version by now: read it, and send your change again"


class StorefrontClosed(Conflict):
    code, title = "storefront-closed", "The storefront is closed"


class StorefrontSuspended(Conflict):
    code, title = "storefront-suspended", "An operator has suspended the storefront"


class SlugTaken(Conflict):
    code, title = "slug-taken", "This address, or one that looks like it, is another shop's: choose another"

    @classmethod
    def of(cls, slug: str) -> Self:
        detail = f"{slug}, or a name that looks like it, is another shop's: choose another"
        return cls(detail, [FieldError("/pages/slug", detail)])


class TooManyChanges(TooManyRequests):
    code, title = "too-many-changes", "The storefront was changed too often within a minute"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What its owner decides. The first language is what a shopper reads whose own is not among them."""

    name: str
    languages: tuple[str, ...]
    selection: Selection
    price_rule: PriceRule
    open: bool
    pages: ShopPages | None = None
    """None: it has no pages of the hub's, only client sites."""


@dataclass(frozen=True, kw_only=True)
class Storefront:
    """`changed_at` is RFC 3339. `changes` counts the owner's changes in `minute`, the minutes since 1970 of the last one."""

    id: str
    account_id: str
    version: int
    configuration: Configuration
    fingerprint: str
    suspended: str = ""
    """Why an operator has suspended it; empty if none has."""
    changed_at: str = ""
    minute: int = 0
    changes: int = 0
    repriced_at: str = ""
    """When its price rule last became another, RFC 3339; empty if it never did."""
    slugs: tuple[str, ...] = ()
    """All that it ever claimed, the first one first: each leads to it."""

    @cached_property
    def rule(self) -> Rule:
        """What it would sell if it were open: its owner looks at it while it is closed."""
        return Rule(self.configuration.selection, self.configuration.price_rule, repriced_at=self.repriced_at)

    @property
    def event(self) -> StorefrontConfigured:
        """What tells the other services of this version."""
        told = self.configuration
        return StorefrontConfigured(
            storefront_id=self.id, account_id=self.account_id, version=self.version, name=told.name, open=told.open,
            suspended=self.suspended, selection=told.selection, price_rule=told.price_rule,
            repriced_at=self.repriced_at, slug=told.pages.slug if told.pages else "",
            accent=told.pages.accent if told.pages else "", style=told.pages.look.style.words if told.pages else "",
            host=told.pages.host if told.pages else "", seller=told.pages.seller if told.pages else None,
        )  # fmt: skip


def opened(storefront: Storefront) -> Storefront:
    """A new storefront, with the slug that its owner asks for."""
    pages = storefront.configuration.pages
    return replace(storefront, slugs=(pages.slug,)) if pages else storefront


def kept_pages(held: Storefront, configuration: Configuration) -> Configuration:
    """The configuration, with the pages of before where its owner says nothing of them: client sites' programs know none."""
    return configuration if configuration.pages else replace(configuration, pages=held.configuration.pages)


def is_reconfigured(held: Storefront, version: int, configuration: Configuration) -> bool:
    """Whether a change of `version` to this has been made: it came before, and its answer was lost."""
    return held.version > version and held.configuration == configuration


def reconfigured(held: Storefront, version: int, configuration: Configuration, now: datetime) -> Storefront:
    """The next version of `held`, if its owner has seen `version`; a suspension stays.

    Raises StorefrontChanged, TooManyChanges after MOST_CHANGES within one minute of the clock, and Invalid after MOST_SLUGS.
    """
    if version != held.version:
        raise StorefrontChanged(f"version {held.version} is the current one", [FieldError("/version", "not the current version")])
    minute = int(now.timestamp()) // 60
    changes = held.changes + 1 if held.minute == minute else 1
    if changes > MOST_CHANGES:
        wait = 60 - now.second
        raise TooManyChanges(f"at most {MOST_CHANGES} changes a minute: send this one in {wait} seconds", retry_after=wait)
    moment, same = rfc3339(now), configuration.price_rule == held.configuration.price_rule
    return replace(
        held, version=held.version + 1, configuration=configuration, changed_at=moment, minute=minute, changes=changes,
        repriced_at=held.repriced_at if same else moment, slugs=_slugs(held, configuration),
    )  # fmt: skip


def _slugs(held: Storefront, configuration: Configuration) -> tuple[str, ...]:
    if configuration.pages is None or configuration.pages.slug in held.slugs:
        return held.slugs
    if len(held.slugs) >= MOST_SLUGS:
        raise Invalid.field("/pages/slug", f"this storefront has had its {MOST_SLUGS} addresses: choose one of {', '.join(held.slugs)}")
    return (*held.slugs, configuration.pages.slug)


def sanctioned(held: Storefront, reason: str, now: datetime) -> Storefront:
    """The next version of `held`: suspended for `reason`, or reinstated if it is empty; `held` itself if it is so already."""
    return held if held.suspended == reason else replace(held, version=held.version + 1, suspended=reason, changed_at=rfc3339(now))
