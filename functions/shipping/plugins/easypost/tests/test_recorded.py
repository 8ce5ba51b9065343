"""EasyPost's plug-in against what EasyPost really answered: its library's 155 recorded cassettes."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from conformance.courier.courier_under_trial import address_in, parcel_of
from functions.shipping.plugins.easypost.plugin import EasyPost, EasyPostConfig
from functions.shipping.plugins.easypost.tests.replay import Exchange, Replay, objects, recorded
from functions.shipping.plugins.easypost.translate import (
    REFUNDS,
    error_of,
    events_of,
    is_bought,
    is_given_back,
    label_of,
    label_url,
    rates_of,
    shipments_of,
)
from functions.shipping.plugins.easypost.trial import SENDER
from functions.shipping.tracking.tracking_numbers import read_tracking_number
from monsoon_plugin.clock import utc_now
from monsoon_plugin.courier import Label, LabelRequest, Progress, RateRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from monsoon_plugin.standin import serving
from tests.conftest import DATA, real_inputs

PLUGIN = EasyPost()
SHIPMENTS, DAYS = ("Shipment", "Order"), (2, 10)


@pytest.fixture(scope="module")
def everything() -> list[Exchange]:
    return recorded(real_inputs(os.environ, DATA / "courier" / "easypost" / "tests" / "cassettes"))


def replaying(everything: list[Exchange], *cassettes: str) -> AbstractContextManager[str]:
    """These cassettes alone, served over HTTP."""
    return serving(Replay([found for found in everything if found.cassette in cassettes]).answer)


def ctx(address: str, **changes: Any) -> Ctx[EasyPostConfig]:
    now = utc_now()
    config = EasyPostConfig.model_validate({"api_key": "EZTKrecorded0001", "origin": SENDER, **changes})
    return Ctx(config=config, base_url=address, deadline=now + timedelta(seconds=5), now=now, local=True)


def quoted(everything: list[Exchange]) -> Iterator[dict[str, Any]]:
    """All but those that other objects only name."""
    whole = (found for exchange in everything for found in objects(exchange.answer, *SHIPMENTS))
    return (found for found in whole if "rates" in found)


def test_all_cassettes_are_read(everything: list[Exchange]) -> None:
    assert len({found.cassette for found in everything}) == 155


def test_every_recorded_shipment_and_order_has_its_rates(everything: list[Exchange]) -> None:
    counted = Counter[str]()
    for made in quoted(everything):
        rates = rates_of(made, DAYS)
        cheapest = {}
        for offered in made["rates"]:
            name = f"{offered['carrier']}:{offered['service']}"
            cheapest[name] = min(cheapest.get(name, 10**9), int(Decimal(offered["rate"]) * 100))
        assert {rate.id: rate.price for rate in rates.values()} == cheapest
        counted[made["object"]] += 1
    assert counted["Shipment"] > 80
    assert counted["Order"] >= 7


def test_every_recorded_purchase_is_a_label_with_a_right_number_and_its_cost(everything: list[Exchange]) -> None:
    bought = [made for made in quoted(everything) if is_bought(made)]
    assert len(bought) > 40
    for made in bought:
        label = label_of(made)
        assert label.cost == sum(int(Decimal(part["selected_rate"]["rate"]) * 100) for part in shipments_of(made))
        for number in label.tracking_numbers or (label.tracking_number,):
            assert read_tracking_number(number, label.carrier).valid is not False
            assert read_tracking_number(number, "USPS").valid or label.carrier != "USPS"


def test_every_recorded_tracker_is_read(everything: list[Exchange]) -> None:
    events = [event for found in everything for tracker in objects(found.answer, "Tracker") for event in events_of(tracker)]
    assert len(events) > 100
    assert {event.state for event in events} <= set(get_args(Progress))
    assert {"manifested", "dispatched", "out_for_delivery", "delivered"} <= {event.state for event in events}


def test_every_recorded_refusal_has_a_kind_and_the_providers_words(everything: list[Exchange]) -> None:
    refused = [found for found in everything if found.status >= 400]
    assert len(refused) >= 10
    for found in refused:
        error = error_of(found.status, found.answer["error"]["code"], found.answer["error"]["errors"], changes=True)
        assert error.kind is ErrorKind.INVALID
        assert error.provider_code == found.answer["error"]["code"]
        assert all(str(said if isinstance(said, str) else said["message"]) in error.message for said in found.answer["error"]["errors"][:2])


def test_every_recorded_refund_is_given_back(everything: list[Exchange]) -> None:
    said = [found["status"] for exchange in everything for found in objects(exchange.answer, "Refund")]
    said += [made["refund_status"] for made in quoted(everything) if made["object"] == "Shipment" and made["refund_status"]]
    assert set(said) <= REFUNDS.keys()
    assert all(is_given_back(status) for status in said)


def test_recorded_rates_over_http(everything: list[Exchange]) -> None:
    with replaying(everything, "test_shipment_create") as address:
        rates = PLUGIN.rates(ctx(address), RateRequest([parcel_of()], address_in("US"), "USD", 0))
    told = {(rate.id, rate.price, rate.currency, rate.days) for rate in rates}
    assert ("USPS:GroundAdvantage", 607, "USD", (3, 3)) in told
    assert {rate.carrier for rate in rates} == {"USPS"}


@pytest.mark.parametrize("cassette", ["test_shipment_convert_label", "test_shipment_buy"])
@pytest.mark.parametrize("wanted", ["ZPL", "PDF"])
def test_a_recorded_purchase_over_http_whose_label_is_converted(everything: list[Exchange], cassette: str, wanted: str) -> None:
    request = LabelRequest(
        rate_id="USPS:GroundAdvantage",
        parcel=parcel_of(currency="USD"),
        address=address_in("US"),
        currency="USD",
        price=607,
        order_id="ord_1",
    )
    with replaying(everything, cassette) as address:
        bought = PLUGIN.buy(ctx(address, label_format=wanted), request, "op_1")
    assert (bought.label.cost, bought.label.currency, bought.label.carrier) == (607, "USD", "USPS")
    assert bought.documents[0].content.startswith(b"^XA" if wanted == "ZPL" else b"%PDF")


def test_a_recorded_order_over_http_has_a_label_for_each_package(everything: list[Exchange]) -> None:
    request = LabelRequest(
        rate_id="USPS:GroundAdvantage",
        parcel=parcel_of(packages=2, currency="USD"),
        address=address_in("US"),
        currency="USD",
        price=1174,
        order_id="ord_1",
    )
    with replaying(everything, "test_order_buy") as address:
        bought = PLUGIN.buy(ctx(address), request, "op_1")
    assert bought.label.tracking_numbers == ("9400100208303109500713", "9434600208303109492683")
    assert bought.label.cost == 521 + 653
    assert [document.kind for document in bought.documents] == ["label", "label"]


def test_a_service_that_the_carrier_does_not_offer_is_not_replaced(everything: list[Exchange]) -> None:
    request = LabelRequest(
        rate_id="USPS:MediaMail", parcel=parcel_of(currency="USD"), address=address_in("US"), currency="USD", price=400, order_id="ord_1"
    )
    with replaying(everything, "test_shipment_buy") as address, pytest.raises(PluginError) as error:
        PLUGIN.buy(ctx(address), request, "op_1")
    assert error.value.kind is ErrorKind.INVALID


def test_a_recorded_label_is_given_back_over_http(everything: list[Exchange]) -> None:
    shipment = next(found.answer["id"] for found in everything if found.cassette == "test_shipment_refund")
    with replaying(everything, "test_shipment_refund") as address:
        PLUGIN.void(ctx(address), Label(tracking_number="9400100208303109505688", provider_ref=shipment, carrier="USPS"), "op_1")


def test_a_label_that_was_made_as_a_picture_lies_nowhere_as_pdf(everything: list[Exchange]) -> None:
    made = next(found.answer for found in everything if found.cassette == "test_shipment_buy" and found.path.endswith("/buy"))
    assert label_url(made, "PDF") is None


def test_a_recorded_form_is_a_paper_of_the_purchase(everything: list[Exchange]) -> None:
    made = next(found for found in everything if found.cassette == "test_shipment_generate_form" and found.path.endswith("/forms"))
    asked_for = Exchange(cassette=made.cassette, method="GET", path="/v2/shipments/op_1", body=None, status=200, answer=made.answer)
    with serving(Replay([asked_for]).answer) as address:
        bought = PLUGIN.fetch(ctx(address), "op_1")
    assert bought is not None
    assert [(document.kind, document.media_type) for document in bought.documents] == [
        ("label", "application/pdf"),
        ("other", "application/pdf"),
    ]
