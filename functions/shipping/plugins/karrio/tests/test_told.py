"""What Karrio's carriers are told of a parcel, and what is made of what they tell."""

import re
import time
from typing import Any

import pytest

from conformance.courier.courier_under_trial import address_in, parcel_of
from functions.shipping.plugins.karrio.fedex import trial as fedex
from functions.shipping.plugins.karrio.fedex.standin import Fedex as FedexStandin
from functions.shipping.plugins.karrio.mydhl import trial as mydhl
from functions.shipping.plugins.karrio.mydhl.standin import Mydhl as MydhlStandin
from functions.shipping.plugins.karrio.plugin import Fedex, Karrio, Mydhl, Ups, Usps
from functions.shipping.plugins.karrio.standin import SECRET
from functions.shipping.plugins.karrio.tests.conftest import ctx, quote
from functions.shipping.plugins.karrio.ups import trial as ups
from functions.shipping.plugins.karrio.ups.standin import Ups as UpsStandin
from functions.shipping.plugins.karrio.usps import trial as usps
from functions.shipping.plugins.karrio.usps.standin import Usps as UspsStandin
from monsoon_plugin.courier import Label, LabelRequest, Parcel, RateRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.standin import Asked, Reply, serving

CARRIERS = [
    pytest.param(Ups, ups, UpsStandin, "ups_ground", id="ups"),
    pytest.param(Fedex, fedex, FedexStandin, "fedex_ground", id="fedex"),
    pytest.param(Usps, usps, UspsStandin, "usps_ground_advantage", id="usps"),
    pytest.param(Mydhl, mydhl, MydhlStandin, "mydhl_express_domestic", id="mydhl"),
]
BERLIN = address_in("DE").model_dump()


def thirds() -> Parcel:
    """Three teapots for 10.00 USD together."""
    parcel = parcel_of(currency="USD")
    return parcel.model_copy(update={"contents": (parcel.contents[0].model_copy(update={"quantity": 3, "value": 1000}),)})


def buy(plugin: Karrio, context: Any, service: str, country: str = "US", parcel: Parcel | None = None) -> Label:
    request = LabelRequest(
        rate_id=service,
        parcel=parcel or parcel_of(currency="USD"),
        address=address_in(country),
        currency="USD",
        price=100,
        order_id="ord_1",
    )
    return plugin.buy(context, request, "op_1").label


@pytest.mark.parametrize(("plugin", "trial", "standin", "service"), CARRIERS)
def test_a_scan_has_the_hour_that_the_carrier_tells_whatever_the_hour(plugin: Any, trial: Any, standin: Any, service: str):
    with serving(standin().answer) as address:
        label = buy(plugin(), ctx(plugin(), trial, address), service)
        trial.TRIAL.scan(address, label.tracking_number)
        *before, delivered = [event.occurred_at[10:] for event in plugin().track(ctx(plugin(), trial, address), label)]
    assert delivered == "T18:30:00.000Z"
    assert before == ([] if plugin is Usps else ["T00:30:00.000Z"]), "Karrio makes nothing of a label that USPS awaits the parcel of"


@pytest.mark.parametrize(("plugin", "trial", "standin", "service"), CARRIERS)
def test_a_parcel_that_the_carrier_has_not_seen_yet_has_no_events(plugin: Any, trial: Any, standin: Any, service: str):
    with serving(standin().answer) as address:
        assert plugin().track(ctx(plugin(), trial, address), Label(tracking_number="123456789012")) == []


def test_a_page_that_is_not_found_is_no_parcel_that_is_not_seen():
    class Elsewhere(UpsStandin):
        def _track(self, number: str) -> Reply:
            return Reply(404, b"<html><body>Not here</body></html>", "text/html")

    with serving(Elsewhere().answer) as address, pytest.raises(PluginError) as refused:
        Ups().track(ctx(Ups(), ups, address), Label(tracking_number="1Z999AA10123456784"))
    assert refused.value.kind is ErrorKind.PROTOCOL


def test_a_value_that_cannot_be_shared_equally_is_declared_whole(fedex_at: str, mydhl_at: str, heard: list[Asked]):
    buy(Fedex(), ctx(Fedex(), fedex, fedex_at), "fedex_ground", "CA", thirds())
    customs = heard[-1].document["requestedShipment"]["customsClearanceDetail"]
    assert [(line["quantity"], line["unitPrice"]["amount"]) for line in customs["commodities"]] == [(2, 3.33), (1, 3.34)]
    buy(Mydhl(), ctx(Mydhl(), mydhl, mydhl_at), "mydhl_express_worldwide", "CA", thirds())
    content = heard[-1].document["content"]
    assert [(line["quantity"]["value"], line["price"]) for line in content["exportDeclaration"]["lineItems"]] == [(2, 3.33), (1, 3.34)]
    assert content["declaredValue"] == 10.0


def test_ups_is_told_the_whole_value_abroad(ups_at: str, heard: list[Asked]):
    buy(Ups(), ctx(Ups(), ups, ups_at), "ups_ground", "CA", thirds())
    assert heard[-1].document["ShipmentRequest"]["Shipment"]["InvoiceLineTotal"] == {"CurrencyCode": "USD", "MonetaryValue": "10.0"}


@pytest.mark.parametrize(("country", "dutiable"), [("GB", True), ("AT", False), ("DE", False)])
def test_dhl_declares_only_what_passes_customs(country: str, dutiable: bool, mydhl_at: str, heard: list[Asked]):
    context = ctx(Mydhl(), mydhl, mydhl_at, origin=BERLIN)
    Mydhl().rates(context, RateRequest((parcel_of(),), address_in(country), "EUR", 0))
    assert heard[-1].document["isCustomsDeclarable"] is dutiable
    buy(Mydhl(), context, "mydhl_express_worldwide", country)
    content = heard[-1].document["content"]
    assert (content["isCustomsDeclarable"], "exportDeclaration" in content) == (dutiable, dutiable)


def test_a_price_in_no_currency_is_no_rate():
    class Odd(UpsStandin):
        def _rates(self, shipment: Any) -> Reply:
            return Reply(200, super()._rates(shipment).body.replace(b'"USD"', b'"?"'))

    with serving(Odd().answer) as address, pytest.raises(PluginError) as refused:
        quote(Ups(), ctx(Ups(), ups, address))
    assert refused.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("name", "instead"), [(b"shipmentTrackingNumber", b"0" * 80), (b"content", b"x"), (b"content", b""), (b"priceCurrency", b"?")]
)
def test_a_label_that_cannot_be_read_is_never_called_unbought(name: bytes, instead: bytes):
    class Odd(MydhlStandin):
        def _ship(self, wanted: Any) -> Reply:
            return Reply(201, re.sub(rb'("%s": )"[^"]*"' % name, rb'\1"%s"' % instead, super()._ship(wanted).body))

    with serving(Odd().answer) as address, pytest.raises(PluginError) as refused:
        buy(Mydhl(), ctx(Mydhl(), mydhl, address), "mydhl_express_domestic")
    assert refused.value.kind in (ErrorKind.PROTOCOL, ErrorKind.OUTCOME_UNKNOWN)


def test_the_rates_of_many_parcels_end_in_the_time_of_one_call():
    class Slow(UpsStandin):
        def _rates(self, shipment: Any) -> Reply:
            time.sleep(0.8)
            return super()._rates(shipment)

    with serving(Slow().answer) as address:
        context, began = ctx(Ups(), ups, address, seconds=2), time.monotonic()
        with pytest.raises(PluginError) as refused:
            Ups().rates(context, RateRequest((parcel_of(),) * 8, address_in("US"), "USD", 0))
    assert refused.value.kind is ErrorKind.UNAVAILABLE
    assert time.monotonic() - began < 6, "one after another the parcels would take 6.4 s of its provider's time alone"


def test_fedex_s_keys_for_tracking_are_checked_too(fedex_at: str):
    Fedex().check_config(ctx(Fedex(), fedex, fedex_at))
    with pytest.raises(PluginError) as refused:
        Fedex().check_config(ctx(Fedex(), fedex, fedex_at, track_api_key="other", track_secret_key="another-secret-0001"))
    assert refused.value.kind is ErrorKind.CONFIG


def test_no_secret_is_in_the_repr_of_an_account():
    account = Ups()._account(ctx(Ups(), ups, "https://onlinetools.ups.com"))
    with account._connected(changes=False) as (_, _, way):
        assert SECRET not in repr(account) + repr(way)
