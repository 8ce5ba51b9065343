"""A hub in memory, as client sites see it: a change log whose writes land late, rules and rates that change, and a brute-force answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from functions.fanout.product_change import LogPage, ProductChange
from functions.fanout.storefront_view import ParsedChange, SiteView, entry
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled
from shared.trade.fx import Rates
from shared.trade.product import Product
from shared.trade.selection import CategoryMargin, PriceBand, PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.fakes import FakeClock

PRODUCT = Product.model_validate_json(
    '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11-10-5-5","price":{"amount":900,"currency":"GBP"},"stock":5,'
    '"tiers":[{"min_quantity":10,"price":{"amount":700,"currency":"GBP"}}],'
    '"weight":300,"size":{"length":100,"width":80,"height":90},"hs_code":"691110","origin":"CN"}'
)
RULES = [
    Rule(Selection(), PriceRule()),
    Rule(Selection(), PriceRule(margin_per_mille=100)),
    Rule(Selection(price_band=PriceBand(currency="GBP", low=300, high=1200)), PriceRule()),
    Rule(Selection(exclusions=["prd_1", "prd_2"], picks=["prd_3"], categories=["aa"]), PriceRule(floor=1000)),
    Rule(Selection(), PriceRule(currencies=["EUR"], by_category=[CategoryMargin(category="hg", margin_per_mille=50)])),
    Rule(Selection(price_band=PriceBand(currency="GBP", low=0, high=900)), PriceRule(currencies=["GBP", "EUR"])),
    Rule(Selection(), PriceRule(), selling=False),
    Rule(Selection(), PriceRule(round_to=500)),
]

BEHIND = (timedelta(0), timedelta(seconds=20), timedelta(minutes=50))
"""By so much the index may be behind a change."""
LOOKED = 2
"""Places of what was replaced that one look passes at most."""


def published(product_id: str, version: int, cost: int = 900, stock: int = 5) -> OfferPublished:
    product = PRODUCT.model_copy(update={"price": PRODUCT.price.model_copy(update={"amount": cost}), "stock": stock})
    return OfferPublished(version=version, offer_id="off_" + product_id, product_id=product_id, supplier_id="acc_7", product=product)


def recalled(product_id: str, version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id="off_" + product_id, product_id=product_id, supplier_id="acc_7", reason="cracks")


def available(product_id: str, version: int, in_stock: bool) -> OfferAvailabilityChanged:
    ids = {"offer_id": "off_" + product_id, "product_id": product_id, "supplier_id": "acc_7"}
    return OfferAvailabilityChanged(version=version, in_stock=in_stock, **ids)


def rates(day: int) -> Rates:
    return Rates(f"2026-11-{day:02d}", {"GBP": f"0.{80 + day}"})


def view(rule: Rule, version: int = 1, day: int = 1) -> SiteView:
    return SiteView("sf_1", "acc_1", version, rule, rates(day))


@dataclass
class FakeLog:
    """Each product's last change in a dict, and the rules in a list (feed_page.Rules, product_change.ChangeLog)."""

    kept: dict[str, ProductChange] = field(default_factory=dict)
    rules: list[tuple[int, Rule]] = field(default_factory=list)
    reads: int = 0
    stale: list[tuple[datetime, ProductChange]] = field(default_factory=list)
    """What was replaced, and until when the index shows it at its old place besides."""
    clock: FakeClock = field(default_factory=FakeClock)
    replaced: list[ProductChange] = field(default_factory=list)
    """Whose places a look passes though they mean nothing any more."""
    looks: int = 0

    def keep(self, change: ProductChange) -> None:
        held = self.kept.get(change.product_id)
        if held is None:
            self.kept[change.product_id] = change
        elif change.version > held.version:
            self.replaced.append(held)
            self.kept[change.product_id] = change.following(held)

    def keep_stock(self, change: ProductChange) -> None:
        held = self.kept.get(change.product_id)
        if held is None:
            self.kept[change.product_id] = change
        elif change.stock_version > held.stock_version:
            self.replaced.append(held)
            self.kept[change.product_id] = replace(held, at=change.at, in_stock=change.in_stock, stock_version=change.stock_version)

    def between(self, shard: str, after: str, until: str, limit: int) -> LogPage:
        """A look passes LOOKED places that mean nothing any more at most: then the page is short, or empty, though more follows."""
        dead = sorted(c.at for c in self.replaced if c.shard == shard and after < c.at <= until)
        end = dead[LOOKED - 1] if len(dead) >= LOOKED else until
        listed = [*self.kept.values(), *(change for shown_until, change in self.stale if shown_until > self.clock.now)]
        found = sorted((c for c in listed if c.shard == shard and after < c.at <= end), key=lambda c: c.at)[:limit]
        self.reads, self.looks = self.reads + len(found), self.looks + 1
        return LogPage(found, found[-1].at if len(found) == limit else end)

    def earlier_views(self, view: SiteView, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[SiteView] | None:
        found = [replace(view, version=v, rule=rule, rates=rates) for v, rule in self.rules if version <= v < view.version]
        return found if len(found) <= limit and found and found[0].version == version else None


@dataclass
class World:
    """Time, the catalog, orders, one storefront and the operator's rates. What is written lands up to four seconds later, twice."""

    rule: Rule = RULES[0]
    """The first one."""
    clock: FakeClock = field(default_factory=FakeClock)
    log: FakeLog = field(default_factory=FakeLog)
    day: int = 1
    versions: dict[str, int] = field(default_factory=dict)
    landing: list[tuple[datetime, ProductChange]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log.rules.append((1, self.rule))
        self.log.clock = self.clock

    def act(self, action: str, number: int, amount: int, delay: int) -> None:
        product_id = f"prd_{number}"
        if action == "rule":
            self.log.rules.append((self.log.rules[-1][0] + 1 + number % 2, RULES[amount % len(RULES)]))
        elif action == "rates":
            self.day += 1
        else:
            self._write(self._change(action, product_id, amount), delay)

    def _change(self, action: str, product_id: str, amount: int) -> ProductChange:
        version = self.versions[action == "stock", product_id] = self.versions.get((action == "stock", product_id), 0) + 1  # type: ignore[index, call-overload]
        if action == "publish":
            return ProductChange.published(published(product_id, version, amount * 100, amount % 3), self.clock.now)
        if action == "recall":
            return ProductChange.recalled(recalled(product_id, version), self.clock.now)
        return ProductChange.stocked(available(product_id, version, amount % 2 == 0), self.clock.now)

    def _write(self, change: ProductChange, delay: int) -> None:
        for late in (delay, 4000):
            self.landing.append((self.clock.now + timedelta(milliseconds=late), change))

    def land(self) -> None:
        for due in [pair for pair in self.landing if pair[0] <= self.clock.now]:
            held = self.log.kept.get(due[1].product_id)
            (self.log.keep if due[1].version else self.log.keep_stock)(due[1])
            if held not in (None, self.log.kept[due[1].product_id]):
                self.log.stale.append((self.clock.now + BEHIND[crc32(due[1].at.encode()) % len(BEHIND)], held))
            self.landing.remove(due)

    def view(self) -> SiteView:
        version, rule = self.log.rules[-1]
        return view(rule, version, self.day)

    def settle(self) -> None:
        self.clock.tick(seconds=30)
        self.land()
        self.clock.tick(minutes=50)

    def sold(self) -> dict[str, Any]:
        """By brute force: what the storefront sells now, as its sites must show it."""
        seen = (entry(ParsedChange(change), self.view()) for change in self.log.kept.values())
        return {told["product_id"]: shown(told) for told in seen if told["type"] == "upsert"}


def shown(told: dict[str, Any]) -> Any:
    """What an upsert says of its product. The day of the rates is not compared: it may be an earlier one if the price is the same."""
    return {key: value for key, value in told["product"].items() if key != "currency_day"}


def in_order(site: dict[str, Any], entries: Sequence[dict[str, Any]]) -> None:
    """A site that applies what it reads as it comes, and compares nothing."""
    for told in entries:
        if told["type"] == "upsert":
            site[told["product_id"]] = shown(told)
        else:
            site.pop(told["product_id"], None)


def by_sequence(entries: Iterator[dict[str, Any]] | Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A site that keeps of each product what has the greatest sequence."""
    kept: dict[str, dict[str, Any]] = {}
    for told in entries:
        if told["sequence"] > kept.get(told["product_id"], {"sequence": ""})["sequence"]:
            kept[told["product_id"]] = told
    return {product_id: shown(told) for product_id, told in kept.items() if told["type"] == "upsert"}
