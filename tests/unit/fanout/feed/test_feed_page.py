"""A site that follows the feed ends level with the hub, whatever is written, configured and converted while it reads."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.fanout.feed.feed_cursor import FeedCursor, start
from functions.fanout.feed.feed_page import BASES, CHUNK, READ_PER_TOLD, Feed, Page
from functions.fanout.product_change import INDEX_LAG, LAG, SHARDS, ProductChange
from shared.trade.selection import PriceBand, PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.examples import examples
from tests.fakes import NOON
from tests.unit.fanout.world import LOOKED, RULES, FakeLog, World, by_sequence, in_order, published, recalled, view

LATER = NOON + 2 * INDEX_LAG
ACTIONS = ["publish", "publish", "recall", "stock", "rule", "rates", "read", "read", "read", "resume"]
steps = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 9), st.integers(1, 15), st.integers(0, 4000), st.integers(0, 7000)), max_size=70
)


class Site:
    """Reads the feed page by page through its cursor's text, remembers all that it was told, and every cursor it was given."""

    def __init__(self, world: World, limit: int) -> None:
        self.world, self.limit = world, limit
        self.cursor: FeedCursor | None = None
        self.cursors: list[FeedCursor] = []
        self.holds: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []

    def read(self) -> bool:
        world = self.world
        world.land()
        cursor = self.cursor or start(world.view(), world.clock.now)
        read_back = FeedCursor.of(cursor.position(), world.clock.now)
        page = Feed(world.log, world.log).page(read_back, world.view(), self.limit, world.clock.now)
        in_order(self.holds, page.entries)
        self.told += page.entries
        self.cursor = page.cursor
        self.cursors.append(page.cursor)
        return page.more

    def resume(self, number: int) -> None:
        """Go back to a cursor of before, with all that was told since still in the shop: the site failed before it kept the cursor."""
        if self.cursors:
            self.cursor = self.cursors[number % len(self.cursors)]

    def catch_up(self) -> None:
        while self.read():
            pass


def lived(done: list[tuple[str, int, int, int, int]], limit: int) -> Site:
    site = Site(World(RULES[limit - 1]), limit)
    for action, number, amount, delay, wait in done:
        site.world.clock.tick(milliseconds=wait)
        site.world.land()
        if action == "read":
            site.read()
        elif action == "resume":
            site.resume(number)
        else:
            site.world.act(action, number, amount, delay)
    site.world.settle()
    return site


STOCK_MOVES_A_PRODUCT_PAST_THE_WALK = [
    ("publish", 0, 1, 0, 0), ("publish", 2, 1, 0, 0), ("publish", 1, 1, 0, 4050), ("stock", 0, 1, 0, 6), ("read", 0, 1, 0, 945),
    ("stock", 2, 1, 0, 0), ("rule", 0, 2, 0, 0), ("read", 0, 1, 0, 0),
]  # fmt: skip
"""A site is told of prd_2; its stock changes, the rule wants it no more, and the walk ends while the change is too young to be shown."""


@example(STOCK_MOVES_A_PRODUCT_PAST_THE_WALK, 1)
@settings(max_examples=examples(400), deadline=None)
@given(steps, st.integers(1, 5))
def test_a_site_that_applies_what_it_reads_ends_level_with_the_hub(done: list[tuple[str, int, int, int, int]], limit: int) -> None:
    site = lived(done, limit)
    site.catch_up()
    assert site.holds == site.world.sold()


@example(STOCK_MOVES_A_PRODUCT_PAST_THE_WALK, 1, Random(0))
@settings(max_examples=examples(400), deadline=None)
@given(steps, st.integers(1, 5), st.randoms(use_true_random=False))
def test_a_site_that_keeps_the_greatest_sequence_ends_level_in_any_order_and_with_doubles(
    done: list[tuple[str, int, int, int, int]], limit: int, random: Random
) -> None:
    site = lived(done, limit)
    site.catch_up()
    told = site.told * 2
    random.shuffle(told)
    assert by_sequence(told) == site.world.sold()


@settings(max_examples=examples(200), deadline=None)
@given(steps, st.integers(1, 5), st.integers(0, 99))
def test_reading_again_from_any_cursor_once_all_is_quiet_ends_level(
    done: list[tuple[str, int, int, int, int]], limit: int, number: int
) -> None:
    site = lived(done, limit)
    site.catch_up()
    site.resume(number)
    site.catch_up()
    assert site.holds == site.world.sold()


@settings(max_examples=examples(100), deadline=None)
@given(steps, st.integers(1, 5))
def test_a_newcomer_is_told_each_product_that_is_sold_once_and_nothing_else(done: list[tuple[str, int, int, int, int]], limit: int) -> None:
    world = lived(done, limit).world
    world.clock.tick(hours=1)
    newcomer = Site(world, limit)
    newcomer.catch_up()
    assert sorted(told["product_id"] for told in newcomer.told) == sorted(world.sold())
    assert newcomer.cursor is not None
    assert newcomer.cursor.snapshot is False


def log_of(costs: dict[str, int], *rules: Rule) -> FakeLog:
    """A log of products published at noon for the first time, and a storefront's rules, of which the last is in force."""
    log = FakeLog(rules=list(enumerate(rules, 1)))
    for product_id, cost in costs.items():
        log.keep(ProductChange.published(published(product_id, 1, cost), NOON))
    return log


def read(log: FakeLog, cursor: FeedCursor | None = None, *, upto: int = 0, day: int = 1, limit: int = 100, at: Any = LATER) -> Page:
    """A page under the log's last rule, or under its `upto`th."""
    version = upto or len(log.rules)
    sees = view(log.rules[version - 1][1], version, day)
    return Feed(log, log).page(cursor or start(sees, at), sees, limit, at)


def named(page: Page) -> set[tuple[str, str]]:
    return {(told["type"], told["product_id"]) for told in page.entries}


CHEAP = Rule(Selection(price_band=PriceBand(currency="GBP", low=0, high=1000)), PriceRule())
DEAR = Rule(Selection(price_band=PriceBand(currency="GBP", low=800)), PriceRule())


def test_a_new_rule_tells_only_what_it_adds_and_takes_away() -> None:
    log = log_of({"prd_cheap": 100, "prd_between": 900, "prd_dear": 5000}, CHEAP, DEAR)
    before = read(log, upto=1)
    assert named(before) == {("upsert", "prd_cheap"), ("upsert", "prd_between")}
    after = read(log, before.cursor)
    assert named(after) == {("removal", "prd_cheap"), ("upsert", "prd_dear")}
    assert after.entries[0]["sequence"] > max(told["sequence"] for told in before.entries)
    assert named(read(log, after.cursor)) == set()


def test_a_new_price_rule_tells_every_product_again_and_one_that_changes_no_price_none() -> None:
    log = log_of({"prd_1": 900, "prd_2": 2000}, RULES[0], Rule(Selection(), PriceRule(floor=1000)), RULES[0])
    first = read(log, upto=1)
    assert named(read(log, first.cursor, upto=2)) == {("upsert", "prd_1"), ("upsert", "prd_2")}, "a tier of prd_2 costs more"
    floorless = log_of({"prd_1": 900}, RULES[0], Rule(Selection(), PriceRule(floor=500)))
    assert named(read(floorless, read(floorless, upto=1).cursor)) == set()


def test_a_rule_that_came_and_went_while_the_site_was_ahead_of_its_cursor_is_made_good() -> None:
    """The site was told of removals under rule 2, lost that cursor, and comes back when rule 3 is as rule 1 was."""
    log = log_of({"prd_1": 900}, RULES[0], RULES[6], RULES[0])
    cursor = read(log, upto=1).cursor
    assert named(read(log, cursor, upto=2)) == {("removal", "prd_1")}
    assert named(read(log, cursor, upto=3)) == {("upsert", "prd_1")}


def test_a_new_day_tells_converted_prices_again_and_others_not() -> None:
    log = log_of({"prd_1": 900}, RULES[4])
    first = read(log)
    assert first.entries[0]["product"]["currency_day"] == "2026-11-01"
    second = read(log, first.cursor, day=2)
    assert second.entries[0]["product"]["price"]["amount"] != first.entries[0]["product"]["price"]["amount"]
    assert named(read(log, second.cursor, day=2)) == set()
    local = log_of({"prd_1": 900}, RULES[5])
    assert named(read(local, read(local).cursor, day=2)) == set(), "it sells in the supplier's currency"
    plain = log_of({"prd_1": 900}, RULES[0])
    cursor = read(plain).cursor
    assert read(plain, cursor, day=2).cursor == cursor, "a rule that converts nothing asks for no rates"


def test_a_closed_storefronts_site_loses_all_and_one_that_opens_gets_all() -> None:
    log = log_of({"prd_1": 900, "prd_2": 900}, RULES[0], RULES[6], RULES[0])
    closed = read(log, read(log, upto=1).cursor, upto=2)
    assert named(closed) == {("removal", "prd_1"), ("removal", "prd_2")}
    assert named(read(log, closed.cursor)) == {("upsert", "prd_1"), ("upsert", "prd_2")}


def test_behind_a_rule_that_is_forgotten_or_too_many_rules_every_product_is_told() -> None:
    many = log_of({"prd_1": 900, "prd_2": 5000}, *([CHEAP] * (BASES + 2)))
    cursor = read(many, upto=1).cursor
    assert named(read(many, cursor, upto=BASES + 1)) == set()
    assert named(read(many, cursor)) == {("upsert", "prd_1"), ("removal", "prd_2")}
    forgotten = log_of({"prd_1": 900, "prd_2": 5000}, CHEAP, CHEAP, CHEAP)
    cursor = read(forgotten, upto=1).cursor
    forgotten.rules[0] = (0, CHEAP)
    assert named(Feed(forgotten, forgotten).page(cursor, view(CHEAP, 3), 100, LATER)) == {("upsert", "prd_1"), ("removal", "prd_2")}


def test_a_product_that_the_rule_stops_wanting_is_removed_and_one_that_never_was_sold_is_not_told() -> None:
    log = log_of({"prd_1": 900, "prd_3": 5000}, CHEAP)
    cursor = read(log).cursor
    log.keep(ProductChange.published(published("prd_1", 2, 5000), LATER))
    log.keep(ProductChange.published(published("prd_2", 1, 5000), LATER))
    assert named(read(log, cursor, at=LATER + 2 * LAG)) == {("removal", "prd_1")}


def test_what_was_recalled_before_a_site_began_is_not_told() -> None:
    log = FakeLog(rules=[(1, RULES[0])])
    log.keep(ProductChange.recalled(recalled("prd_1", 2), NOON))
    assert named(read(log)) == set()
    began = start(view(RULES[0]), NOON)
    assert named(read(log, began)) == {("removal", "prd_1")}


def test_a_recall_that_is_being_written_while_a_site_begins_is_told() -> None:
    log = log_of({"prd_1": 900}, RULES[0])
    first = read(log)
    assert named(first) == {("upsert", "prd_1")}
    log.keep(ProductChange.recalled(recalled("prd_1", 2), LATER - timedelta(seconds=4)))
    assert named(read(log, first.cursor, at=LATER + LAG)) == {("removal", "prd_1")}


def recalled_behind_the_index(*rules: Rule) -> FakeLog:
    """prd_1, which was recalled twenty minutes ago; the index shows it as it was besides."""
    log = log_of({"prd_1": 900}, *rules)
    log.stale.append((LATER + INDEX_LAG, log.kept["prd_1"]))
    log.keep(ProductChange.recalled(recalled("prd_1", 2), LATER - timedelta(minutes=20)))
    return log


def test_a_recall_that_the_index_does_not_show_while_a_site_begins_is_told() -> None:
    first = read(recalled_behind_the_index(RULES[0]))
    assert [told["type"] for told in first.entries] == ["upsert", "removal"]


def test_a_walk_that_is_shown_what_was_before_a_recall_tells_the_recall_after_it() -> None:
    """The site was told of the recall, under the old rule; what it was before comes with a greater sequence now."""
    log = recalled_behind_the_index(RULES[0], RULES[1])
    level = read(log, upto=1).cursor
    walked = read(log, level)
    assert [told["type"] for told in walked.entries] == ["upsert", "removal"]
    assert by_sequence(walked.entries) == {}


def test_a_walk_does_not_tell_again_what_the_site_was_told_was_gone() -> None:
    log = log_of({"prd_1": 900}, RULES[0], RULES[1])
    began = start(view(RULES[0]), NOON)
    log.keep(ProductChange.recalled(recalled("prd_2", 2), NOON))
    first = read(log, began, upto=1)
    assert named(first) == {("upsert", "prd_1"), ("removal", "prd_2")}
    assert named(read(log, first.cursor)) == {("upsert", "prd_1")}


def test_stock_that_is_told_before_the_product_is_not_shown() -> None:
    world = World()
    world.act("stock", 1, 2, 0)
    world.settle()
    site = Site(world, 5)
    site.catch_up()
    assert site.told == []


def test_a_change_is_shown_once_it_is_as_old_as_the_lag() -> None:
    log = log_of({"prd_1": 900}, RULES[0])
    assert named(read(log, at=NOON + LAG - timedelta(milliseconds=1))) == set()
    assert named(read(log, at=NOON + LAG + timedelta(milliseconds=1))) == {("upsert", "prd_1")}


def test_a_page_reads_at_most_four_changes_for_each_entry_it_may_tell() -> None:
    log = log_of({f"prd_{n}": 5000 for n in range(900)}, CHEAP)
    cursor, pages, more = None, 0, True
    while more:
        log.reads = 0
        page = read(log, cursor, limit=24)
        assert log.reads <= READ_PER_TOLD * 24
        assert page.entries == []
        cursor, more, pages = page.cursor, page.more, pages + 1
    assert pages == -(-900 // 96)


def test_a_page_looks_at_most_so_often_at_what_means_nothing_any_more_and_the_next_goes_on_behind_it() -> None:
    """As where a whole catalog was sent twice within the hour: until then nothing is told, and the site comes nearer with each page."""
    log = log_of({f"prd_{n}": 900 for n in range(400)}, RULES[0])
    before = list(log.kept.values())
    for n, held in enumerate(before):
        log.keep(ProductChange.published(published(held.product_id, 2), NOON + timedelta(seconds=1, milliseconds=n)))
    assert log.replaced == before
    cursor, pages, told, more = None, 0, set[str](), True
    while more:
        log.looks = 0
        page = read(log, cursor, limit=24, at=NOON + timedelta(minutes=1))
        assert log.looks <= SHARDS + READ_PER_TOLD * 24 / CHUNK
        assert pages < 400, "it stands still"
        told |= {entry["product_id"] for entry in page.entries}
        cursor, more, pages = page.cursor, page.more, pages + 1
    assert told == set(log.kept)
    assert pages > 400 / LOOKED / 8, "or nothing was passed here"


def test_a_busy_shard_does_not_hold_up_the_others() -> None:
    log = log_of({f"prd_{n}": 900 for n in range(60)}, RULES[0])
    cursor, seen = None, set()
    for _ in range(4):
        page = read(log, cursor, limit=5)
        seen |= {log.kept[told["product_id"]].shard for told in page.entries}
        cursor = page.cursor
        assert page.more
    assert seen == {"0", "1", "2", "3"}


def test_a_page_ends_before_it_is_too_large_to_answer() -> None:
    log = log_of({}, RULES[0])
    for n in range(12):
        change = ProductChange.published(published(f"prd_{n}", 1), NOON)
        log.keep(replace(change, product=str(change.product) + " " * 300_000))
    cursor, told, more = None, 0, True
    while more:
        page = read(log, cursor)
        assert len(page.entries) <= 4
        cursor, told, more = page.cursor, told + len(page.entries), page.more
    assert told == 12
