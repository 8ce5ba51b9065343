"""What the rules make of real shops' titles with the longest lists there are: `python -m tools.audit_report` tells the same figures."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from functions.audit.rules.operator_lists import OperatorLists, read_categories, read_goods, read_words
from functions.audit.rules.rulebook import findings_of
from hubclient.reference.documents import document
from shared.trade.product import Product
from tests.conftest import ROOT
from tools.audit_report.titles import Outcome, audited, full_lists, sources

MAX_FALSE_REVIEWS_PER_MILLE = 5
real = cache(sources)
REFERENCE = ROOT / "demo" / "reference"


def batteries(outcome: Outcome) -> list[str]:
    """What is reviewed for being a battery."""
    return [example for example in outcome.examples["review", "dangerous-goods"] if "(a battery" in example or "hydride battery" in example]


@pytest.fixture
def demo() -> OperatorLists:
    words = {language: read_words(document("words", [REFERENCE / f"words.{language}.txt"])) for language in ("en", "zh")}
    categories = read_categories(document("taxonomy", [REFERENCE / "categories.en.txt"]))
    return OperatorLists(categories, words, *read_goods(document("dangerous-goods", [REFERENCE / "dangerous-goods.csv"])))


@pytest.mark.thorough
def test_of_5989_real_titles_none_is_refused_that_a_person_would_sell_and_beside_batteries_under_5_in_a_thousand_are_reviewed(data: Path):
    lists = full_lists(data)
    titles = [title for name, found in real(data).items() if name != "taxonomy zh-CN" for title in found]
    outcome = audited(titles, lists)
    assert outcome.titles == 5989
    assert outcome.codes.keys() & {("refuse", code) for code in ("prohibited-word", "dangerous-goods", "link", "contact-details")} == set()
    assert [example.partition(":")[0] for example in outcome.examples["refuse", "title-unreadable"]] == ["'?'"]
    assert (outcome.verdicts["review"] - len(batteries(outcome))) * 1000 <= MAX_FALSE_REVIEWS_PER_MILLE * outcome.titles
    assert len(batteries(outcome)) >= 40


@pytest.mark.thorough
def test_of_10336_chinese_names_of_goods_none_is_refused_and_under_5_in_a_thousand_are_reviewed(data: Path):
    outcome = audited(real(data)["taxonomy zh-CN"], full_lists(data))
    assert outcome.verdicts["refused"] == 0
    assert (outcome.verdicts["review"] - len(batteries(outcome))) * 1000 <= 5 * outcome.titles


@pytest.mark.thorough
def test_real_goods_with_warlike_names_are_not_refused(data: Path, demo: OperatorLists):
    outcome = audited(real(data)["online-retail"], demo)
    assert outcome.verdicts["refused"] == 1
    matches = [e for e in outcome.examples["review", "dangerous-goods"] if "CIGAR BOX MATCHES" in e]
    assert matches, "they are matches: a person decides"
    assert outcome.verdicts["review"] * 1000 <= 5 * outcome.titles


def test_every_product_of_the_demo_is_approved_by_the_demos_lists(demo: OperatorLists):
    suppliers = json.loads((ROOT / "demo" / "products.json").read_text())["suppliers"]
    products = [Product.model_validate_json(json.dumps(body)) for supplier in suppliers for body in supplier["products"]]
    assert Counter(finding.code for one in products for finding in findings_of(one, demo)) == {}
