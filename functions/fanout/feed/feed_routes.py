"""The route that client sites pull changes from."""

import hashlib

from functions.fanout.bootstrap import Services
from functions.fanout.feed.feed_cursor import CursorTooOld
from functions.fanout.feed.feed_page import Page
from functions.fanout.feed.feed_views import ChangeView, FeedQuery, FeedView
from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.get(
    "/v1/feed",
    query=FeedQuery,
    answers={200: FeedView, 304: None},
    allow=["storefront"],
    key="sell",
    problems=[NotFound, CursorTooOld],
)
def read_feed(query: FeedQuery, caller: Caller, raw: Raw, services: Services) -> Answer:
    """Read what has changed for a storefront since the cursor; changes are shown five seconds after they happen.

    Each product comes once, with its last change. A site that begins without a cursor gets all that the storefront sells; after
    a change of the storefront's rule the same cursor brings what that added, changed and removed.
    """
    storefront_id = query.storefront_id or caller.storefront_id
    if storefront_id is None:
        raise Invalid.field("query/storefront_id", "name the storefront, or use the key of a client site")
    caller.at_storefront(storefront_id)
    page, following = services.feed.read(caller.account_id, storefront_id, query.cursor, query.limit)
    return _answer(page, following, raw)


def _answer(page: Page, cursor: str, raw: Raw) -> Answer:
    changes = [ChangeView.model_validate(told) for told in page.entries]
    view = FeedView(changes=changes, next=cursor, more=page.more, snapshot=page.cursor.snapshot, rule_version=page.cursor.version)
    tag = f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Answer(None, 304, headers) if tag in raw.headers.get("if-none-match", "") else Answer(view, 200, headers)
