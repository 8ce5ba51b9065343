"""tantivy_index.py: tantivy answers every question as looking at each card would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.storefronts.index.index_query import (
    All,
    AnyOf,
    Below,
    By,
    Cost,
    InStock,
    Like,
    Not,
    OffersOf,
    Phrase,
    PricedBelow,
    Products,
    Search,
    ShipsTo,
    Tagged,
)
from functions.storefronts.index.product_card import Card, Described
from functions.storefronts.index.tantivy_index import FEW, TantivyIndex
from monsoon_plugin.money import Money
from tests.unit.storefronts.fakes import FakeIndex, card

WORDS = ["red", "blue", "mug", "silk", "丝", "巾", "瓶"]
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
CATEGORIES = st.sampled_from(["hg", "hg-3", "hg-3-2", "hg-30", "aa-1"])
SUPPLIERS = st.sampled_from(["acc_1", "acc#2", "acc 3"])
TAGS = st.sampled_from(["gift", "丝绸", "a'b"])
ATTRIBUTES = st.sampled_from([
    Described("Material", ("Cotton", "silk")), Described("material", ("COTTON",)), Described("色", ("丝",)), Described("a:b", ("c|d",)),
])  # fmt: skip
COUNTRIES = st.sampled_from(["GB", "DE", "CN"])


@st.composite
def catalogs(draw: st.DrawFn) -> list[Card]:
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=15))
    return [
        card(
            number, category=draw(CATEGORIES), supplier_id=draw(SUPPLIERS), in_stock=draw(st.booleans()),
            cost=Money(draw(st.integers(0, 5)), draw(st.sampled_from(["GBP", "USD"]))), titles={"en": draw(TITLES), "zh": draw(TITLES)},
            categories=tuple(draw(st.lists(CATEGORIES, max_size=2))), attributes=tuple(draw(st.lists(ATTRIBUTES, max_size=2))),
            linked=draw(st.sampled_from(["", "itm_1", "itm_2"])),
            tags=tuple(draw(st.lists(TAGS, max_size=2, unique=True))), ships_to=tuple(draw(st.lists(COUNTRIES, max_size=2, unique=True))),
        )
        for number in numbers
    ]  # fmt: skip


def some(values: st.SearchStrategy[str], kind: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, st.frozensets(values, max_size=3))


RUNS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple)
LEAVES = st.one_of(
    some(CATEGORIES, Below), some(CATEGORIES, PricedBelow), some(SUPPLIERS, By), some(TAGS, Tagged), some(COUNTRIES, ShipsTo),
    some(st.sampled_from(["itm_1", "itm_2", "itm_9"]), OffersOf),
    some(st.sampled_from(["prd_1", "prd_2", "prd_77"]), Products), st.just(InStock()), st.builds(Phrase, RUNS),
    st.builds(Like, st.sampled_from(["material:cotton", "material:silk", "色:丝", "a b:c d", "a:b"])),
    st.builds(Search, st.lists(RUNS, min_size=1, max_size=2).map(tuple)),
    st.builds(Cost, st.sampled_from(["GBP", "USD"]), st.integers(0, 3), st.integers(2, 6)),
)  # fmt: skip


def combined(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(part, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, part), st.builds(All, several), st.builds(AnyOf, several))


QUERIES = st.recursive(LEAVES, combined, max_leaves=6)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path / "index", recent=4)
    yield made
    made.close()


@pytest.mark.thorough
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cards=catalogs(), query=QUERIES, below=st.one_of(st.none(), st.integers(1, 40).map(lambda n: n << 20)))
def test_it_answers_as_looking_at_each_card_would(engine: TantivyIndex, cards: list[Card], query: Any, below: int | None) -> None:
    engine.apply(cards, [f"prd_{n}" for n in range(41)])
    fake = FakeIndex(cards)
    assert engine.page(query, below, 5) == fake.page(query, below, 5)
    assert engine.count(query) == fake.count(query)
    assert dict(engine.counts(query, "category", 50)) == dict(fake.counts(query, "category", 50))
    assert dict(engine.counts(query, "attributes", 50)) == dict(fake.counts(query, "attributes", 50))
    assert dict(engine.counts(query, "trade_item", 50, 2)) == dict(fake.counts(query, "trade_item", 50, 2))


def test_an_empty_index_answers_everything(engine: TantivyIndex) -> None:
    assert (engine.page(All(), None, 24), engine.count(All()), engine.card("prd_1")) == ([], 0, None)
    assert engine.counts(All(), "supplier", 20) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [((("mug",),), True), ((("mugs",),), True), ((("丝", "巾"),), True), ((("巾", "丝"),), False), ((("kitchen",), ("丝", "巾")), True),
     ((("kitchen",), ("vase",)), False), ((("gifts",),), True), ((("mugs", "桑"),), False)],
)  # fmt: skip
def test_english_words_are_found_in_any_form_and_chinese_ones_inside_others(
    engine: TantivyIndex, words: tuple[tuple[str, ...], ...], found: bool
) -> None:
    engine.apply([card(titles={"en": "Kitchen mugs", "zh": "桑蚕丝丝巾"}, tags=("gift",))], [])
    assert bool(engine.page(Search(words), None, 24)) is found


def test_what_several_cards_have_is_not_hidden_by_however_many_that_one_has(engine: TantivyIndex) -> None:
    """Each batch of changes is a segment of its own, in which each thing may have one card."""
    engine.apply([card(n, linked=f"itm_{n}") for n in range(1, 400)], [])
    engine.apply([card(n, linked=f"itm_{n - 400}") for n in (401, 799)], [])
    assert sorted(engine.counts(All(), "trade_item", 5, 2)) == [("itm_1", 2), ("itm_399", 2)]


def test_no_phrase_reaches_from_one_title_into_the_next(engine: TantivyIndex) -> None:
    engine.apply([card(titles={"en": "red vase", "zh": "花瓶"})], [])
    assert not engine.count(Phrase(("vase", "花")))


def test_a_card_replaces_the_one_of_its_product_and_a_removed_one_is_gone(engine: TantivyIndex) -> None:
    engine.apply([card(1), card(2)], [])
    engine.apply([card(1, version=2, in_stock=False)], ["prd_2"])
    assert [(c.product_id, c.version, c.in_stock) for c in engine.page(All(), None, 24)] == [("prd_1", 2, False)]


def test_what_was_closed_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    first = TantivyIndex(tmp_path)
    first.apply([card(1), card(2)], [])
    first.close()
    assert TantivyIndex(tmp_path).size == 2


def test_many_values_are_found_as_few_are(engine: TantivyIndex) -> None:
    engine.apply([card(n, supplier_id=f"acc#{n}", tags=tuple(f"t{i}" for i in range(20))) for n in range(1, 6)], [])
    for number in (FEW, FEW + 1):
        others = {f"none {n}" for n in range(number - 1)}
        assert engine.count(Products(frozenset(others | {"prd_2"}))) == 1
        assert engine.count(Not(By(frozenset(others | {"acc#3"})))) == 4
    assert engine.count(Tagged(frozenset({"t19"}))) == 5


@pytest.mark.thorough
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.integers(1, 60), max_size=30),
    st.lists(st.tuples(st.sampled_from(["publish", "change", "recall"]), st.integers(1, 99)), max_size=12), st.integers(1, 7),
)  # fmt: skip
def test_pages_neither_repeat_nor_miss_a_product_whatever_is_published_meanwhile(
    engine: TantivyIndex, first: set[int], meanwhile: list[tuple[str, int]], limit: int
) -> None:
    engine.apply([card(n) for n in first], [f"prd_{n}" for n in range(200)])
    seen: list[str] = []
    recalled: set[int] = set()
    below: int | None = None
    while (page := engine.page(All(), below, limit)) and len(seen) < 200:
        seen += [one.product_id for one in page]
        below = page[-1].rank
        for kind, number in meanwhile[:2]:
            if kind == "recall":
                recalled.add(number)
                engine.apply([], [f"prd_{number}"])
            else:
                engine.apply([card(number + 100 if kind == "publish" else number, version=2)], [])
        del meanwhile[:2]
    assert len(seen) == len(set(seen))
    assert {f"prd_{n}" for n in first - recalled} <= set(seen)
