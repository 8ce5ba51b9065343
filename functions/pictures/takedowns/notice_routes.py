"""Notices that a picture may not be shown: sent, answered, decided, on record for both sides."""

from functions.pictures.bootstrap import Services
from functions.pictures.takedowns.notice_service import AlreadyDecided, Claim, NothingToCounter, TooManyNotices
from functions.pictures.takedowns.notice_views import CounterBody, DecisionBody, NoticeBody, NoticeList, NoticePage, NoticeView, OpenQuery
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Malformed, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/commons/pictures/{content_id}/notices", body=NoticeBody, answers={201: NoticeView}, idempotent=True,
    problems=[NotFound, TooManyNotices, KeyReused],
)  # fmt: skip
def send_notice(content_id: str, body: NoticeBody, caller: Caller, idempotency: Idempotency, services: Services) -> NoticeView:
    """Say that a picture may not be shown: it is hidden within a minute, and whoever shows it may answer."""
    claim = Claim(body.ground, body.name, body.statement)
    return NoticeView.of(services.notices.send(caller.account_id, content_id, claim, idempotency))


@ROUTES.get("/v1/commons/pictures/{content_id}/notices", answers={200: NoticeList}, problems=[NotFound])
def list_notices(content_id: str, caller: Caller, services: Services) -> NoticeList:
    """List the notices against a picture: all, if you show it; else those that you sent."""
    found = services.notices.look(caller.account_id, content_id, operator="operator" in caller.roles)
    return NoticeList(items=[NoticeView.of(notice) for notice in found])


@ROUTES.post(
    "/v1/pictures/{picture_id}/counter-notices", body=CounterBody, answers={201: NoticeView}, allow=["supplier"], verified=True,
    idempotent=True, problems=[NotFound, NothingToCounter, KeyReused],
)  # fmt: skip
def send_counter_notice(picture_id: str, body: CounterBody, caller: Caller, idempotency: Idempotency, services: Services) -> NoticeView:
    """Answer a notice against a picture of yours: an operator decides whether it comes back."""
    return NoticeView.of(services.notices.counter(caller.tenant, picture_id, body.statement, idempotency))


@ROUTES.get("/v1/notices", query=OpenQuery, answers={200: NoticePage}, allow=["operator"], problems=[Malformed])
def list_open_notices(query: OpenQuery, services: Services) -> NoticePage:
    """List the notices that wait for a decision, the oldest first."""
    found, following = services.paging.page("notices", query.cursor, lambda at: services.notices.open(at, query.limit))
    return NoticePage(items=[NoticeView.of(notice) for notice in found], next=following)


@ROUTES.put(
    "/v1/commons/pictures/{content_id}/notices/{notice_id}/decision", body=DecisionBody, answers={200: NoticeView}, allow=["operator"],
    problems=[NotFound, AlreadyDecided],
)  # fmt: skip
def decide_notice(content_id: str, notice_id: str, body: DecisionBody, caller: Caller, services: Services) -> NoticeView:
    """Decide a notice: the picture is gone for good, or back."""
    return NoticeView.of(services.notices.decide(caller.account_id, content_id, notice_id, body.upheld, body.reason))
