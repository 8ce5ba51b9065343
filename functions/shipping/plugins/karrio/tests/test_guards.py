"""What Karrio does on its own is bounded: certificates, places, prices, tokens. The rest the kit tries."""

import json
import ssl
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from conformance.courier.courier_under_trial import address_in, parcel_of
from conformance.places import listening, untrusted
from functions.shipping.bootstrap import FAMILY
from functions.shipping.karrio_handler import COURIERS
from functions.shipping.plugins.karrio.client import KEPT, WAYS
from functions.shipping.plugins.karrio.fedex import trial as fedex
from functions.shipping.plugins.karrio.fedex.standin import Fedex as FedexStandin
from functions.shipping.plugins.karrio.mydhl import trial as mydhl
from functions.shipping.plugins.karrio.plugin import Fedex, Mydhl, Ups
from functions.shipping.plugins.karrio.tests.conftest import ctx, quote
from functions.shipping.plugins.karrio.ups import trial as ups
from functions.shipping.plugins.karrio.ups.standin import Ups as UpsStandin
from monsoon_plugin.courier import CourierPlugin, Label, LabelRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.serving import Served, lambda_handler
from monsoon_plugin.standin import Asked, Reply, serving
from shared.providers.elsewhere.operator_plugins import Functions
from tests.conftest import ROOT


def test_importing_karrio_leaves_certificates_checked(tmp_path: Path):
    assert ssl._create_default_https_context is ssl.create_default_context
    with listening(tls=untrusted(tmp_path)) as (address, heard), pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(address)
    assert heard == []


def test_a_token_is_got_once_for_an_account_and_never_used_at_another_address(ups_at: str, heard: list[Asked]):
    for _ in range(3):
        quote(Ups(), ctx(Ups(), ups, ups_at))
    assert [asked.path for asked in heard].count("/security/v1/oauth/token") == 1
    with serving(UpsStandin().answer) as other:
        quote(Ups(), ctx(Ups(), ups, other))
    keys = {(account[0], account[1]) for account in KEPT._kept}
    assert {(ups_at, "ups"), (other, "ups")} <= keys


def test_a_token_that_is_refused_is_forgotten(ups_at: str, heard: list[Asked], monkeypatch: pytest.MonkeyPatch):
    quote(Ups(), ctx(Ups(), ups, ups_at))
    monkeypatch.setattr("functions.shipping.plugins.karrio.standin.TOKEN", "the-next-token")
    with pytest.raises(PluginError) as refused:
        quote(Ups(), ctx(Ups(), ups, ups_at))
    assert refused.value.kind is ErrorKind.CONFIG
    assert quote(Ups(), ctx(Ups(), ups, ups_at))


@pytest.mark.parametrize(("mode", "host"), [("test", "wwwcie.ups.com"), ("live", "onlinetools.ups.com")])
def test_test_parcels_are_asked_for_where_the_carrier_tests(mode: str, host: str):
    assert Ups()._account(ctx(Ups(), ups, "https://onlinetools.ups.com", mode)).base == f"https://{host}"


def test_customs_are_told_the_whole_price(mydhl_at: str, heard: list[Asked]):
    context, parcel = ctx(Mydhl(), mydhl, mydhl_at), parcel_of(currency="USD")
    Mydhl().buy(
        context,
        LabelRequest(
            rate_id="mydhl_express_worldwide", parcel=parcel, address=address_in("CA"), currency="USD", price=100, order_id="ord_1"
        ),
        "op_1",
    )
    lines = heard[-1].document["content"]["exportDeclaration"]["lineItems"]
    assert [(line["price"], line["quantity"]["value"]) for line in lines] == [(25.99, 1)]


def test_packages_are_told_no_smaller_and_no_lighter_than_they_are(fedex_at: str, mydhl_at: str, heard: list[Asked]):
    quote(Fedex(), ctx(Fedex(), fedex, fedex_at))
    package = heard[-1].document["requestedShipment"]["requestedPackageLineItems"][0]
    assert (package["dimensions"]["units"], package["weight"]["units"]) == ("IN", "LB")
    assert (package["dimensions"]["length"], package["weight"]["value"]) == (9.85, 0.89)
    quote(Mydhl(), ctx(Mydhl(), mydhl, mydhl_at))
    package = heard[-1].document["packages"][0]
    assert (package["dimensions"], package["weight"]) == ({"length": 25, "width": 20, "height": 10}, 0.4)


def test_a_file_elsewhere_is_never_fetched(heard: list[Asked]):
    class Luring(FedexStandin):
        def _ship(self, shipment: Any) -> Reply:
            reply = super()._ship(shipment)
            return Reply(200, reply.body.replace(b'"encodedLabel"', b'"url": "http://169.254.169.254/latest", "was"'))

    request = LabelRequest(
        rate_id="fedex_ground", parcel=parcel_of(currency="USD"), address=address_in("US"), currency="USD", price=100, order_id="ord_1"
    )
    with serving(Luring().answer) as address, pytest.raises(PluginError) as refused:
        Fedex().buy(ctx(Fedex(), fedex, address), request, "op_1")
    assert refused.value.kind in (ErrorKind.PROTOCOL, ErrorKind.OUTCOME_UNKNOWN)
    assert "another place" in refused.value.message


def test_nobody_asks_for_a_picture_of_a_signature(fedex_at: str, heard: list[Asked]):
    context = ctx(Fedex(), fedex, fedex_at)
    request = LabelRequest(
        rate_id="fedex_ground", parcel=parcel_of(currency="USD"), address=address_in("US"), currency="USD", price=100, order_id="ord_1"
    )
    number = Fedex().buy(context, request, "op_1").label.tracking_number
    fedex.TRIAL.scan(fedex_at, number)
    assert Fedex().track(ctx(Fedex(), fedex, fedex_at), Label(tracking_number=number))[-1].state == "delivered"
    assert not [asked.path for asked in heard if "documents" in asked.path]


def test_shipping_calls_it_in_its_own_function_and_imports_none_of_it(ups_at: str):
    handler = lambda_handler(Served(CourierPlugin, COURIERS, local=True))

    class Lambda:
        def invoke(self, **given: Any) -> Any:
            return {"Payload": BytesIO(json.dumps(handler(json.loads(given["Payload"]), None)).encode())}

    known = Functions[Any](FAMILY, "courier/ups=arn:aws:lambda:eu-west-1:1:function:monsoon-plugin-carriers-prod", lambda seconds: Lambda())
    assert [rate.service for rate in quote(known.get("ups"), ctx(Ups(), ups, ups_at))] == ["ups ground", "ups 2nd day air"]
    bare = "import functions.shipping.handler, functions.shipping.plugins.karrio.plugin, sys; assert 'karrio' not in sys.modules"
    subprocess.run([sys.executable, "-c", bare], cwd=ROOT, check=True)


def test_no_way_out_is_left_open():
    with serving(UpsStandin().answer) as address:
        quote(Ups(), ctx(Ups(), ups, address))
    assert WAYS == {}
