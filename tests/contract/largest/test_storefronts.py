"""The largest storefront that an owner can configure, and the longest subscription of a site, fit with their events wherever they go."""

import json
from typing import Any

from app import Gateway, Request
from functions.fanout.rule_store import RuleStore
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.retry_schedule import SCHEDULE
from functions.fanout.webhooks.subscription import DEMANDS, EVENT_TYPES, MOST_ROTATIONS, Failed, Subscription
from functions.fanout.webhooks.subscription_store import SubscriptionStore
from functions.storefronts.configuration.storefront_routes import MAX_RULE
from functions.storefronts.configuration.storefront_views import StorefrontBody
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import MAX_AMOUNT
from monsoon_plugin.outbound.ssrf_url import MAX_LENGTH
from shared.api.caller import Caller
from shared.bus import envelope
from shared.messages import StorefrontConfigured
from shared.optimistic_retry import AT_ONCE
from shared.subscribers import SUBSCRIBERS
from shared.trade.fx import Rates
from shared.trade.selection import MAX_PRICE, CategoryMargin, PriceBand, PriceRule, Rounding, Selection
from shared.trade.selling_rule import Rule
from tests.contract.conftest import Equip
from tests.contract.largest.sizes import WIDE, check_item, events_in, ids
from tests.contract.largest.test_products import written
from tests.fakes import NOON, sqs

OWNER, STOREFRONT, WEBHOOK = ids("acc", 1)[0], ids("sf", 1)[0], ids("whk", 1)[0]
CURRENCIES = ["AED", "AUD", "BHD", "BRL", "CAD", "CHF", "CNY", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "KWD", "MXN", "NOK", "SEK", "SGD",
              "TWD", "USD"]  # fmt: skip


CATEGORIES = [f"hg{'-1234' * 8}-{n:04}" for n in range(50)]
KNOWN = ["hg-3-2"]
"""Of the taxonomy that is here."""
ROUNDING = Rounding(round_to=100_000, minus=99_999, floor=MAX_PRICE)
MARGINS = [CategoryMargin(category=category, margin_per_mille=100_000) for category in CATEGORIES]
PRICES = PriceRule(
    **ROUNDING.model_dump(), margin_per_mille=100_000, by_category=MARGINS, currencies=CURRENCIES,
    by_currency=dict.fromkeys(CURRENCIES, ROUNDING),
)  # fmt: skip


def texts(count: int, length: int, other: str = "") -> list[str]:
    """Different texts of `length` characters, of four bytes each but for their numbers."""
    return [WIDE * (length - 3 - len(other)) + other + f"{n:03}" for n in range(count)]


def selection(length: int = 100, categories: list[str] = CATEGORIES) -> Selection:
    """Of all that may be named as many as may be; ids of 40 characters at most, tags too, words of 100, and all of `length` at most."""
    short = min(length, 40)
    return Selection(
        categories=categories, excluded_categories=categories[1:], suppliers=texts(50, short), excluded_suppliers=texts(50, short, "x"),
        price_band=PriceBand(currency="KWD", low=MAX_AMOUNT, high=MAX_AMOUNT), tags=texts(50, short), excluded_tags=texts(50, short, "x"),
        words=texts(50, length), excluded_words=texts(100, length, "x"), destinations=["GB"] * 50, minimum_margin_per_mille=999,
        picks=texts(200, short), exclusions=texts(200, short, "x"),
    )  # fmt: skip


def sent(chosen: Selection) -> bytes:
    prices = PRICES.model_copy(update={"by_category": [], "currencies": [], "by_currency": {}})  # the hub here has no rates
    body = StorefrontBody(name=WIDE * 100, languages=[f"{a}{b}" for a in "abcd" for b in "abcde"], selection=chosen, price_rule=prices)
    return json.dumps(body.model_dump(exclude_none=True), ensure_ascii=False).encode()


CONFIGURED = StorefrontConfigured(
    storefront_id=STOREFRONT, account_id=OWNER, version=10**6, name=WIDE * 100, open=True, suspended=WIDE * 500, selection=selection(),
    price_rule=PRICES,
)  # fmt: skip


def test_it_is_taken_in_over_http_and_fits_with_its_event(equipped: Equip):
    gateway = Gateway([equipped("storefronts").app], lambda event: Caller(OWNER, frozenset({"storefront"}), verified=True).context())
    headers = {"authorization": "Bearer x", "content-type": "application/json", "idempotency-key": "k"}
    body = next(made for length in range(100, 3, -1) if len(made := sent(selection(length, KNOWN))) <= MAX_RULE)
    reply = gateway(Request("POST", "/v1/storefronts", headers, body))
    assert reply.status == 201, reply.body[:300]
    assert max(map(check_item, written())) > 50_000


def test_whoever_hears_of_it_can_keep_it(equipped: Equip):
    hearing = [service for service, messages in SUBSCRIBERS.items() if StorefrontConfigured in messages]
    assert hearing
    for service in hearing:
        assert equipped(service).worker(sqs(envelope(CONFIGURED, NOON)), None) == {"batchItemFailures": []}, service
        assert [check_item(item) for item in written()], service


def subscription() -> Subscription:
    """The longest: rotated and asked of as often as may be, told of all, and disabled after its last try."""
    now = rfc3339(NOON)
    made = Subscription(
        id=WEBHOOK, account_id=OWNER, storefront_id=STOREFRONT, url="https://" + "h" * (MAX_LENGTH - 8), types=EVENT_TYPES, created_at=now,
        fingerprint="f" * 64, rotations=((WIDE * 255, now),) * MOST_ROTATIONS, demands=(now,) * DEMANDS, failures=len(SCHEDULE), until=now,
        after=WIDE * 200, partition=99, walked_day="2026-11-01", owed_day="2026-11-01", walked_version=10**6, owed_version=10**6,
    )  # fmt: skip
    return made.failed(Failed("the endpoint answered 500", 500, now), NOON, lambda n: n)


def test_the_longest_subscription_fits_with_the_rule_that_its_route_copies_and_with_what_is_told_of_its_end(make_table: Any):
    table = make_table("fanout")
    assert RuleStore(table, AT_ONCE).configure(CONFIGURED, NOON)
    view = SiteView(STOREFRONT, OWNER, CONFIGURED.version, Rule(CONFIGURED.selection, PRICES), Rates("2026-11-01", {}))
    store = SubscriptionStore(table, AT_ONCE)
    made = store.add(subscription(), view)
    assert made is not None
    assert made.state == "disabled"
    assert store.replace(made, disabled_at=NOON)
    items = written()
    assert max(map(check_item, items)) > 150_000
    assert len(list(events_in(items))) == 1, "of its end"
