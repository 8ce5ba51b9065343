"""The routes by which merchants say which mails they want, and see which did not arrive."""

from typing import Any

from functions.notices.bootstrap import Services
from functions.notices.merchants.notice_settings import Said, TooManyConfirmations
from functions.notices.merchants.settings_views import (
    NoticesView,
    PutNotices,
    UndeliveredListView,
    UndeliveredQuery,
    UndeliveredView,
)
from functions.notices.outbox.undelivered import Undelivered
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.api.paging import one_beyond

ROUTES = Routes()


@ROUTES.get("/v1/account/notices", answers={200: NoticesView})
def notices(caller: Caller, services: Services) -> NoticesView:
    """Show where the account's notices go, and which are on."""
    return NoticesView.of(services.merchants.get(caller.account_id), sending=services.sends)


@ROUTES.put("/v1/account/notices", body=PutNotices, answers={200: NoticesView}, problems=[TooManyConfirmations])
def put_notices(body: PutNotices, caller: Caller, services: Services) -> NoticesView:
    """Say where notices go, in which language, and which; another address is asked by mail whether it is yours."""
    wanted: Any = body.notices.model_dump(exclude_none=True)
    said = Said(email=body.email or "", language=body.language, wanted=wanted, writes_to_buyers=body.writes_to_buyers)
    return NoticesView.of(services.merchants.change(caller.account_id, said), sending=services.sends)


@ROUTES.get("/v1/account/notices/undelivered", query=UndeliveredQuery, answers={200: UndeliveredListView})
def list_undelivered(query: UndeliveredQuery, caller: Caller, services: Services) -> UndeliveredListView:
    """List mails of the account's shops that came back, were called spam, or never left; the latest first."""

    def read(after: str, most: int) -> list[Undelivered]:
        return services.merchants.undelivered(caller.account_id, after, most)

    read_page = one_beyond(query.limit, read, lambda one: one.place)
    items, after = services.paging.page(f"{caller.account_id}#undelivered", query.cursor, read_page)
    return UndeliveredListView(items=[UndeliveredView.of(one) for one in items], next=after)
