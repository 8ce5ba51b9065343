"""Identities: submitted by their account, decided by operators."""

from functions.accounts.bootstrap import Services
from functions.accounts.page_query_views import PageQuery
from functions.accounts.verification.claim import Claim
from functions.accounts.verification.verification import AlreadyDecided, AlreadySubmitted, Decision, OwnVerification
from functions.accounts.verification.verification_views import Decide, VerificationPage, VerificationView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Forbidden, Malformed, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/account/verification",
    body=Claim,
    answers={201: VerificationView},
    idempotent=True,
    problems=[AlreadySubmitted, Forbidden, KeyReused],
)
def submit_verification(body: Claim, caller: Caller, idempotency: Idempotency, services: Services) -> VerificationView:
    """Submit the account's legal identity; a replay answers where it stands by now."""
    return VerificationView.of(services.verifications.submit(caller.account_id, body, idempotency))


@ROUTES.get("/v1/account/verification", answers={200: VerificationView}, problems=[Forbidden, NotFound])
def verification(caller: Caller, services: Services) -> VerificationView:
    """Show the identity that was submitted last, and the decision."""
    return VerificationView.of(services.verifications.latest(caller.account_id))


@ROUTES.get("/v1/verifications", query=PageQuery, answers={200: VerificationPage}, allow=["operator"], problems=[Malformed])
def open_verifications(query: PageQuery, caller: Caller, services: Services) -> VerificationPage:
    """List the identities that await a decision, the oldest first."""
    read = services.verifications.pages_of_open(query.limit)
    found, following = services.paging.page(f"{caller.account_id} verifications", query.cursor, read)
    return VerificationPage(items=[VerificationView.of(each) for each in found], next=following)


@ROUTES.post(
    "/v1/verifications/{account_id}/decision",
    body=Decide,
    answers={200: VerificationView},
    allow=["operator"],
    problems=[AlreadyDecided, NotFound, OwnVerification],
)
def decide_verification(account_id: str, body: Decide, caller: Caller, services: Services) -> VerificationView:
    """Approve or refuse an identity; the same decision again changes nothing."""
    decision = Decision(body.verification_id, body.state, body.reason, caller.account_id)
    return VerificationView.of(services.verifications.decide(account_id, decision))
