"""What batches of events carry, and their answers. A batch is read strictly as a whole, and then each of its rows by itself."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, SkipValidation, StringConstraints

from functions.orders.checkout.basket import Basket
from functions.orders.checkout.checkout_views import Id, PlaceOrder
from functions.orders.intake.site_event import Outcome, ProductView, SiteEvent, Status, StockCorrection
from functions.orders.inventory.stock_views import AdjustStock
from monsoon_plugin.clock import from_rfc3339
from shared.api.payload import Body, Query, View, parsed
from shared.errors import Invalid, Problem

MOST = 500
MAX_BYTES = 1_000_000
EVENT_ID = re.compile(r"[!-~]{1,64}")
EventId = Annotated[
    str,
    StringConstraints(pattern=f"^{EVENT_ID.pattern}$"),
    Field(description="the site's own; a row that is sent again keeps it", examples=["e-1042"]),
]


def _moment(text: str) -> str:
    from_rfc3339(text)
    return text


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("a day is YYYY-MM-DD")
    return text


class ViewRow(Body):
    """A product was looked at. Nothing about who looked is taken."""

    type: Literal["view"]
    id: EventId
    product_id: Id
    at: Annotated[
        str, AfterValidator(_moment), Field(max_length=40, description="RFC 3339, of the last 7 days", examples=["2026-11-01T12:00:00Z"])
    ]

    def event(self, unpaid: timedelta) -> ProductView:
        return ProductView(self.product_id, from_rfc3339(self.at))


class StockRow(AdjustStock):
    """The stock of an offer of the account's own was found to differ."""

    type: Literal["stock"]
    id: EventId
    offer_id: Id

    def event(self, unpaid: timedelta) -> StockCorrection:
        return StockCorrection(self.offer_id, self.delta, self.reason)


class OrderRow(PlaceOrder):
    """A shopper ordered at the site."""

    type: Literal["order"]
    id: EventId

    def event(self, unpaid: timedelta) -> Basket:
        return self.basket(unpaid)


Row = ViewRow | StockRow | OrderRow
ROWS: Mapping[str, type[Row]] = {"view": ViewRow, "stock": StockRow, "order": OrderRow}


class EventBatch(Body):
    """Events of one storefront's site. A row that cannot be accepted is refused alone."""

    row_by_row: ClassVar[bool] = True
    storefront_id: Id | None = Field(default=None, description="owners name their storefront; a client site's key knows its own")
    events: list[SkipValidation[Row]] = Field(min_length=1, max_length=MOST)

    def rows(self, unpaid: timedelta) -> list[SiteEvent | Outcome]:
        """Each row as an event, or refused. `unpaid`: how long stock is kept for an order that does not say."""
        return [_read(row, unpaid) for row in self.events]


class ViewsQuery(Query):
    day: Annotated[str, AfterValidator(_day)] | None = Field(
        default=None, max_length=10, description="YYYY-MM-DD, in UTC; today without it", examples=["2026-11-01"]
    )
    cursor: str | None = Field(default=None, max_length=2000, description="the last answer's `next`")


class FieldProblem(View):
    pointer: str = Field(description="JSON pointer into the batch", examples=["/events/3/delta"])
    detail: str


class RowProblem(View):
    """Why a row was not carried out, as RFC 9457 says it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldProblem]

    @classmethod
    def of(cls, index: int, problem: Problem) -> Self:
        told = problem.document()
        errors = [FieldProblem(pointer=f"/events/{index}{error.pointer}", detail=error.detail) for error in problem.errors]
        return cls(type=told["type"], title=told["title"], status=told["status"], detail=told.get("detail"), errors=errors)


class ResultView(View):
    index: int
    id: str | None = Field(default=None, description="absent if the row has none that can be read")
    status: Status = Field(description="done; repeated: it was done before; refused; later: not reached in time, send it again")
    order_id: str | None = None
    problem: RowProblem | None = None


class BatchView(View):
    results: list[ResultView] = Field(description="in the order of the batch")
    counts: dict[Status, int] = Field(examples=[{"done": 497, "refused": 3}])

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        results = [
            ResultView(index=i, id=o.id, status=o.status, order_id=o.order_id, problem=RowProblem.of(i, o.problem) if o.problem else None)
            for i, o in enumerate(outcomes)
        ]
        return cls(results=results, counts=dict(Counter(outcome.status for outcome in outcomes)))


class ProductViews(View):
    product_id: str
    views: int


class ViewsView(View):
    day: str
    items: list[ProductViews] = Field(description="of this page: a product may be on several, add them up")
    next: str | None = None

    @classmethod
    def of(cls, day: str, counts: Iterable[tuple[str, int]], following: str | None) -> Self:
        items = [ProductViews(product_id=product_id, views=n) for product_id, n in sorted(counts, key=lambda c: (-c[1], c[0]))]
        return cls(day=day, items=items, next=following)


def _read(value: Any, unpaid: timedelta) -> SiteEvent | Outcome:
    kind, event_id = (value.get("type"), value.get("id")) if isinstance(value, dict) else (None, None)
    known = event_id if isinstance(event_id, str) and EVENT_ID.fullmatch(event_id) else None
    try:
        if not isinstance(kind, str) or kind not in ROWS:
            raise Invalid.field("/type", f"one of {', '.join(ROWS)}")
        row: Any = parsed(ROWS[kind], json.dumps(value).encode())
    except Problem as problem:
        return Outcome(known, "refused", problem=problem)
    fingerprint = hashlib.sha256(row.model_dump_json().encode()).hexdigest()[:32]
    return SiteEvent(row.id, fingerprint, row.event(unpaid))
