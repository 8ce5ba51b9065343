"""Prices."""

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial, address_in, parcel_of
from conformance.under_trial import refusal
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import MAX_AMOUNT, currency_code

FAR = "AQ"
"""Antarctica: where only a courier that names no countries goes."""
REFUSES = (ErrorKind.INVALID, ErrorKind.UNSUPPORTED)


def test_a_parcel_at_home_has_a_price(courier: CourierUnderTrial) -> None:
    assert courier.rates()


def test_a_price_is_a_whole_number_of_minor_units(courier: CourierUnderTrial) -> None:
    for rate in courier.rates():
        assert type(rate.price) is int
        assert 0 <= rate.price <= MAX_AMOUNT


def test_a_price_has_a_currency_that_the_capability_names(courier: CourierUnderTrial) -> None:
    for rate in courier.rates():
        own = rate.currency or courier.trial.currency
        assert currency_code(own) == own
        assert courier.capability.currencies is None or own in courier.capability.currencies


def test_a_rate_says_what_and_when(courier: CourierUnderTrial) -> None:
    for rate in courier.rates():
        assert rate.service
        assert 0 <= rate.days[0] <= rate.days[1] <= 365


def test_each_rate_has_a_name_of_its_own(courier: CourierUnderTrial) -> None:
    ids = [rate.id for rate in courier.rates()]
    assert len(ids) == len(set(ids))
    assert all(0 < len(rate_id) <= 100 for rate_id in ids)


def test_the_same_question_has_the_same_rates(courier: CourierUnderTrial) -> None:
    assert [(rate.id, rate.price) for rate in courier.rates()] == [(rate.id, rate.price) for rate in courier.rates()]


def test_a_heavier_parcel_is_not_cheaper(courier: CourierUnderTrial) -> None:
    light = {rate.id: rate.price for rate in courier.rates(parcel_of(weight=100))}
    heavy = {rate.id: rate.price for rate in courier.rates(parcel_of(weight=1500))}
    assert [name for name in light.keys() & heavy.keys() if heavy[name] < light[name]] == []


def test_two_suppliers_parcels_are_one_price(courier: CourierUnderTrial) -> None:
    one = {rate.id: rate.price for rate in courier.rates()}
    two = {rate.id: rate.price for rate in courier.rates(parcel_of(), parcel_of(supplier="acc_other"))}
    assert two.keys() <= one.keys()
    assert [name for name in two if two[name] < one[name]] == []


def test_several_packages_have_a_price(courier: CourierUnderTrial) -> None:
    if courier.capability.max_packages < 2:
        pytest.skip("it takes one package at a time")
    assert courier.rates(parcel_of(packages=2))


def test_what_it_does_not_need_of_goods_may_be_unsaid(courier: CourierUnderTrial) -> None:
    needs, parcel = courier.capability.needs_of_goods, parcel_of()
    if "weight" in needs:
        pytest.skip("it prices by weight")
    unsaid = tuple(content.model_copy(update={"weight": 0, "hs_code": "", "origin": ""}) for content in parcel.contents)
    bare = parcel.model_copy(update={"weight": 0, "volume": 0, "packages": (), "contents": unsaid})
    assert [(rate.id, rate.price) for rate in courier.rates(bare)] == [(rate.id, rate.price) for rate in courier.rates(parcel)]


def test_there_is_no_rate_to_a_country_that_it_does_not_reach(courier: CourierUnderTrial) -> None:
    if courier.capability.reaches(FAR) or courier.capability.pickup:
        pytest.skip("it names no countries, or the shopper comes to it")
    error = refusal(lambda: courier.rates(country=FAR))
    assert error.kind in REFUSES if error else courier.rates(country=FAR) == []


def test_there_is_no_rate_for_a_package_that_is_too_heavy(courier: CourierUnderTrial) -> None:
    weight = courier.trial.overweight
    if weight is None:
        pytest.skip("it names no greatest weight")
    error = refusal(lambda: courier.rates(parcel_of(weight=weight)))
    assert error.kind in REFUSES if error else courier.rates(parcel_of(weight=weight)) == []


def test_a_refused_address_is_invalid_in_the_couriers_words(courier: CourierUnderTrial) -> None:
    if courier.trial.refused_address is None:
        pytest.skip("it refuses no address")
    nowhere = address_in(courier.trial.country, courier.trial.refused_address)
    error = refusal(lambda: courier.rates(address=nowhere))
    assert error is not None
    assert error.kind is ErrorKind.INVALID
    assert error.message
