"""Owners open and change their storefronts; operators suspend and reinstate them."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from functions.storefronts.configuration.rule_contradictions import require_consistent
from functions.storefronts.configuration.storefront import (
    Configuration,
    Storefront,
    StorefrontChanged,
    is_reconfigured,
    kept_pages,
    opened,
    reconfigured,
    sanctioned,
)
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import NotFound
from shared.optimistic_retry import Contended, Retry
from shared.trade.fx import Rates

Taxonomy = Callable[[], frozenset[str]]
"""Answers the ids of all categories."""


class Storefronts(Protocol):
    """Where storefronts are kept."""

    def get(self, account_id: str, storefront_id: str) -> Storefront | None: ...

    def save(self, storefront: Storefront, now: datetime, claim: str = "") -> bool:
        """Keep this version, with its event, if the one before it is kept. Answers whether it was.

        `claim`: a slug that becomes the storefront's with it, or nothing is kept. Raises SlugTaken.
        """
        ...


class StorefrontService:
    def __init__(self, storefronts: Storefronts, taxonomy: Taxonomy, rates: Callable[[], Rates], clock: Clock, retry: Retry) -> None:
        self._storefronts, self._taxonomy, self._rates, self._clock, self._retry = storefronts, taxonomy, rates, clock, retry

    def open(self, account_id: str, configuration: Configuration, request: Idempotency) -> Storefront:
        """A new storefront; the same request opens one only. Raises Invalid, KeyReused, SlugTaken."""
        now = self._clock()
        made = opened(
            Storefront(
                id=request.id("sf"),
                account_id=account_id,
                version=1,
                configuration=configuration,
                fingerprint=request.fingerprint,
                changed_at=rfc3339(now),
            )
        )
        held = self._storefronts.get(account_id, made.id)
        if held is None:
            self._check(configuration)
            if self._storefronts.save(made, now, "".join(made.slugs)):
                return made
            held = self.storefront(account_id, made.id)
        request.same(held.fingerprint)
        return held

    def storefront(self, account_id: str, storefront_id: str) -> Storefront:
        """The account's storefront. Raises NotFound."""
        found = self._storefronts.get(account_id, storefront_id)
        if found is None:
            raise NotFound("no such storefront of yours")
        return found

    def change(self, account_id: str, storefront_id: str, version: int, configuration: Configuration) -> Storefront:
        """The next version of a storefront; the same change again answers what stands.

        Raises NotFound, Invalid, StorefrontChanged, TooManyChanges, SlugTaken.
        """
        now, held = self._clock(), self.storefront(account_id, storefront_id)
        configuration = kept_pages(held, configuration)
        if is_reconfigured(held, version, configuration):
            return held
        changed = reconfigured(held, version, configuration, now)
        self._check(configuration)
        claim = changed.slugs[-1] if changed.slugs != held.slugs else ""
        if self._storefronts.save(changed, now, claim):
            return changed
        held = self.storefront(account_id, storefront_id)
        if not is_reconfigured(held, version, configuration):
            raise StorefrontChanged
        return held

    def sanction(self, account_id: str, storefront_id: str, reason: str) -> Storefront:
        """Suspend a storefront for `reason`, or reinstate it for none; saying it again changes nothing.

        Raises NotFound, and StorefrontChanged where its owner changed it each time that this was tried.
        """

        def attempt() -> Storefront:
            now, held = self._clock(), self.storefront(account_id, storefront_id)
            decided = sanctioned(held, reason, now)
            if decided is held or self._storefronts.save(decided, now):
                return decided
            raise Contended

        return self._retry(attempt, lambda: StorefrontChanged("its owner is changing it: decide again"))

    def _check(self, configuration: Configuration) -> None:
        require_consistent(configuration.selection, configuration.price_rule, self._taxonomy(), self._rates())
