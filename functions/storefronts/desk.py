"""The owner's desk: opening and changing storefronts."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from functions.storefronts.storefront import Configuration, Storefront, StorefrontChanged, known_categories, reconfigured
from shared.clock import Clock
from shared.errors import NotFound
from shared.idempotency import Idempotency

Taxonomy = Callable[[], frozenset[str]]
"""Answers the ids of all categories."""


class Storefronts(Protocol):
    """Where storefronts are kept."""

    def get(self, account_id: str, storefront_id: str) -> Storefront | None: ...

    def save(self, storefront: Storefront, now: datetime) -> bool:
        """Keep this version if the one before it is kept. Answers whether it was."""
        ...


class Desk:
    def __init__(self, storefronts: Storefronts, taxonomy: Taxonomy, clock: Clock) -> None:
        self._storefronts, self._taxonomy, self._clock = storefronts, taxonomy, clock

    def open(self, account_id: str, configuration: Configuration, request: Idempotency) -> Storefront:
        """A new storefront; the same request opens one only. Raises Invalid, KeyReused."""
        made = Storefront(request.id("sf"), account_id, 1, configuration, request.fingerprint)
        held = self._storefronts.get(account_id, made.id)
        if held is None:
            known_categories(configuration.selection, self._taxonomy())
            if self._storefronts.save(made, self._clock()):
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
        """The next version of a storefront. Raises NotFound, Invalid, StorefrontChanged."""
        changed = reconfigured(self.storefront(account_id, storefront_id), version, configuration)
        known_categories(configuration.selection, self._taxonomy())
        if not self._storefronts.save(changed, self._clock()):
            raise StorefrontChanged
        return changed
