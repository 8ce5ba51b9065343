"""What a client site sends up in batches: views, corrections of its account's own stock, orders. Each row fares by itself.

A row is known by its event id, so that a batch may be sent again as it is: an order is placed once and a correction made once (both
are their own record of it), and a view is written to the same key.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from functions.orders.checkout.basket import Basket
from functions.orders.intake.site_event import Outcome, ProductView, SiteEvent, Status, StockCorrection, located
from functions.orders.inventory.adjustment import StockAdjustment
from functions.orders.order import Order
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.paging import Position
from shared.errors import Invalid, NotFound, Problem, TooManyRequests, Unavailable
from shared.ids import named
from shared.optimistic_retry import Busy, Contended, Retry

BUDGET = 20.0
"""Seconds after which no further row is begun; API Gateway waits 29."""
VIEWS_AT_ONCE = 25
"""Views of one write."""
OLDEST, EARLY = timedelta(days=7), timedelta(minutes=5)
"""A view may be told so late, and by a clock that is so much ahead."""


class Checkout(Protocol):
    def place(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency) -> Order: ...


class Inventory(Protocol):
    def adjust(self, supplier_id: str, offer_id: str, delta: int, reason: str, idempotency: Idempotency) -> StockAdjustment: ...


class ProductViewLog(Protocol):
    """Where views are kept."""

    def keep(self, tenant: str, views: Mapping[str, ProductView]) -> Mapping[str, ProductView]:
        """Write at most VIEWS_AT_ONCE views, by event id. Answers those that were not written."""

    def kept(self, tenant: str, views: Mapping[str, ProductView]) -> Collection[str]:
        """The event ids of those of `views` that are kept, as last written."""

    def counts(self, tenant: str, day: str, at: Position | None) -> tuple[list[tuple[str, int]], Position | None]:
        """Products with their views, of a bounded number of the day's views, and where to go on; None at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventIntake:
    has_storefront: Callable[[str, str], bool]
    """Whether this account has this storefront."""
    checkout: Checkout
    inventory: Inventory
    views: ProductViewLog
    clock: Clock
    seconds: Callable[[], float]
    """Any clock that only rises."""
    retry: Retry

    def carry_out(self, account_id: str, storefront_id: str, rows: Sequence[SiteEvent | Outcome]) -> list[Outcome]:
        """Carry out the rows, views first and then the others in their order; outcomes among the rows were decided before.

        A row that names an earlier one's id is that one again. Raises NotFound for a storefront that the account has not.
        """
        self.tenant_of(account_id, storefront_id)
        firsts: dict[str, SiteEvent] = {}
        for row in rows:
            if isinstance(row, SiteEvent):
                firsts.setdefault(row.id, row)
        run = _Run(self, account_id, storefront_id, rfc3339(self.clock()), self.seconds() + BUDGET)
        outcomes = run.outcomes(firsts.values())
        return [row if isinstance(row, Outcome) else _again(row, firsts[row.id], outcomes[row.id]) for row in rows]

    def tenant_of(self, account_id: str, storefront_id: str) -> str:
        """The tenant key of a storefront of the account. Raises NotFound."""
        named(storefront_id)
        if not self.has_storefront(account_id, storefront_id):
            raise NotFound("no such storefront of yours")
        return f"{account_id}#{storefront_id}"


@dataclass(frozen=True, slots=True)
class _Run:
    """One batch: of whom, when it began (RFC 3339), and until when a row may be begun."""

    intake: EventIntake
    account_id: str
    storefront_id: str
    began: str
    until: float

    @property
    def tenant(self) -> str:
        return f"{self.account_id}#{self.storefront_id}"

    @property
    def over(self) -> bool:
        return self.intake.seconds() >= self.until

    def outcomes(self, events: Iterable[SiteEvent]) -> dict[str, Outcome]:
        """By event id."""
        seen, untimely, outcomes = dict[str, ProductView](), dict[str, ProductView](), dict[str, Outcome]()
        others = list[tuple[SiteEvent, StockCorrection | Basket]]()
        for event in events:
            if not isinstance(event.what, ProductView):
                others.append((event, event.what))
            else:
                (seen if _is_timely(event.what, self.intake.clock()) else untimely)[event.id] = event.what
        outcomes |= self._refuse(untimely)
        ids = list(seen)
        for start in range(0, len(ids), VIEWS_AT_ONCE):
            outcomes |= self._keep({event_id: seen[event_id] for event_id in ids[start : start + VIEWS_AT_ONCE]})
        for event, what in others:
            outcomes[event.id] = Outcome(event.id, "later") if self.over else self._try(event, what)
        return outcomes

    def _refuse(self, untimely: Mapping[str, ProductView]) -> dict[str, Outcome]:
        """What is too old by now, or of the future; what was taken when it was told first is answered as it was then."""
        kept = self.intake.views.kept(self.tenant, untimely) if untimely else ()
        refused = {event_id: Outcome(event_id, "refused", problem=UNTIMELY) for event_id in untimely}
        return refused | {event_id: Outcome(event_id, "done") for event_id in kept}

    def _keep(self, views: Mapping[str, ProductView]) -> dict[str, Outcome]:
        """Write them; what DynamoDB leaves out is tried again a few times."""
        left = views

        def attempt() -> None:
            nonlocal left
            left = self.intake.views.keep(self.tenant, left)
            if left:
                raise Contended

        with suppress(Busy):
            if not self.over:
                self.intake.retry(attempt)
        return {event_id: Outcome(event_id, "later" if event_id in left else "done") for event_id in views}

    def _try(self, event: SiteEvent, what: StockCorrection | Basket) -> Outcome:
        """`repeated` if it had been before this batch began."""
        intake, idempotency = self.intake, Idempotency(event.id, f"{self.tenant} events", event.fingerprint)
        try:
            if isinstance(what, StockCorrection):
                made = intake.inventory.adjust(self.account_id, what.offer_id, what.delta, what.reason, idempotency)
                return Outcome(event.id, self._status(made.adjusted_at))
            order = intake.checkout.place(self.account_id, self.storefront_id, what, idempotency)
            return Outcome(event.id, self._status(order.placed_at), order.id)
        except (TooManyRequests, Unavailable) as problem:
            return Outcome(event.id, "later", problem=problem)
        except Problem as problem:
            return Outcome(event.id, "refused", problem=located(problem, event))

    def _status(self, happened: str) -> Status:
        return "repeated" if happened < self.began else "done"


def _is_timely(view: ProductView, now: datetime) -> bool:
    return now - OLDEST <= view.at <= now + EARLY


UNTIMELY = Invalid.field("/at", f"tell views within {OLDEST.days} days, by a clock that is right")


def _again(row: SiteEvent, first: SiteEvent, outcome: Outcome) -> Outcome:
    """The outcome of `first`, for a row of the same id."""
    if row is first or row.fingerprint == first.fingerprint:
        return replace(outcome, status="repeated") if row is not first and outcome.status == "done" else outcome
    return Outcome(row.id, "refused", problem=located(KeyReused("another row of this batch has this id"), row))
