"""What a shopper types, and what it finds among real names: Shopify's taxonomy in English and Chinese, and Online Retail's goods."""

import csv
import gzip
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.storefronts.index.index_query import All, Not, Phrase, Search
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.tantivy_index import TantivyIndex
from functions.storefronts.listings.listing_page import START, Narrowing, Window, page
from functions.storefronts.listings.price_ranges import Pricing
from functions.storefronts.listings.search import tiers
from shared.errors import Invalid
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from shared.trade.words import runs, words
from tests.conftest import real_inputs
from tests.unit.storefronts.fakes import FakeIndex, card


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Silk  SCARVES", (("silk",), ("scarves",))),
        ("丝巾", (("丝", "巾"),)),
        ("丝巾 花瓶", (("丝", "巾"), ("花", "瓶"))),
        ("丝巾,花瓶", (("丝", "巾"), ("花", "瓶"))),
        ("iPhone14手机壳 red", (("iphone", "14"), ("手", "机", "壳"), ("red",))),
        ("Café — ｖａｓｅ", (("cafe",), ("vase",))),
        ("a", (("a",),)),
        ("mug mug", (("mug",),)),
    ],
)
def test_words_are_told_apart_and_what_stands_together_stays(text: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert tiers(text)[1].parts[0] == Search(found)  # type: ignore[attr-defined]


SAME = [
    ("Łódka żaglowa", "lodka"), ("Đồng hồ", "dong ho"), ("Œuvre d'art", "oeuvre"), ("Gece ışığı", "GECE IŞIĞI"),
    ("ガラスのコップ", "がらす"),
    ("絲綢圍巾", "丝绸"), ("丝绸围巾", "絲綢"), ("Cotton T-shirt", "tshirt"), ("Cotton tshirt", "T-shirt"), ("Cotton T-shirt", "shirt"),
    ("Flask 450 ml", "450ml"), ("Flask 450ml", "450 ml"), ("O'Neill cap", "oneill"), ("Oneill cap", "O’Neill"), ("हिन्दी किताब", "किताब"),
    ("แก้วน้ำสแตนเลส", "แก้ว"), ("كِتَاب", "كتاب"), ("שָׁלוֹם", "שלום"), ("Anti-slip T-shirt", "tshirt anti slip"), ("WH-1000XM4", "wh1000xm4"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "typed"), SAME)
def test_a_word_is_found_however_it_is_written_by_the_engine_and_by_looking(title: str, typed: str, tmp_path: Path) -> None:
    cards = [card(1, titles={"en": title}), card(2, titles={"en": "another thing"})]
    engine = TantivyIndex(tmp_path)
    engine.apply(cards, [])
    for index in (engine, FakeIndex(cards)):
        found, _ = page(window(typed), START, 10, index)
        assert [one.card.product_id for one in found] == ["prd_1"]


def test_a_product_is_found_by_its_gtin_however_it_is_typed(tmp_path: Path) -> None:
    cards = [card(1, gtin="036000291452"), card(2, gtin="4006381333931"), card(3)]
    engine = TantivyIndex(tmp_path)
    engine.apply([Card.from_json(one.to_json()) for one in cards], [])
    for typed, product in (("0036000291452", "prd_1"), ("36000 291452 0", None), ("4 006381 333931", "prd_2"), ("4006381333931", "prd_2")):
        for index in (engine, FakeIndex(cards)):
            found, _ = page(window(typed), START, 10, index)
            assert [one.card.product_id for one in found] == ([product] if product else [])


@pytest.mark.parametrize(
    ("typed", "products"),
    [
        ("WH-1000XM4", ["prd_1", "prd_3"]), ("wh1000xm4", ["prd_1", "prd_3"]), ("startech.com", ["prd_2"]), ("StarTech", ["prd_2"]),
        ("startech hdmm 2m", ["prd_2"]), ("HDMM-3M", ["prd_2"]), ("sony headphones", ["prd_1"]), ("1234-5678", ["prd_4"]),
    ],
)  # fmt: skip
def test_a_product_is_found_by_its_brand_and_part_numbers_and_who_has_the_number_comes_first(
    typed: str, products: list[str], tmp_path: Path
) -> None:  # fmt: skip
    cards = [
        card(1, titles={"en": "Headphones"}, brand="Sony", mpns=("WH-1000XM4",)), card(2, brand="StarTech.com", mpns=("HDMM2M", "HDMM3M")),
        card(3, titles={"en": "Case", "de": "Tasche"}, tags=("wh-1000xm4",)), card(4, brand="Łódź", mpns=("12345678",)),
    ]  # fmt: skip
    engine = TantivyIndex(tmp_path)
    engine.apply([Card.from_json(one.to_json()) for one in cards], [])
    for index in (engine, FakeIndex(cards)):
        found, _ = page(window(typed), START, 10, index)
        assert [one.card.product_id for one in found] == products


def test_a_title_as_it_was_typed_comes_first_and_no_card_is_in_both_tiers() -> None:
    exact = Phrase(("silk", "丝", "巾"))
    assert tiers("silk 丝巾") == (exact, All((Search((("silk",), ("丝", "巾"))), Not(exact))))


@pytest.mark.parametrize("text", ["?", "  ", "—…!", "🙂", "̈"])
def test_a_search_without_a_word_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        tiers(text)
    assert refused.value.errors[0].pointer == "query/q"


@given(st.text(alphabet="aé 丝巾한-'1ß２", max_size=30))
def test_no_word_is_lost(text: str) -> None:
    assert [word for run in runs(text) for word in run] == words(text)


def window(text: str) -> Window:
    """A search in a storefront that sells everything."""
    return Window(Pricing(Rule(Selection(), PriceRule()), NO_RATES, frozenset({"GBP"})), Narrowing(words=text))


def names(data: Path, language: str) -> dict[str, str]:
    """The taxonomy's own names, by category id."""
    lines = (data / "taxonomy" / language / "categories.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" : ", 1) for line in lines if line.startswith("gid:")]
    return {gid.strip().rpartition("/")[2]: name.rpartition(" > ")[2].strip() for gid, name in rows}


def goods(data: Path) -> list[str]:
    """Each different description of the Online Retail data."""
    found = set()
    for path in sorted((data / "online-retail").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as rows:
            found |= {row["Description"].strip() for row in csv.DictReader(rows) if row["Description"]}
    return sorted(found - {""})


class Catalog:
    """Real names as the titles of products, and two silk scarves that they lack, in the engine that is deployed."""

    def __init__(self, data: Path, folder: Path) -> None:
        chinese = names(data, "zh-CN")
        titles = [{"en": name, "zh": chinese[category]} for category, name in names(data, "en").items() if category in chinese]
        titles += [{"en": name} for name in goods(data)] + [{"zh": "桑蚕丝丝巾"}, {"zh": "印花丝巾"}]
        self.cards = [card(n, titles=texts) for n, texts in enumerate(titles)]
        self.engine = TantivyIndex(folder)
        self.engine.apply(self.cards, [])

    def found(self, text: str) -> list[str]:
        """All titles that a search finds, in its order."""
        shown, place = page(window(text), START, 100, self.engine)
        while place:
            more, place = page(window(text), place, 100, self.engine)
            shown = shown + more
        return ["|".join(one.card.titles.values()) for one in shown]

    def holding(self, pattern: str) -> set[str]:
        """All titles in which a pattern is found by looking at each."""
        texts = ["|".join(one.titles.values()) for one in self.cards]
        return {text for text in texts if re.search(pattern, text, re.IGNORECASE)}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog(real_inputs(os.environ), tmp_path_factory.mktemp("index"))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("丝巾", "丝巾"), ("花瓶", "花瓶"), ("围巾", "围巾"), ("宠物用品", "宠物用品"),
        ("vase", r"\bvases?\b"), ("mugs", r"\bmugs?\b"), ("mug", r"\bmugs?\b"), ("CANDLES", r"\bcandles?\b"),
        ("heart t-light", r"(?=.*\bhearts?\b)(?=.*\bt\b)(?=.*\blights?\b)"),
    ],
)  # fmt: skip
def test_real_names_are_found_in_both_languages_and_in_any_form(catalog: Catalog, text: str, pattern: str) -> None:
    found, holding = catalog.found(text), catalog.holding(pattern)
    assert len(holding) >= 2
    assert holding <= set(found)


@pytest.mark.thorough
def test_titles_as_they_were_typed_come_before_other_forms(catalog: Catalog) -> None:
    typed = [bool(re.search(r"\bmug\b", title, re.IGNORECASE)) for title in catalog.found("mug")]
    assert typed == sorted(typed, reverse=True)
    assert {True, False} == set(typed)
