"""audit: decides what may be sold. Wiring only."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from functions.audit.consumers import taken_in
from functions.audit.rules.operator_lists import lists_in
from functions.audit.verdicts.audit_service import AuditDesk, Contended
from functions.audit.verdicts.verdict import AlreadyDecided, AppealedBefore, NotRefused, OwnProduct, VersionMovedOn
from functions.audit.verdicts.verdict_store import VerdictStore
from functions.audit.verdicts.verdict_views import (
    AppealBody,
    DecisionBody,
    ReviewQuery,
    ReviewsPage,
    ReviewsQuery,
    ReviewSummary,
    ReviewView,
    VerdictView,
)
from monsoon_plugin.clock import utc_now
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.errors import NotFound
from shared.settings import settings_of
from shared.trade.reference_data import Reference


@dataclass(frozen=True, slots=True)
class Settings:
    audit_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str


@dataclass(frozen=True, slots=True)
class WorkerSettings(Settings):
    reference_bucket: str


app = Service("audit")


@cache
def store() -> VerdictStore:
    return VerdictStore(settings_of(Settings).audit_table, utc_now)


@cache
def desk() -> AuditDesk:
    return AuditDesk(store(), utc_now)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings_of(WorkerSettings).reference_bucket))


@app.get("/v1/reviews", query=ReviewsQuery, answers={200: ReviewsPage}, allow=["auditor", "operator"])
def list_reviews(query: ReviewsQuery, caller: Caller) -> ReviewsPage:
    """List what awaits a person's decision, oldest first."""
    now, scope = utc_now(), f"reviews {caller.tenant}"
    at = at_cursor(tickets(), scope, query.cursor, now)
    waiting, place = store().waiting(str(at["after"]) if at else "", query.limit)
    following = cursor_of(tickets(), scope, {"after": place}, now) if place else None
    return ReviewsPage(items=[ReviewSummary.of(verdict) for verdict in waiting], next=following)


@app.get("/v1/reviews/{product_id}", query=ReviewQuery, answers={200: ReviewView}, allow=["auditor", "operator"], problems=[NotFound])
def get_review(product_id: str, query: ReviewQuery) -> ReviewView:
    """Show the product, what was found, and the supplier's appeal."""
    return ReviewView.of(desk().verdict(query.supplier, product_id))


@app.post(
    "/v1/reviews/{product_id}/decision", body=DecisionBody, answers={200: ReviewView}, allow=["auditor"],
    problems=[NotFound, OwnProduct, VersionMovedOn, AlreadyDecided, Contended],
)  # fmt: skip
def decide_review(product_id: str, body: DecisionBody, caller: Caller) -> ReviewView:
    """Approve or refuse the version that was looked at; the same decision again changes nothing."""
    return ReviewView.of(desk().decide(body.supplier_id, product_id, body.version, body.said, caller.account_id))


@app.get("/v1/products/{product_id}/verdict", answers={200: VerdictView}, allow=["supplier"], problems=[NotFound])
def get_verdict(product_id: str, caller: Caller) -> VerdictView:
    """Show the newest verdict on a product of one's own."""
    return VerdictView.of(desk().verdict(caller.tenant, product_id))


@app.post(
    "/v1/products/{product_id}/appeal", body=AppealBody, answers={200: VerdictView}, allow=["supplier"], idempotent=True,
    problems=[NotFound, NotRefused, AppealedBefore, KeyReused, Contended],
)  # fmt: skip
def appeal_refusal(product_id: str, body: AppealBody, caller: Caller, idempotency: Idempotency) -> VerdictView:
    """Send a refusal to a person, once a version, with the reason why the product may be sold."""
    return VerdictView.of(desk().appeal(caller.tenant, product_id, body.reason, idempotency))


def worker(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue's entry point: each batch of submissions is judged together."""
    return taken_in(event["Records"], lambda events: desk().judge(events, lambda languages: lists_in(reference(), languages)))
