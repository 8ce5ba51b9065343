"""Goods for people in the EU, where the operator demands that their suppliers have answered for their safety."""

from typing import Any

import pytest

from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.quotes.quote import SafetyUnanswered
from shared.bounds.kept import kept
from tests.unit.shipping.conftest import Make
from tests.unit.shipping.events import PICKUP, facts
from tests.unit.shipping.quotes.test_quote_service import ask, wanted


@pytest.fixture
def told(store: Any, install: Any) -> None:
    """One offer whose supplier has answered, and one whose has not."""
    install("local_pickup", PICKUP)
    store.keep_facts(facts().model_copy(update={"answered": True}), 1)
    store.keep_facts(facts(offer_id="off_2"), 1)


def test_an_offer_that_nobody_answers_for_is_named_before_anybody_pays(told: None, services_of: Make):
    services = services_of(demands_safety=True)
    with pytest.raises(SafetyUnanswered) as refused:
        ask(services, wanted(("off_1", 1), ("off_2", 1), country="DE"))
    (error,) = refused.value.errors
    assert (error.pointer, "2023/988" in error.detail) == ("/lines/1/offer_id", True)


@pytest.mark.parametrize(("demands", "lines", "country"), [(True, ["off_1"], "DE"), (True, ["off_2"], "GB"), (False, ["off_2"], "DE")])
def test_what_was_answered_what_goes_elsewhere_and_what_nobody_demands_is_quoted(
    told: None, services_of: Make, demands: bool, lines: list[str], country: str
):  # fmt: skip
    request = wanted(*((line, 1) for line in lines), country=country)
    address = request.address.model_copy(update={"postal_code": "10115" if country == "DE" else "EC4Y 1AU"})
    request = request.model_copy(update={"address": address})
    assert ask(services_of(demands_safety=demands), request).items is not None


def test_facts_without_an_answer_are_kept_as_they_were():
    assert "answered" not in facts().to_json()
    answered = facts().model_copy(update={"answered": True})
    assert kept(ParcelFacts, answered.to_json()).answered
    assert not kept(ParcelFacts, facts().to_json()).answered
