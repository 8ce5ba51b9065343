"""Takes counts that come without their products: some at once, each of its own product, under one Idempotency-Key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from functions.uploads.counts.held import Submissions, held_of
from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.products.submission import product_id_of
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Invalid
from shared.messages import StockCounted
from shared.optimistic_retry import Contended, Retry

Outcome = Literal["counted", "superseded", "unknown"]
"""superseded: a count of a later moment was there. unknown: the supplier has no product of this sku."""


class Counts(Protocol):
    """Where counts lie."""

    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, StockCounted]:
        """The newest counts of these products, by product id; at most 100."""
        ...

    def save(self, supplier_id: str, counts: Sequence[StockCounted], outcomes: Mapping[str, str], idempotency: Idempotency) -> bool:
        """Write the counts with their events, and what the request is answered; all or nothing.

        False if one of them is no longer the newest but one, or the request was answered before.
        """
        ...

    def answered(self, supplier_id: str, idempotency: Idempotency) -> Mapping[str, str] | None:
        """What this request was answered before: sku → outcome; None if it is new. Raises KeyReused."""
        ...


@dataclass(frozen=True, slots=True)
class CountService:
    counts: Counts
    submissions: Submissions
    clock: Clock
    retry: Retry

    def take(self, supplier_id: str, asks: Mapping[str, CountAsk], idempotency: Idempotency) -> Mapping[str, str]:
        """Take these counts, by sku; answers what became of each. Raises Invalid, KeyReused, Busy."""
        now = self.clock()
        wrong = next((flaw for ask in asks.values() for flaw in ask.flaws(now)), None)
        ids = {sku: product_id_of(supplier_id, sku) for sku in asks}

        def attempt() -> Mapping[str, str]:
            before = self.counts.answered(supplier_id, idempotency)
            if before is not None:
                return before
            if wrong:
                raise Invalid(wrong.detail, [wrong])
            held = held_of(self.submissions, self.counts, supplier_id, ids.values())
            found = {
                sku: Upload(ids[sku], supplier_id, rfc3339(now), known.as_of).next_count(held.counts.get(ids[sku]), ask)
                for sku, ask in asks.items()
                if (known := held.submissions.get(ids[sku]))
            }
            outcomes = {sku: _outcome(found, sku) for sku in asks}
            if not self.counts.save(supplier_id, [count for count in found.values() if count], outcomes, idempotency):
                raise Contended
            return outcomes

        return self.retry(attempt)


def _outcome(found: Mapping[str, StockCounted | None], sku: str) -> Outcome:
    if sku not in found:
        return "unknown"
    return "counted" if found[sku] else "superseded"
