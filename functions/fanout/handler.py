"""fanout: the feed of changes that client sites pull. Wiring only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from functions.fanout.change import Change, Position, read_on, start
from functions.fanout.feed import Rule, feed
from functions.fanout.store import FanoutStore
from functions.fanout.views import ChangeView, FeedQuery, FeedView
from shared.bus import consumer
from shared.caller import Caller
from shared.clock import utc_now
from shared.errors import Invalid, NotFound
from shared.http import Service
from shared.messages import OfferPublished, OfferRecalled, StorefrontConfigured
from shared.secret import secret_of
from shared.settings import settings_of
from shared.tickets import Tickets, at_cursor, cursor_of


@dataclass(frozen=True, slots=True)
class Settings:
    fanout_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str


app = Service("fanout")
CURSOR_LIFETIME = timedelta(days=90)


@cache
def store() -> FanoutStore:
    return FanoutStore(settings_of(Settings).fanout_table)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@app.get("/v1/feed", query=FeedQuery, answers={200: FeedView}, allow=["client_site", "storefront"], problems=[NotFound])
def read_feed(query: FeedQuery, caller: Caller) -> FeedView:
    """Read what has changed for a storefront since the cursor; changes are shown five seconds after they happen.

    Each product comes once, with its last change. A site that begins without a cursor gets all that the storefront sells.
    """
    storefront_id = query.storefront_id or caller.storefront_id
    if storefront_id is None:
        raise Invalid.field("query/storefront_id", "name the storefront, or use the key of a client site")
    caller.at_storefront(storefront_id)
    rule = store().rule(caller.account_id, storefront_id)
    if rule is None:
        raise NotFound("no such storefront of yours")
    now, scope = utc_now(), f"feed {storefront_id}"
    changes, position, more = read_on(_position(at_cursor(tickets(), scope, query.cursor, now), now), query.limit, now, store())
    views = [ChangeView.of(entry, rule.price_rule) for entry in feed(changes, rule, position.since)]
    at: dict[str, str | int] = {"since": position.since, "first": position.first, **position.read}
    return FeedView(changes=views, next=cursor_of(tickets(), scope, at, now, CURSOR_LIFETIME), more=more, rule_version=rule.version)


def _position(at: dict[str, str | int] | None, now: datetime) -> Position:
    if at is None:
        return start(now)
    read = {key: str(value) for key, value in at.items() if key.isdigit()}
    return Position(str(at["since"]), int(at["first"]), read)


def _configured(message: StorefrontConfigured) -> None:
    rule = Rule(message.storefront_id, message.account_id, message.version, message.selection, message.price_rule)
    store().configure(rule)


worker = consumer(
    {
        OfferPublished: lambda message: store().keep(Change.published(message, utc_now())),
        OfferRecalled: lambda message: store().keep(Change.recalled(message, utc_now())),
        StorefrontConfigured: _configured,
    }
)
