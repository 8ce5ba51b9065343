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
from functions.storefronts.index.tantivy_index import TantivyIndex
from functions.storefronts.listings.listing_page import START, Narrowing, Window, page
from functions.storefronts.listings.price_ranges import Pricing
from functions.storefronts.listings.search import runs, tiers
from shared.errors import Invalid
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import NO_RATES, Rule
from shared.trade.words import words
from tests.conftest import real_inputs
from tests.unit.storefronts.fakes import card


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Silk  SCARVES", (("silk",), ("scarves",))),
        ("丝巾", (("丝", "巾"),)),
        ("丝巾 花瓶", (("丝", "巾"), ("花", "瓶"))),
        ("丝巾,花瓶", (("丝", "巾"), ("花", "瓶"))),
        ("iPhone14手机壳 red", (("iphone14",), ("手", "机", "壳"), ("red",))),
        ("Café — ｖａｓｅ", (("cafe",), ("vase",))),
        ("a", (("a",),)),
        ("mug mug", (("mug",),)),
    ],
)
def test_words_are_told_apart_and_chinese_runs_stay_together(text: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert runs(text) == found


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
    assert {word for run in runs(text) for word in run} == set(words(text))


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
        window = Window(Pricing(Rule(Selection(), PriceRule()), NO_RATES, frozenset({"GBP"})), Narrowing(words=text))
        shown, place = page(window, START, 100, self.engine)
        while place:
            more, place = page(window, place, 100, self.engine)
            shown = shown + more
        return ["|".join(one.card.titles.values()) for one in shown]

    def holding(self, pattern: str) -> set[str]:
        """All titles in which a pattern is found by looking at each."""
        texts = ["|".join(one.titles.values()) for one in self.cards]
        return {text for text in texts if re.search(pattern, text, re.IGNORECASE)}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog(real_inputs(os.environ), tmp_path_factory.mktemp("index"))


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


def test_titles_as_they_were_typed_come_before_other_forms(catalog: Catalog) -> None:
    typed = [bool(re.search(r"\bmug\b", title, re.IGNORECASE)) for title in catalog.found("mug")]
    assert typed == sorted(typed, reverse=True)
    assert {True, False} == set(typed)
