"""What in a rule cannot be meant: it says yes and no of one thing, or names what there is not. A rule that matches nothing is fine."""

from collections.abc import Iterator, Mapping, Sequence

from monsoon_plugin.money import currency_code
from shared.errors import FieldError, Invalid
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Rounding, Selection, within
from shared.trade.words import phrases

MOST = 50
"""So many contradictions are named at once."""


def require_consistent(selection: Selection, price_rule: PriceRule, taxonomy: frozenset[str], rates: Rates) -> None:
    """Raises Invalid naming every field that contradicts another, or that the taxonomy or the day's rates do not know."""
    found = [*_categories(selection, taxonomy), *_sides(selection), *_words(selection), *_prices(price_rule, taxonomy, rates)]
    band = selection.price_band
    if band and not _is_currency(band.currency):
        found.append(FieldError("/selection/price_band/currency", f"ISO 4217 has no {band.currency}: write one such as EUR or CNY"))
    if band and band.low > band.high:
        found.append(FieldError("/selection/price_band/high", "less than low: no price lies between"))
    if found:
        raise Invalid("the rule contradicts itself, or names what there is not", found[:MOST])


def _is_currency(code: str) -> bool:
    try:
        return bool(currency_code(code))
    except ValueError:
        return False


def _categories(selection: Selection, taxonomy: frozenset[str]) -> Iterator[FieldError]:
    yield from _unknown("/selection/categories/{}", selection.categories, taxonomy)
    yield from _unknown("/selection/excluded_categories/{}", selection.excluded_categories, taxonomy)
    for i, category in enumerate(selection.categories):
        for excluded in selection.excluded_categories:
            if within(category, excluded):
                yield FieldError(f"/selection/categories/{i}", f"all of it is excluded by {excluded}")
                break


def _unknown(pointer: str, categories: Sequence[str], taxonomy: frozenset[str]) -> Iterator[FieldError]:
    for i, category in enumerate(categories):
        if category not in taxonomy:
            yield FieldError(pointer.format(i), "the taxonomy has no such category: see /v1/taxonomy")


def _sides(selection: Selection) -> Iterator[FieldError]:
    for name, wanted, unwanted in (
        ("picks", selection.picks, selection.exclusions),
        ("suppliers", selection.suppliers, selection.excluded_suppliers),
        ("tags", selection.tags, selection.excluded_tags),
    ):
        for i, value in enumerate(wanted):
            if value in unwanted:
                yield FieldError(f"/selection/{name}/{i}", "it is excluded as well: leave it out on one side")


def _words(selection: Selection) -> Iterator[FieldError]:
    for name, texts in (("words", selection.words), ("excluded_words", selection.excluded_words)):
        for i, text in enumerate(texts):
            if not phrases(text):
                yield FieldError(f"/selection/{name}/{i}", "it has no letter or digit, so no title can hold it")
    unwanted = [found for text in selection.excluded_words for found in phrases(text)]
    for i, text in enumerate(selection.words):
        ways = phrases(text)
        if ways and all(any(excluded in way for excluded in unwanted) for way in ways):
            yield FieldError(f"/selection/words/{i}", "it holds an excluded word: no title can have the one without the other")


def _prices(price_rule: PriceRule, taxonomy: frozenset[str], rates: Rates) -> Iterator[FieldError]:
    margins = [one.category for one in price_rule.by_category]
    yield from _unknown("/price_rule/by_category/{}/category", margins, taxonomy)
    yield from _doubled("/price_rule/by_category/{}/category", margins)
    yield from _doubled("/price_rule/currencies/{}", price_rule.currencies)
    yield from _roundings({"/price_rule": price_rule, **{f"/price_rule/by_currency/{c}": r for c, r in price_rule.by_currency.items()}})
    for i, currency in enumerate(price_rule.currencies):
        if not rates.knows(currency):
            told = f"the rates of {rates.day} do" if rates.day else "the hub has no rates yet and does"
            yield FieldError(f"/price_rule/currencies/{i}", f"{told} not convert to {currency}: choose another currency")


def _roundings(roundings: Mapping[str, Rounding]) -> Iterator[FieldError]:
    for pointer, rounding in roundings.items():
        if rounding.minus >= rounding.round_to and rounding.minus:
            yield FieldError(f"{pointer}/minus", "less than round_to: more would take off what rounding up never added, the margin first")


def _doubled(pointer: str, values: Sequence[str]) -> Iterator[FieldError]:
    for i, value in enumerate(values):
        if value in values[:i]:
            yield FieldError(pointer.format(i), "it is listed twice: keep one")
