"""Prices."""

import pytest

from conformance.courier.desk import Desk, address_in, parcel_of, refusal
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import MAX_AMOUNT, currency_code

FAR = "AQ"
"""Antarctica: where only a courier that names no countries goes."""
REFUSES = (ErrorKind.INVALID, ErrorKind.UNSUPPORTED)


def test_a_parcel_at_home_has_a_price(desk: Desk) -> None:
    assert desk.rates()


def test_a_price_is_a_whole_number_of_minor_units(desk: Desk) -> None:
    for rate in desk.rates():
        assert type(rate.price) is int
        assert 0 <= rate.price <= MAX_AMOUNT


def test_a_price_has_a_currency_that_the_capability_names(desk: Desk) -> None:
    for rate in desk.rates():
        own = rate.currency or desk.trial.currency
        assert currency_code(own) == own
        assert desk.capability.currencies is None or own in desk.capability.currencies


def test_a_rate_says_what_and_when(desk: Desk) -> None:
    for rate in desk.rates():
        assert rate.service
        assert 0 <= rate.days[0] <= rate.days[1] <= 365


def test_each_rate_has_a_name_of_its_own(desk: Desk) -> None:
    ids = [rate.id for rate in desk.rates()]
    assert len(ids) == len(set(ids))
    assert all(0 < len(rate_id) <= 100 for rate_id in ids)


def test_the_same_question_has_the_same_rates(desk: Desk) -> None:
    assert [(rate.id, rate.price) for rate in desk.rates()] == [(rate.id, rate.price) for rate in desk.rates()]


def test_a_heavier_parcel_is_not_cheaper(desk: Desk) -> None:
    light = {rate.id: rate.price for rate in desk.rates(parcel_of(weight=100))}
    heavy = {rate.id: rate.price for rate in desk.rates(parcel_of(weight=1500))}
    assert [name for name in light.keys() & heavy.keys() if heavy[name] < light[name]] == []


def test_two_suppliers_parcels_are_one_price(desk: Desk) -> None:
    one = {rate.id: rate.price for rate in desk.rates()}
    two = {rate.id: rate.price for rate in desk.rates(parcel_of(), parcel_of(supplier="acc_other"))}
    assert two.keys() <= one.keys()
    assert [name for name in two if two[name] < one[name]] == []


def test_several_packages_have_a_price(desk: Desk) -> None:
    if desk.capability.max_packages < 2:
        pytest.skip("it takes one package at a time")
    assert desk.rates(parcel_of(packages=2))


def test_there_is_no_rate_to_a_country_that_it_does_not_reach(desk: Desk) -> None:
    if desk.capability.reaches(FAR) or desk.capability.pickup:
        pytest.skip("it names no countries, or the shopper comes to it")
    error = refusal(lambda: desk.rates(country=FAR))
    assert error.kind in REFUSES if error else desk.rates(country=FAR) == []


def test_there_is_no_rate_for_a_package_that_is_too_heavy(desk: Desk) -> None:
    weight = desk.trial.overweight
    if weight is None:
        pytest.skip("it names no greatest weight")
    error = refusal(lambda: desk.rates(parcel_of(weight=weight)))
    assert error.kind in REFUSES if error else desk.rates(parcel_of(weight=weight)) == []


def test_a_refused_address_is_invalid_in_the_couriers_words(desk: Desk) -> None:
    if desk.trial.refused_address is None:
        pytest.skip("it refuses no address")
    nowhere = address_in(desk.trial.country, desk.trial.refused_address)
    error = refusal(lambda: desk.rates(address=nowhere))
    assert error is not None
    assert error.kind is ErrorKind.INVALID
    assert error.message
