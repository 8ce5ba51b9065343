"""Suspending a supplier, and letting it sell again."""

from datetime import datetime
from typing import Protocol

from functions.catalog.offers.offer import ChangedMeanwhile
from functions.catalog.sanctions.supplier_standing import SupplierStanding, standing_after
from monsoon_plugin.clock import Clock
from shared.optimistic_retry import Contended, Retry


class Standings(Protocol):
    """Where suppliers' standings are kept: the store, or a dict in a test."""

    def standing(self, supplier_id: str) -> SupplierStanding: ...

    def save_standing(self, standing: SupplierStanding, now: datetime) -> bool:
        """Keep `standing`, with its event, if the one before it is kept. Answers whether it was."""
        ...


class SuspensionService:
    """An operator's decisions on suppliers. Both commands may raise ChangedMeanwhile; saying one again changes nothing."""

    def __init__(self, standings: Standings, clock: Clock, retry: Retry) -> None:
        self._standings, self._clock, self._retry = standings, clock, retry

    def standing(self, supplier_id: str) -> SupplierStanding:
        return self._standings.standing(supplier_id)

    def suspend(self, supplier_id: str, reason: str) -> SupplierStanding:
        """Let a supplier sell nothing any more, for `reason`."""
        return self._decide(supplier_id, reason)

    def reinstate(self, supplier_id: str) -> SupplierStanding:
        """Let a supplier sell again."""
        return self._decide(supplier_id, "")

    def _decide(self, supplier_id: str, reason: str) -> SupplierStanding:
        def attempt() -> SupplierStanding:
            held, now = self._standings.standing(supplier_id), self._clock()
            standing = standing_after(held, reason, now)
            if standing is not held and not self._standings.save_standing(standing, now):
                raise Contended
            return standing

        return self._retry(attempt, ChangedMeanwhile)
