"""The two couriers that call nobody."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shipping.plugins.local_pickup.plugin import LocalPickup, PickupPoint
from functions.shipping.plugins.table_rate.plugin import TableRate, Tariff
from monsoon_plugin.courier import LabelRequest, Parcel, RateRequest
from monsoon_plugin.plugin import Ctx
from shared.errors import Invalid
from shared.providers.installation import checked
from shared.trade.fx import NO_RATES, Rates
from tests.fakes import NOON
from tests.unit.shipping.events import LONDON, PICKUP, TARIFF


def parcel(weight: int, volume: int = 1) -> Parcel:
    return Parcel(supplier_id="acc_s1", weight=weight, volume=volume, contents=())


def prices(*packed: Parcel, country: str = "GB", month: int = 0, tariff: dict[str, Any] = TARIFF) -> list[int]:
    address = LONDON.model_copy(update={"country": country})
    ctx = Ctx(config=Tariff.model_validate(tariff), base_url="", deadline=NOON, now=NOON)
    return [rate.price for rate in TableRate().rates(ctx, RateRequest(packed, address, "GBP", month))]


@pytest.mark.parametrize(("weight", "expected"), [(1, [400]), (1000, [400]), (1001, [900]), (5000, [900]), (5001, [])])
def test_a_parcel_pays_by_the_lightest_band_that_holds_it(weight, expected):
    assert prices(parcel(weight)) == expected


def test_parcels_add_up_and_one_that_is_too_heavy_stops_all():
    assert prices(parcel(500), parcel(1500)) == [1300]
    assert prices(parcel(500), parcel(9000)) == []


def test_a_country_that_no_zone_names_pays_as_all_others():
    assert prices(parcel(1), country="FR") == [2500]
    assert prices(parcel(1), country="FR", tariff=TARIFF | {"zones": TARIFF["zones"][:1]}) == []


@given(st.integers(0, 10))
def test_a_tier_counts_from_its_number_of_shipments_on(month):
    assert prices(parcel(1), month=month) == [300 if month >= 2 else 400]


def test_a_bulky_parcel_pays_for_its_volume_rounded_up():
    bulky = TARIFF | {"cubic_mm_per_gram": 5000}
    assert prices(parcel(1, 5_000_000), tariff=bulky) == [400]
    assert prices(parcel(1, 5_000_001), tariff=bulky) == [900]


def broken(*path: Any, value: Any) -> dict[str, Any]:
    tariff = copy.deepcopy(TARIFF)
    part = tariff
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return tariff


@pytest.mark.parametrize("tariff", [
    broken("tiers", value=[1]), broken("tiers", value=[0, 5, 5]), broken("zones", 0, "bands", 0, "prices", value=[1]),
    broken("zones", 1, "countries", value=["GB"]), broken("zones", 0, "bands", 1, "max_weight", value=10),
    broken("zones", 0, "days", value=[5, 2]), broken("currency", value="XTS"), broken("zones", 0, "bands", 0, "prices", 0, value=-1),
    broken("zones", 0, "bands", 0, "prices", 0, value=4.5), broken("zones", value=[]),
])  # fmt: skip
def test_a_tariff_that_makes_no_sense_is_refused_by_name(tariff):
    with pytest.raises(Invalid) as refusal:
        checked(Tariff, tariff)
    assert all(error.pointer.startswith("/config/") for error in refusal.value.errors)


def test_capability_says_what_the_tariff_does():
    able = TableRate().capability(Tariff.model_validate(TARIFF))
    assert (able.currencies, able.countries, able.volume_tiers) == (("GBP",), None, True)
    assert able.reaches("FR")
    assert able.currency("GBP", lambda: NO_RATES) == "GBP"
    assert able.currency("USD", lambda: Rates("2026-11-20", {"GBP": "0.88", "USD": "1.1"})) == "GBP"
    assert able.currency("USD", lambda: Rates("2026-11-20", {"USD": "1.1"})) is None


def test_pick_up_has_one_price_and_its_label_says_where():
    ctx = Ctx(config=PickupPoint.model_validate(PICKUP | {"price": 150}), base_url="", deadline=NOON, now=NOON)
    (rate,) = LocalPickup().rates(ctx, RateRequest([parcel(1)], LONDON, "GBP", 0))
    assert (rate.service, rate.price, rate.days) == ("Pick-up at Corner Shop", 150, (1, 1))
    label = LocalPickup().buy(ctx, LabelRequest(rate_id="pickup", parcel=parcel(1), address=LONDON), "shp_1").label
    assert label.pickup_location is not None
    assert label.pickup_location.name == "Corner Shop"


def test_a_pick_up_is_called_as_its_merchant_calls_it():
    ctx = Ctx(config=PickupPoint.model_validate(PICKUP | {"service": "到店自取"}), base_url="", deadline=NOON, now=NOON)
    (rate,) = LocalPickup().rates(ctx, RateRequest([parcel(1)], LONDON, "GBP", 0))
    assert rate.service == "到店自取"
