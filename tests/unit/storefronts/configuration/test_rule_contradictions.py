"""Rules that cannot be meant are refused, each field by name."""

from typing import Any

import pytest

from functions.storefronts.configuration.rule_contradictions import require_consistent
from shared.errors import Invalid
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selection import PriceRule, Selection

TAXONOMY = frozenset({"hg", "hg-3", "hg-3-67", "aa"})
RATES = Rates.of({"date": "2026-10-30", "per_euro": {"USD": "1.1172"}})


def refused(selection: dict[str, Any], price_rule: dict[str, Any] | None = None, rates: Rates = RATES) -> list[str]:
    try:
        require_consistent(Selection.model_validate(selection), PriceRule.model_validate(price_rule or {}), TAXONOMY, rates)
    except Invalid as problem:
        return [error.pointer for error in problem.errors]
    return []


@pytest.mark.parametrize(
    ("selection", "pointers"),
    [
        ({"categories": ["hg", "zz-1"]}, ["/selection/categories/1"]),
        ({"excluded_categories": ["zz"]}, ["/selection/excluded_categories/0"]),
        ({"categories": ["aa", "hg-3-67"], "excluded_categories": ["hg-3"]}, ["/selection/categories/1"]),
        ({"categories": ["hg-3"], "excluded_categories": ["hg-3"]}, ["/selection/categories/0"]),
        ({"picks": ["prd_1", "prd_2"], "exclusions": ["prd_2"]}, ["/selection/picks/1"]),
        ({"suppliers": ["acc_1"], "excluded_suppliers": ["acc_1"]}, ["/selection/suppliers/0"]),
        ({"tags": ["silk", "gift"], "excluded_tags": ["gift"]}, ["/selection/tags/1"]),
        ({"words": ["Vase"], "excluded_words": ["vase"]}, ["/selection/words/0"]),
        ({"words": ["silk scarf"], "excluded_words": ["scarf"]}, ["/selection/words/0"]),
        ({"words": ["?!"], "excluded_words": ["—"]}, ["/selection/words/0", "/selection/excluded_words/0"]),
        ({"price_band": {"currency": "EUR", "low": 2, "high": 1}}, ["/selection/price_band/high"]),
        ({"price_band": {"currency": "XYZ"}}, ["/selection/price_band/currency"]),
    ],
)
def test_what_says_yes_and_no_of_one_thing_is_refused(selection: dict[str, Any], pointers: list[str]) -> None:
    assert refused(selection) == pointers


@pytest.mark.parametrize(
    ("price_rule", "pointers"),
    [
        ({"currencies": ["USD", "EUR", "USD"]}, ["/price_rule/currencies/2"]),
        ({"currencies": ["EUR", "CHF"]}, ["/price_rule/currencies/1"]),
        ({"by_category": [{"category": "zz", "margin_per_mille": 1}]}, ["/price_rule/by_category/0/category"]),
        ({"round_to": 100, "minus": 100}, ["/price_rule/minus"]),
        ({"minus": 1}, ["/price_rule/minus"]),
        ({"by_currency": {"JPY": {"round_to": 10, "minus": 99}}}, ["/price_rule/by_currency/JPY/minus"]),
        (
            {"by_category": [{"category": "hg", "margin_per_mille": 1}, {"category": "hg", "margin_per_mille": 2}]},
            ["/price_rule/by_category/1/category"],
        ),
    ],
)
def test_prices_are_in_currencies_that_can_be_converted_and_margins_are_said_once(price_rule: dict[str, Any], pointers: list[str]) -> None:
    assert refused({}, price_rule) == pointers


def test_without_rates_only_the_euro_needs_none() -> None:
    assert refused({}, {"currencies": ["EUR", "USD"]}, NO_RATES) == ["/price_rule/currencies/1"]


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"categories": ["hg"], "excluded_categories": ["hg-3"]},
        {"words": ["silk"], "excluded_words": ["silk scarf"]},
        {"picks": ["prd_1"], "suppliers": ["acc_nobody"], "minimum_margin_per_mille": 999},
        {"price_band": {"currency": "EUR", "low": 1, "high": 1}},
    ],
)
def test_a_rule_that_narrows_or_matches_nothing_is_fine(selection: dict[str, Any]) -> None:
    assert refused(selection) == []


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert len(refused({"categories": ["zz"] * 40, "excluded_categories": ["zz"] * 40})) == 50
