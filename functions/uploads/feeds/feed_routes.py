"""Feeds: files of products, and what became of their rows."""

from functions.uploads.bootstrap import Services
from functions.uploads.feeds.feed_service import NotHeld
from functions.uploads.feeds.feed_views import MAX_BODY, AnsweredFeed, AnswerFeed, FeedOpened, FeedView, OpenFeed, RowPage, RowQuery
from functions.uploads.mappings.template_views import TemplateView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/feeds",
    body=OpenFeed,
    answers={201: FeedOpened},
    allow=["supplier"],
    verified=True,
    idempotent=True,
    max_body=MAX_BODY,
    problems=[KeyReused, Invalid],
)
def open_feed(body: OpenFeed, caller: Caller, idempotency: Idempotency, services: Services) -> FeedOpened:
    """Get a feed's id and a place to put its file; it is read as soon as it arrives."""
    return FeedOpened.of(*services.feeds.open(caller.tenant, body.name, body.bytes, body.how, idempotency))


@ROUTES.put(
    "/v1/feeds/{feed_id}/reading", body=AnswerFeed, answers={202: AnsweredFeed}, allow=["supplier"], verified=True, max_body=MAX_BODY,
    problems=[NotFound, NotHeld, Invalid],
)  # fmt: skip
def answer_feed(feed_id: str, body: AnswerFeed, caller: Caller, services: Services) -> AnsweredFeed:
    """Say how a feed that is held is to be read: its encoding, which column is which field. It is read at once."""
    return AnsweredFeed.of(services.feeds.answer(caller.tenant, feed_id, body.how))


@ROUTES.get("/v1/feed-templates/{format}", answers={200: TemplateView}, allow=["supplier"], problems=[NotFound])
def get_template(format: str, caller: Caller, services: Services) -> TemplateView:
    """Show an empty file of a format with two rows of example, to save under its name."""
    return TemplateView.of(format)


@ROUTES.get("/v1/feeds/{feed_id}", answers={200: FeedView}, allow=["supplier"], verified=True, problems=[NotFound])
def get_feed(feed_id: str, caller: Caller, services: Services) -> FeedView:
    """Show how far a feed is and what became of its rows."""
    return FeedView.of(*services.feeds.progress(caller.tenant, feed_id))


@ROUTES.get("/v1/feeds/{feed_id}/rows", query=RowQuery, answers={200: RowPage}, allow=["supplier"], verified=True, problems=[NotFound])
def list_rows(feed_id: str, query: RowQuery, caller: Caller, services: Services) -> RowPage:
    """List a feed's rows, what became of each, and how to mend those that failed."""
    read = services.feeds.report_pages(caller.tenant, feed_id, query.status, query.limit)
    rows, following = services.paging.page(f"{caller.tenant} {feed_id} rows", query.cursor, read)
    return RowPage(items=rows, next=following)
