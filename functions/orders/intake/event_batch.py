"""What a client site sends up in batches: views, corrections of its account's own stock, orders. Each row fares by itself.

A row is known by its event id, so that a batch may be sent again as it is: an order is placed once and a correction made once (both
are their own record of it), and a view is written to the same key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from functions.orders.checkout.pricing import Basket
from functions.orders.inventory.stock_item import Adjustment, TooFew
from functions.orders.order import Order
from functions.orders.writes import Busy, Contended, Patience
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.tickets import Tickets
from shared.errors import FieldError, Invalid, NotFound, Problem, TooManyRequests, Unavailable
from shared.ids import named

BUDGET = 20.0
"""Seconds after which no further row is begun; API Gateway waits 29."""
AT_ONCE = 25
"""Views of one write."""
OLDEST, EARLY = timedelta(days=7), timedelta(minutes=5)
"""A view may be told so late, and by a clock that is so much ahead."""
Status = Literal["done", "repeated", "refused", "later"]


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at a product. Who it was is not told."""

    product_id: str
    at: datetime

    @property
    def day(self) -> str:
        """In UTC."""
        return self.at.astimezone(UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class Correction:
    offer_id: str
    delta: int
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """A well-formed row."""

    id: str
    fingerprint: str
    what: View | Correction | Basket


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a row fared. The pointers of `problem` are within the row. `later`: nothing was done, send it again."""

    id: str | None
    status: Status
    order_id: str | None = None
    problem: Problem | None = None


class Desk(Protocol):
    def place(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency, tickets: Tickets) -> Order: ...


class Stockroom(Protocol):
    def adjust(self, supplier_id: str, offer_id: str, delta: int, reason: str, idempotency: Idempotency) -> Adjustment: ...


class Views(Protocol):
    """Where views are kept."""

    def keep(self, tenant: str, views: Mapping[str, View]) -> Mapping[str, View]:
        """Write at most AT_ONCE views, by event id. Answers those that were not written."""

    def counts(self, tenant: str, day: str, after: str) -> tuple[Mapping[str, int], str | None]:
        """Product id → views, of a bounded number of the day's views, and where to go on; None at the end."""


@dataclass(frozen=True, slots=True)
class Intake:
    has: Callable[[str, str], bool]
    """Whether this account has this storefront."""
    desk: Desk
    stockroom: Stockroom
    views: Views
    tickets: Tickets
    clock: Clock
    seconds: Callable[[], float]
    """Any clock that only rises."""
    patience: Patience

    def take(self, account_id: str, storefront_id: str, rows: Sequence[Event | Outcome]) -> list[Outcome]:
        """Carry out the rows, views first and then the others in their order; outcomes among the rows were decided before.

        A row that names an earlier one's id is that one again. Raises NotFound for a storefront that the account has not.
        """
        self.known(account_id, storefront_id)
        firsts: dict[str, Event] = {}
        for row in rows:
            if isinstance(row, Event):
                firsts.setdefault(row.id, row)
        turn = _Turn(self, account_id, storefront_id, rfc3339(self.clock()), self.seconds() + BUDGET)
        told = turn.outcomes(firsts.values())
        return [row if isinstance(row, Outcome) else _again(row, firsts[row.id], told[row.id]) for row in rows]

    def known(self, account_id: str, storefront_id: str) -> str:
        """The tenant key of a storefront of the account. Raises NotFound."""
        named(storefront_id)
        if not self.has(account_id, storefront_id):
            raise NotFound("no such storefront of yours")
        return f"{account_id}#{storefront_id}"


@dataclass(frozen=True, slots=True)
class _Turn:
    """One batch: of whom, when it began (RFC 3339), and until when a row may be begun."""

    intake: Intake
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

    def outcomes(self, events: Iterable[Event]) -> dict[str, Outcome]:
        """By event id."""
        seen, told = dict[str, View](), dict[str, Outcome]()
        others = list[tuple[Event, Correction | Basket]]()
        for event in events:
            if not isinstance(event.what, View):
                others.append((event, event.what))
            elif problem := _untimely(event.what, self.intake.clock()):
                told[event.id] = Outcome(event.id, "refused", problem=problem)
            else:
                seen[event.id] = event.what
        ids = list(seen)
        for start in range(0, len(ids), AT_ONCE):
            told |= self._kept({event_id: seen[event_id] for event_id in ids[start : start + AT_ONCE]})
        for event, what in others:
            told[event.id] = Outcome(event.id, "later") if self.over else self._carried_out(event, what)
        return told

    def _kept(self, views: Mapping[str, View]) -> dict[str, Outcome]:
        """Write them; what DynamoDB leaves out is tried again a few times."""
        left = views

        def attempt() -> None:
            nonlocal left
            left = self.intake.views.keep(self.tenant, left)
            if left:
                raise Contended

        with suppress(Busy):
            if not self.over:
                self.intake.patience(attempt)
        return {event_id: Outcome(event_id, "later" if event_id in left else "done") for event_id in views}

    def _carried_out(self, event: Event, what: Correction | Basket) -> Outcome:
        """`repeated` if it had been before this batch began."""
        intake, idempotency = self.intake, Idempotency(event.id, f"{self.tenant} events", event.fingerprint)
        try:
            if isinstance(what, Correction):
                made = intake.stockroom.adjust(self.account_id, what.offer_id, what.delta, what.reason, idempotency)
                return Outcome(event.id, self._status(made.adjusted_at))
            order = intake.desk.place(self.account_id, self.storefront_id, what, idempotency, intake.tickets)
            return Outcome(event.id, self._status(order.placed_at), order.id)
        except (TooManyRequests, Unavailable) as problem:
            return Outcome(event.id, "later", problem=problem)
        except Problem as problem:
            return Outcome(event.id, "refused", problem=located(problem, event))

    def _status(self, happened: str) -> Status:
        return "repeated" if happened < self.began else "done"


def located(problem: Problem, event: Event) -> Problem:
    """The same problem, naming the row's field that it is about if it names none."""
    if not problem.errors:
        stock = {NotFound: "/offer_id", TooFew: "/delta"} if isinstance(event.what, Correction) else {}
        pointer = next((at for kind, at in {KeyReused: "/id", **stock}.items() if isinstance(problem, kind)), "")
        problem.errors = (FieldError(pointer, problem.detail or problem.title),)
    return problem


def _untimely(view: View, now: datetime) -> Problem | None:
    if now - OLDEST <= view.at <= now + EARLY:
        return None
    return Invalid.field("/at", f"tell views within {OLDEST.days} days, by a clock that is right")


def _again(row: Event, first: Event, outcome: Outcome) -> Outcome:
    """The outcome of `first`, for a row of the same id."""
    if row is first or row.fingerprint == first.fingerprint:
        return replace(outcome, status="repeated") if row is not first and outcome.status == "done" else outcome
    return Outcome(row.id, "refused", problem=located(KeyReused("another row of this batch has this id"), row))
