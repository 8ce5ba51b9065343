"""No change is missed, whatever is written while a site reads."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.fanout.change import LAG, Change, Position, read_on, start
from functions.fanout.feed import Removal, Rule, Upsert, feed
from shared.messages import OfferPublished, OfferRecalled
from shared.product import Product
from shared.selection import PriceBand, PriceRule, Selection
from tests.fakes import NOON, FakeClock

PRODUCT = Product.model_validate_json(
    '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11-10-5-5","price":{"amount":900,"currency":"GBP"},"stock":5,'
    '"weight":300,"size":{"length":100,"width":80,"height":90},"hs_code":"691110","origin":"CN"}'
)
EVERYTHING = Rule("sf_1", "acc_1", 1, Selection(), PriceRule())


class FakeChanges:
    """Each product's last change, in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, Change] = {}

    def keep(self, change: Change) -> None:
        held = self.kept.get(change.product_id)
        if held is None or held.version < change.version:
            self.kept[change.product_id] = change

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[Change]:
        found = [c for c in self.kept.values() if c.shard == shard and after < c.at <= until]
        return sorted(found, key=lambda c: c.at)[:limit]


def published(product_id: str, version: int, cost: int = 900) -> OfferPublished:
    product = PRODUCT.model_copy(update={"price": PRODUCT.price.model_copy(update={"amount": cost})})
    return OfferPublished(version=version, offer_id="off_" + product_id, product_id=product_id, supplier_id="acc_7", product=product)


def recalled(product_id: str, version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id="off_" + product_id, product_id=product_id, supplier_id="acc_7", reason="cracks")


def apply(site: dict[str, int], changes: Sequence[Change], rule: Rule, since: str) -> None:
    for entry in feed(changes, rule, since):
        if isinstance(entry, Upsert):
            site[entry.change.product_id] = entry.product.price.amount
        else:
            site.pop(entry.change.product_id, None)


steps = st.lists(
    st.tuples(
        st.sampled_from(["publish", "recall", "read"]), st.integers(0, 12), st.integers(1, 20), st.integers(0, 4000), st.integers(0, 9000)
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(steps, st.integers(1, 5))
def test_a_site_that_follows_the_feed_holds_what_the_catalog_holds(done: list[tuple[str, int, int, int, int]], limit: int) -> None:
    """Writes land up to four seconds after they are stamped, in any order, twice, between any two reads."""
    clock, changes, site = FakeClock(), FakeChanges(), dict[str, int]()
    rule = Rule("sf_1", "acc_1", 1, Selection(price_band=PriceBand(currency="GBP", low=100, high=1500)), PriceRule())
    position: Position | None = None
    landing: list[tuple[object, Change]] = []
    versions: dict[str, int] = {}

    def land() -> None:
        for due in [pair for pair in landing if pair[0] <= clock.now]:  # type: ignore[operator]
            changes.keep(due[1])
            landing.remove(due)

    def read() -> bool:
        nonlocal position
        land()
        position = position or start(clock.now)
        found, position, more = read_on(position, limit, clock.now, changes)
        apply(site, found, rule, position.since)
        return more

    for action, number, cost, delay, wait in done:
        clock.tick(milliseconds=wait)
        product_id = f"prd_{number}"
        if action == "read":
            read()
            continue
        version = versions[product_id] = versions.get(product_id, 0) + 1
        message = published(product_id, version, cost * 100) if action == "publish" else recalled(product_id, version)
        made = Change.published(message, clock.now) if isinstance(message, OfferPublished) else Change.recalled(message, clock.now)
        landing.append((clock.now + timedelta(milliseconds=delay), made))
        landing.append((clock.now + timedelta(milliseconds=4000 - delay), made))
        land()
    clock.tick(seconds=30)
    while read():
        pass
    held = [entry for entry in feed(list(changes.kept.values()), rule, "9") if isinstance(entry, Upsert)]
    assert site == {entry.change.product_id: entry.product.price.amount for entry in held}


def test_a_change_is_shown_once_it_is_as_old_as_the_lag() -> None:
    changes = FakeChanges()
    changes.keep(Change.published(published("prd_1", 1), NOON))
    assert read_on(start(NOON), 10, NOON + LAG - timedelta(milliseconds=1), changes)[0] == []
    assert len(read_on(start(NOON), 10, NOON + LAG + timedelta(milliseconds=1), changes)[0]) == 1


def test_a_busy_shard_does_not_hold_up_the_others() -> None:
    changes = FakeChanges()
    for n in range(60):
        changes.keep(Change.published(published(f"prd_{n}", 1), NOON))
    position, seen = start(NOON), set()
    for _ in range(4):
        found, position, more = read_on(position, 5, NOON + 2 * LAG, changes)
        seen |= {change.shard for change in found}
        assert more
    assert seen == {"0", "1", "2", "3"}


def test_a_page_ends_before_it_is_too_large_to_answer() -> None:
    changes = FakeChanges()
    for n in range(12):
        change = Change.published(published(f"prd_{n}", 1), NOON)
        changes.keep(Change(change.product_id, change.offer_id, change.supplier_id, 1, change.at, "x" * 300_000))
    position, seen = start(NOON), 0
    while True:
        found, position, more = read_on(position, 100, NOON + 2 * LAG, changes)
        assert len(found) <= 4
        seen += len(found)
        if not more:
            break
    assert seen == 12


def test_a_product_that_the_rule_stops_wanting_is_removed_and_one_that_never_was_sold_is_not_told() -> None:
    rule = Rule("sf_1", "acc_1", 1, Selection(price_band=PriceBand(currency="GBP", high=1000)), PriceRule())
    changes = [Change.published(published("prd_1", 2, 2000), NOON), Change.published(published("prd_2", 1, 2000), NOON)]
    told = list(feed(changes, rule, ""))
    assert [type(entry) for entry in told] == [Removal]


def test_what_was_recalled_before_a_site_began_is_not_told() -> None:
    gone = Change.recalled(recalled("prd_1", 2), NOON)
    assert list(feed([gone], EVERYTHING, start(NOON + 2 * LAG).since)) == []
    assert len(list(feed([gone], EVERYTHING, start(NOON).since))) == 1
