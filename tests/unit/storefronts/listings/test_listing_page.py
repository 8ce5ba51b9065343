"""A listing shows exactly what the rule wants, each product once, the newest first, in few reads."""

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.index.index_query import Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_page import READS, START, Narrowing, Place, Window, page
from functions.storefronts.listings.price_ranges import Pricing
from functions.storefronts.offers.priced_card import PricedCard
from monsoon_plugin.money import MAX_AMOUNT, Money
from shared.trade.fx import Rates
from shared.trade.selection import CategoryMargin, PriceBand, PriceRule, Rounding, Selection, within
from shared.trade.selling_rule import Rule
from shared.trade.words import words
from tests.examples import examples
from tests.unit.storefronts.fakes import FakeIndex, card

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"USD": "1.1172", "GBP": "0.8781", "JPY": "175.68", "CNY": "7.9912"}})
USED = frozenset({"EUR", "USD", "GBP", "JPY", "CNY", "CHF"})
CATEGORIES = ["ap", "ap-2-2-5", "hg", "hg-1", "hg-11", "hg-11-8", "hg-3", "hg-3-2", "hg-31", "tg-4-7"]
TITLES = ["Mug", "Blue mug", "Silk scarf", "Glass vase", "桑蚕丝丝巾", "花瓶"]
PAGE = 24


class CountingIndex(FakeIndex):
    """It looks at each card once a question, however many pages are read."""

    last: Query | None = None
    answers: Sequence[Card] = ()

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        if query != self.last:
            self.last, self.answers = query, FakeIndex(self.cards).page(query, None, len(self.cards))
        start = 0 if below is None else bisect_right(self.answers, -below, key=lambda card: -card.rank)
        found = self.answers[start : start + limit]
        self.reads += len(found)
        return found


def some_card(number: int, categories: Sequence[str], chance: random.Random) -> Card:
    currency = chance.choice(["EUR", "USD", "GBP", "JPY", "CNY", "CHF"])
    return card(
        number, category=chance.choice(categories), supplier_id=f"acc_{chance.randrange(30)}",
        cost=Money(int(chance.lognormvariate(7, 1.2)) * (100 if currency == "JPY" else 1), currency), titles={"en": chance.choice(TITLES)},
        tags=tuple(chance.sample(["gift", "silk", "glass", "new"], chance.randrange(3))),
        ships_to=tuple(chance.sample(["DE", "FR", "GB", "CN", "US"], chance.randrange(3))), in_stock=chance.random() < 0.8,
    )  # fmt: skip


def some_rule(categories: Sequence[str], ids: Sequence[str], chance: random.Random) -> Rule:
    """Half of the rules choose categories, a third a price band; every other part is in one of six or fewer."""

    def some(values: Sequence[str], most: int, odds: float) -> list[str]:
        return chance.sample(values, chance.randint(1, most)) if chance.random() < odds else []

    currency, low = chance.choice(["EUR", "USD", "GBP", "CNY"]), chance.choice([0, 100, 500, 1000, 2000])
    branches = sorted({"-".join(category.split("-")[: chance.randint(1, 4)]) for category in chance.sample(categories, 6)})
    suppliers = [f"acc_{n}" for n in range(30)]
    selection = Selection(
        categories=branches[:3] if chance.random() < 0.5 else [], excluded_categories=branches[3:5] if chance.random() < 0.15 else [],
        suppliers=some(suppliers, 8, 0.1), excluded_suppliers=some(suppliers, 3, 0.1),
        price_band=PriceBand(currency=currency, low=low, high=low * chance.choice([2, 5, 20]) + 500) if chance.random() < 0.33 else None,
        tags=some(["gift", "silk", "glass"], 2, 0.1), excluded_tags=some(["new"], 1, 0.1),
        words=some(["mug", "silk", "丝巾"], 2, 0.1), excluded_words=some(["blue", "花瓶"], 2, 0.15),
        destinations=some(["DE", "GB", "CN"], 2, 0.15), minimum_margin_per_mille=chance.choice([0, 0, 0, 0, 150, 250]),
        picks=some(ids, 20, 0.15), exclusions=some(ids, 20, 0.15),
    )  # fmt: skip
    margins = [CategoryMargin(category=one, margin_per_mille=chance.randrange(100, 600)) for one in branches[:2]]
    price_rule = PriceRule(
        margin_per_mille=chance.choice([100, 200, 250, 400]), round_to=chance.choice([1, 10, 100, 500]), minus=chance.choice([0, 1]),
        by_category=margins if chance.random() < 0.3 else [], currencies=chance.choice([[], [], ["EUR"], ["USD", "GBP"]]),
        by_currency={"JPY": Rounding(round_to=100)} if chance.random() < 0.3 else {},
    )  # fmt: skip
    return Rule(selection, price_rule)


def window(rule: Rule, narrowing: Narrowing | None = None) -> Window:
    return Window(Pricing(rule, RATES, USED), narrowing or Narrowing())


def pages(shown: Window, index: CountingIndex, limit: int = PAGE) -> list[tuple[list[PricedCard], int]]:
    """All pages of a listing, each with how many cards were read for it."""
    found, place = [], START
    while True:
        index.reads = 0
        items, after = page(shown, place, limit, index)
        found.append((items, index.reads))
        if after is None:
            return found
        place = after


def products(found: list[tuple[list[PricedCard], int]]) -> list[str]:
    return [shown.card.product_id for items, _ in found for shown in items]


def taxonomy(data: Path) -> list[str]:
    lines = (data / "taxonomy" / "en" / "categories.txt").read_text().splitlines()
    return [line.split(":")[1].split("/")[-1].strip() for line in lines if line.startswith("gid:")]


@pytest.mark.thorough
def test_every_page_of_a_thousand_rules_is_exact_and_reads_four_times_its_length_at_most(data: Path) -> None:
    """Over ten shelves of 300 cards in real categories; `pytest -s` prints the distribution."""
    chance = random.Random(8)
    categories = taxonomy(data)
    assert len(categories) > 10_000
    shelves = [[some_card(n, categories, chance) for n in range(300)] for _ in range(10)]
    reads, full, every = Counter[int](), 0, 0
    for number in range(1_000):
        cards = shelves[number % 10]
        rule = some_rule(categories, [c.product_id for c in cards], chance)
        shown = window(rule)
        wanted = [c.product_id for c in reversed(cards) if rule.sale(c.facts, RATES)]
        found = pages(shown, CountingIndex(cards))
        assert products(found) == wanted
        assert all(len(items) <= PAGE and read <= 96 for items, read in found)
        reads.update(read for _, read in found)
        full, every = full + sum(len(items) == PAGE for items, _ in found[:-1]), every + len(found) - 1
    mean = sum(read * times for read, times in reads.items()) / reads.total()
    print(f"{reads.total()} pages, {mean:.1f} cards read a page, {max(reads)} at most; {full} of {every} pages before a last one were full")
    assert full > 0.95 * every


rules = st.integers(0, 10**9).map(lambda seed: some_rule(CATEGORIES, [f"prd_{n}" for n in range(40)], random.Random(seed)))
shelves = st.integers(0, 10**9).map(lambda seed: [some_card(n, CATEGORIES, random.Random(seed * 1000 + n)) for n in range(40)])
narrowings = st.builds(
    Narrowing,
    category=st.none() | st.sampled_from(CATEGORIES),
    supplier=st.none() | st.just("acc_1"),
    tag=st.none() | st.just("gift"),
    destination=st.none() | st.just("DE"),
    in_stock=st.booleans(),
    words=st.none() | st.sampled_from(["mug", "丝巾"]),
)


@settings(max_examples=examples(150), deadline=None)
@given(shelves, rules, narrowings, st.integers(1, 7), st.none() | st.integers(0, 4000))
def test_a_narrowed_listing_is_what_both_the_rule_and_the_shopper_want(
    cards: list[Card], rule: Rule, narrowing: Narrowing, limit: int, low: int | None
) -> None:
    if low is not None:
        currency = rule.price_rule.currencies[-1] if rule.price_rule.currencies else "EUR"
        narrowing = replace(narrowing, currency=currency, low=low, high=low + 3000)

    def wanted(one: Card) -> bool:
        text = words(next(iter(one.titles.values())))
        sold = rule.sale(one.facts, RATES, narrowing.currency) if narrowing.currency in (None, *rule.price_rule.currencies) else None
        if narrowing.currency == one.cost.currency and not rule.price_rule.currencies:
            sold = rule.sale(one.facts, RATES)
        return (
            sold is not None
            and (narrowing.low is None or narrowing.low <= sold.price.amount <= (narrowing.high or MAX_AMOUNT))
            and (narrowing.category is None or within(one.category, narrowing.category))
            and narrowing.supplier in (None, one.supplier_id)
            and (narrowing.tag is None or narrowing.tag in one.tags)
            and (narrowing.destination is None or not one.ships_to or narrowing.destination in one.ships_to)
            and (one.in_stock or not narrowing.in_stock)
            and (narrowing.words is None or "".join(words(narrowing.words)) in "".join(text))
        )

    found = pages(window(rule, narrowing), CountingIndex(cards), limit)
    assert products(found) == [one.product_id for one in reversed(cards) if wanted(one)]
    assert all(len(items) <= limit and read <= READS * limit for items, read in found)


@pytest.mark.parametrize("words", [None, "mug"])
def test_nothing_is_shown_twice_or_missed_while_products_are_published_and_recalled(words: str | None) -> None:
    chance = random.Random(5)
    cards = {n: card(n, titles={"en": chance.choice(["Mug", "Mugs", "Blue mug"])}) for n in range(100, 300)}
    stayed, seen, place, newest = set(cards), list[str](), START, 300
    while True:
        found, after = page(window(Rule(Selection(), PriceRule()), Narrowing(words=words)), place, 7, FakeIndex(list(cards.values())))
        seen += [shown.card.product_id for shown in found]
        if after is None:
            break
        place = after
        for _ in range(3):
            cards[newest] = card(newest, titles={"en": chance.choice(["Mug", "Mugs"])})
            gone = chance.choice(sorted(cards))
            del cards[gone]
            stayed.discard(gone)
            newest += 1
    assert len(seen) == len(set(seen))
    assert {card(n).product_id for n in stayed} <= set(seen)


def test_a_rule_that_rounding_decides_ends_its_pages_short_and_loses_nothing() -> None:
    rule = Rule(Selection(minimum_margin_per_mille=300), PriceRule(margin_per_mille=400, round_to=10_000))
    cards = [card(n, cost=Money(7_000 if n == 5 else 7_100, "EUR")) for n in range(1_000)]
    found = pages(window(rule), CountingIndex(cards))
    assert products(found) == ["prd_5"]
    assert max(read for _, read in found) == 96
    assert found[0] == ([], 96)


def test_a_search_shows_titles_as_they_were_typed_before_other_forms_each_the_newest_first() -> None:
    titles = ["Mugs", "A blue mug", "Vase", "Mug", "Set of mugs"]
    index = CountingIndex([card(n, titles={"en": title}) for n, title in enumerate(titles)])
    shown = window(Rule(Selection(), PriceRule()), Narrowing(words="mug"))
    found = [s.card.titles["en"] for items, _ in pages(shown, index, 2) for s in items]
    assert found == ["Mug", "A blue mug", "Set of mugs", "Mugs"]
    assert page(shown, START, 2, index)[1] == Place(1)
    assert page(shown, START, 1, index)[1] == Place(0, 3 << 20)


def test_prices_are_the_storefronts_in_the_currency_that_was_asked_for() -> None:
    rule = Rule(Selection(), PriceRule(currencies=["USD", "JPY"], margin_per_mille=1000))
    index = CountingIndex([card(1, cost=Money(1000, "EUR")), card(2, cost=Money(1000, "CHF"))])
    found, _ = page(window(rule, Narrowing(currency="JPY")), START, PAGE, index)
    assert [shown.sale.price for shown in found] == [Money(3514, "JPY")]
    assert index.reads == 1
