"""sdk/monsoon_plugin/money.py: integers, one currency at a time, nothing lost in a split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from monsoon_plugin.money import (
    MAX_AMOUNT,
    WITHDRAWN,
    Amount,
    CurrencyCode,
    CurrencyMismatch,
    Money,
    currency_code,
    exponent,
    per_mille,
    share,
    total,
)

AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)


@given(AMOUNTS, AMOUNTS, st.integers(0, 1000))
def test_arithmetic_is_that_of_integers(one: int, two: int, times: int):
    a, b = Money(one, "EUR"), Money(two, "EUR")
    assert (a + b) - b == a
    assert a * times == total([a] * times, "EUR")
    assert a + -a == Money.zero("EUR")
    assert (a < b, a <= b) == (one < two, one <= two)


@pytest.mark.parametrize(
    "mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: total([a, b], "EUR")]
)
def test_currencies_never_mix(mix):
    with pytest.raises(CurrencyMismatch, match="EUR and JPY"):
        mix(Money(1, "EUR"), Money(1, "JPY"))


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "EUR"), "12.50 EUR"),
        (Money(5, "EUR"), "0.05 EUR"),
        (Money(-5, "EUR"), "-0.05 EUR"),
        (Money(0, "EUR"), "0.00 EUR"),
        (Money(1250, "JPY"), "1250 JPY"),
        (Money(-7, "JPY"), "-7 JPY"),
        (Money(1, "KWD"), "0.001 KWD"),
        (Money(123456, "KWD"), "123.456 KWD"),
    ],
)
def test_people_read_as_many_decimals_as_the_currency_has(money: Money, text: str):
    assert str(money) == text


@given(st.integers(0, MAX_AMOUNT), st.lists(st.integers(0, 10**9), min_size=1, max_size=50).filter(any))
def test_a_split_adds_up_and_no_part_is_a_unit_or_more_from_its_share(amount: int, weights: list[int]):
    parts = share(amount, weights)
    whole = sum(weights)
    assert sum(parts) == amount
    assert all(abs(part * whole - amount * weight) < whole for part, weight in zip(parts, weights, strict=True))


def test_what_a_split_leaves_goes_to_the_largest_remainders():
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(10, [5, 3, 1]) == [6, 3, 1]
    assert share(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize(("amount", "rate", "part"), [(1000, 250, 250), (1, 500, 1), (1, 499, 0), (999, 1, 1), (0, 1000, 0), (3, 1000, 3)])
def test_thousandths_round_half_up(amount: int, rate: int, part: int):
    assert per_mille(amount, rate) == part


@pytest.mark.parametrize("code", ["EUR", "JPY", "KWD", "CNY"])
def test_a_currency_of_iso_4217_is_taken(code: str):
    assert currency_code(code) == code


LISTED = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK
DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ANG BGN CUC HRK SLL ZWL
""".split()  # noqa: SIM905 (a hundred and seventy literals are read by nobody)
"""What prices had or could have by the list of 2026-01-01, and what it had no more."""


@pytest.mark.parametrize("code", LISTED)
def test_a_currency_that_was_ever_taken_stays_readable(code: str):
    """When the list loses one, it goes among the withdrawn."""
    assert TypeAdapter(CurrencyCode).validate_python(code) == code
    assert exponent(code) in (0, 2, 3)


@pytest.mark.parametrize("code", WITHDRAWN)
def test_what_was_withdrawn_is_no_currency_of_anything_new_and_is_told_apart_from_what_replaced_it(code: str):
    with pytest.raises(ValueError, match=code):
        currency_code(code)
    assert currency_code(WITHDRAWN[code].replaced_by)
    assert str(Money(1250, code)) == f"12.50 {code}"


@pytest.mark.parametrize("code", ["eur", "EURO", "", "E1R", "QQQ", "XAU", "XTS", "XXX", "ＥＵＲ", "EUR\n"])
def test_what_is_no_currency_or_has_no_minor_units_is_refused(code: str):
    with pytest.raises(ValidationError):
        TypeAdapter(CurrencyCode).validate_python(code)


def test_exponents_are_those_of_iso_4217():
    assert [exponent(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]


@pytest.mark.parametrize("amount", [12.5, "12", True, None, -1, MAX_AMOUNT + 1])
def test_an_amount_on_the_wire_is_a_bounded_integer(amount: object):
    with pytest.raises(ValidationError):
        Amount.model_validate({"amount": amount, "currency": "EUR"})


@given(st.integers(0, MAX_AMOUNT))
def test_money_survives_the_wire(amount: int):
    money = Money(amount, "EUR")
    assert Amount.model_validate_json(Amount.of(money).model_dump_json()).money == money
