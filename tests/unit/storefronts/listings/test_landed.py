"""What costs a storefront's shoppers the least is what it costs with what sending it costs, as the storefront's rule says it."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.storefronts.listings.listing_page import Narrowing, Window, offers_of
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.money import Money
from shared.goods.sending import Sending
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selection import OfferChoice, PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.unit.storefronts.fakes import FakeIndex
from tests.unit.storefronts.listings.test_offer_choice import offer
from tests.unit.storefronts.service import BODY, StorefrontsService

TARIFF: dict[str, Any] = {
    "to": "GB", "currency": "GBP",
    "zones": [
        {"countries": ["GB"], "bands": [{"max_weight": 500, "price": 100}, {"max_weight": 2000, "price": 900}]},
        {"countries": ["DE", "FR"], "bands": [{"max_weight": 2000, "price": 1500}]},
    ],
}  # fmt: skip


def order(*offers: Any, to: str | None = None, rates: Rates = NO_RATES, prices: PriceRule | None = None, **changes: Any) -> list[str]:
    rule = OfferChoice(sending=Sending.model_validate(TARIFF | changes))
    pricing = Pricing(Rule(Selection(offers=rule), prices or PriceRule()), rates, frozenset({"GBP"}))
    shown = Window(pricing, Narrowing(destination=to))
    return [each.card.product_id for each in offers_of(shown, offers[0], FakeIndex(list(offers)))]


LIGHT, HEAVY = offer(1, 1300, weight=400), offer(2, 1000, weight=1500)


def test_the_lighter_parcel_comes_first_though_its_goods_cost_more():
    assert order(LIGHT, HEAVY) == ["prd_1", "prd_2"]
    assert order(LIGHT, HEAVY, zones=[{"countries": ["*"], "bands": [{"max_weight": 9000, "price": 100}]}]) == ["prd_2", "prd_1"]


def test_a_listings_destination_goes_before_the_rules_own():
    assert order(LIGHT, HEAVY, to="DE") == ["prd_2", "prd_1"], "there both are sent for 15.00"


@pytest.mark.parametrize("stays", [{"ships_to": ("DE",)}, {"weight": 5000}])
def test_what_is_not_sent_there_comes_last_whatever_it_costs(stays: dict[str, Any]):
    assert order(LIGHT, HEAVY, offer(3, 1, **{"weight": 100, **stays})) == ["prd_1", "prd_2", "prd_3"]


def test_who_says_no_weight_is_taken_for_the_heaviest():
    assert order(LIGHT, HEAVY, offer(3, 1100)) == ["prd_1", "prd_2", "prd_3"]
    assert order(offer(3, 1100), offer(4, 1200)) == ["prd_3", "prd_4"], "where none says it the goods' price counts"


def test_a_duty_by_where_it_was_made_counts_at_the_rules_own_border():
    near, far = offer(1, 1000, weight=100, origin="FR"), offer(2, 950, weight=100, origin="CN")
    assert order(near, far) == ["prd_2", "prd_1"]
    assert order(near, far, duties={"CN": 120}) == ["prd_1", "prd_2"]
    assert order(near, far, duties={"CN": 120}, to="DE") == ["prd_2", "prd_1"]
    assert order(near, offer(3, 950, weight=100), far, duties={"CN": 120})[0] == "prd_1", "silence gains nothing"


def test_a_tariff_in_another_currency_is_converted_or_else_left_out():
    euros = {"currency": "EUR"}
    rates = Rates("2026-11-30", {"GBP": "0.5"})
    assert order(LIGHT, HEAVY, rates=rates, prices=PriceRule(currencies=["GBP"]), **euros) == ["prd_1", "prd_2"], "8.00 EUR are 4.00 GBP"
    assert order(LIGHT, HEAVY, **euros) == ["prd_2", "prd_1"]


def test_prices_in_several_currencies_are_not_compared_but_what_is_not_sent_there_is_last():
    yen = offer(3, 1, weight=100)
    abroad = offer(4, 1, weight=100, ships_to=("DE",))
    several = [LIGHT, type(yen)(**{**{f: getattr(yen, f) for f in yen.__dataclass_fields__}, "cost": Money(1, "JPY")}), abroad]
    assert order(*several)[-1] == "prd_4"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": "US"}, "none is of US"),
        ({"zones": [*TARIFF["zones"], {"countries": ["FR"], "bands": [{"max_weight": 1, "price": 1}]}]}, "one zone only"),
        ({"zones": [{"countries": ["GB"], "bands": [{"max_weight": 2, "price": 1}, {"max_weight": 2, "price": 3}]}]}, "rising"),
    ],
)
def test_a_tariff_that_cannot_be_meant_is_refused(changes: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        Sending.model_validate(TARIFF | changes)


def test_over_http_a_rule_with_a_tariff_is_kept_and_one_that_cannot_be_is_refused_by_name(service: StorefrontsService):
    rule = {**BODY, "selection": {"offers": {"sending": TARIFF}}}
    assert service.opened(rule).body["selection"]["offers"]["sending"]["to"] == "GB"
    refused = service.opened({**BODY, "selection": {"offers": {"sending": TARIFF | {"to": "US"}}}})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/selection/offers/sending")
