"""What rules could not decide: auditors read and decide it."""

from functions.audit.bootstrap import Services
from functions.audit.verdicts.review_views import DecisionBody, ReviewQuery, ReviewsPage, ReviewsQuery, ReviewSummary, ReviewView
from functions.audit.verdicts.verdict import AlreadyDecided, ChangedMeanwhile, OwnProduct, Verdict, VersionMovedOn
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get("/v1/reviews", query=ReviewsQuery, answers={200: ReviewsPage}, allow=["auditor", "operator"])
def list_reviews(query: ReviewsQuery, caller: Caller, services: Services) -> ReviewsPage:
    """List what awaits a person's decision, oldest first."""
    read = services.verdicts.pages_waiting(query.limit)
    waiting, following = services.paging.page(f"reviews {caller.tenant}", query.cursor, read)
    return ReviewsPage(items=[ReviewSummary.of(verdict) for verdict in waiting], next=following)


@ROUTES.get("/v1/reviews/{product_id}", query=ReviewQuery, answers={200: ReviewView}, allow=["auditor", "operator"], problems=[NotFound])
def get_review(product_id: str, query: ReviewQuery, services: Services) -> ReviewView:
    """Show the product, what was found, the product that it doubles, pictures that look like others', and the supplier's appeal."""
    return _review(services.verdicts.verdict(query.supplier, product_id), services)


@ROUTES.post(
    "/v1/reviews/{product_id}/decision",
    body=DecisionBody,
    answers={200: ReviewView},
    allow=["auditor"],
    problems=[NotFound, OwnProduct, VersionMovedOn, AlreadyDecided, ChangedMeanwhile],
)
def decide_review(product_id: str, body: DecisionBody, caller: Caller, services: Services) -> ReviewView:
    """Approve or refuse the version that was looked at; the same decision again changes nothing."""
    return _review(services.verdicts.decide(body.supplier_id, product_id, body.decision_of(caller.account_id)), services)


def _review(verdict: Verdict, services: Services) -> ReviewView:
    likenesses = services.likenesses.of(verdict.supplier_id, verdict.product)
    return ReviewView.of(verdict, services.verdicts.named_by(verdict), likenesses, services.media_url)
