"""shared/trade/fx.py: converting by the European Central Bank's rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monsoon_plugin.money import Money
from shared.trade.fx import NotConvertible, Rates

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"USD": "1.1172", "JPY": "175.68", "GBP": "0.8338", "KWD": "0.3427"}})
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "GBP", "KWD"])


@pytest.mark.parametrize(
    ("money", "currency", "expected"),
    [
        (Money(1000, "EUR"), "USD", 1118),  # 11.172 rounded up
        (Money(1000, "USD"), "EUR", 896),  # 8.9510
        (Money(1000, "EUR"), "JPY", 1757),  # a currency without decimals
        (Money(100, "JPY"), "EUR", 57),
        (Money(1000, "EUR"), "KWD", 3427),  # and one with three
        (Money(999, "GBP"), "USD", 1339),  # through the euro
        (Money(0, "GBP"), "USD", 0),
        (Money(12345, "CHF"), "CHF", 12345),  # nothing to convert
    ],
)
def test_amounts_are_converted_through_the_euro_and_rounded_up(money: Money, currency: str, expected: int):
    assert RATES.convert(money, currency) == Money(expected, currency)


def test_a_currency_that_the_day_does_not_list_is_not_guessed():
    with pytest.raises(NotConvertible, match="VND"):
        RATES.convert(Money(1, "EUR"), "VND")


@given(st.integers(0, 10**12), CURRENCIES, CURRENCIES)
def test_there_and_back_never_loses_money(amount: int, source: str, target: str):
    assert RATES.convert(RATES.convert(Money(amount, source), target), source).amount >= amount


@given(st.integers(0, 10**10), st.integers(0, 10**6), CURRENCIES, CURRENCIES)
def test_more_money_is_never_less_in_another_currency(amount: int, more: int, source: str, target: str):
    assert RATES.convert(Money(amount, source), target).amount <= RATES.convert(Money(amount + more, source), target).amount


@given(st.integers(0, 10**12), CURRENCIES, CURRENCIES)
def test_the_most_that_an_amount_pays_for_converts_to_it_and_a_unit_more_does_not(amount: int, source: str, target: str):
    most = RATES.most(Money(amount, target), source)
    assert RATES.convert(Money(most, source), target).amount <= amount < RATES.convert(Money(most + 1, source), target).amount


@pytest.mark.parametrize("rate", ["0", "0.000", "-1", "1e3", "N/A", "", "１.2", "1.2.3"])
def test_what_is_no_rate_is_refused(rate: str):
    with pytest.raises(ValueError, match="is not a rate"):
        Rates.of({"date": "2026-10-30", "per_euro": {"USD": rate}})


def test_a_day_must_be_one():
    with pytest.raises(ValueError, match="isoformat"):
        Rates.of({"date": "yesterday", "per_euro": {}})
