"""EasyPost's plug-in: our words and EasyPost's, notices, and what is refused before anything is sent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from easypost.util import validate_webhook
from pydantic import ValidationError

from conformance.courier.courier_under_trial import address_in, new_key, parcel_of
from conformance.proxy import Proxy
from conformance.under_trial import kind_of
from functions.shipping.plugins.easypost.client import Client
from functions.shipping.plugins.easypost.plugin import EasyPost, EasyPostConfig
from functions.shipping.plugins.easypost.request import customs_of, decimal_of
from functions.shipping.plugins.easypost.request import parcel_of as box_of
from functions.shipping.plugins.easypost.translate import error_of, events_of, is_bought, is_given_back, minor, rates_of, signature_of
from functions.shipping.plugins.easypost.trial import SENDER, TRIAL, is_change, notice, start
from monsoon_plugin.clock import utc_now
from monsoon_plugin.courier import Content, LabelRequest, Package, RateRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx, RawWebhook

PLUGIN = EasyPost()


@pytest.fixture(scope="module")
def standin() -> Iterator[str]:
    with start() as address:
        yield address


@pytest.fixture
def proxy(standin: str) -> Iterator[Proxy]:
    with Proxy(standin, is_change) as between:
        yield between


def ctx(address: str = "https://api.easypost.com", mode: Any = "test", **changes: Any) -> Ctx[EasyPostConfig]:
    now = utc_now()
    config = EasyPostConfig.model_validate({**TRIAL.config, **changes})
    return Ctx(
        config=config, base_url=address, deadline=now + timedelta(seconds=3), now=now, mode=mode, local=address.startswith("http://127")
    )


def bodies(proxy: Proxy, path: str) -> list[Any]:
    return [json.loads(sent.body) for sent in proxy.sent if sent.path == path]


def offered(carrier: str, rate: Any, currency: str = "USD", days: int | None = 3) -> dict[str, Any]:
    return {"carrier": carrier, "service": "Ground", "rate": rate, "currency": currency, "delivery_days": days, "est_delivery_days": None}


def test_what_its_carriers_refuse_a_label_for_is_asked_before_the_price() -> None:
    """They price a parcel without a telephone number and then do not buy it. USPS alone, within its country, wants none."""
    able = EasyPost().capability
    assert able(None).needs == able(ctx().config).needs == ("phone", "region", "postal_code")
    assert able(ctx(asks_phone=False).config).needs == ("region", "postal_code")


def test_a_box_is_rounded_up_to_tenths_of_inches_and_ounces() -> None:
    box = box_of(Package(weight=500, length=254, width=255, height=1, contents=()))
    assert box == {"length": "10.0", "width": "10.1", "height": "0.1", "weight": "17.7"}


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(2599, "USD", "25.99"), (980, "JPY", "980"), (1, "KWD", "0.001"), (5, "EUR", "0.05")]
)
def test_a_value_has_the_decimals_of_its_currency(amount: int, currency: str, text: str) -> None:
    assert decimal_of(amount, currency) == text
    assert minor(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"), [("5.211", "USD"), ("5.5", "JPY"), ("-1.00", "USD"), ("free", "USD"), (None, "USD"), ("NaN", "EUR")]
)
def test_what_is_no_amount_of_the_currency_is_not_a_price(text: Any, currency: str) -> None:
    with pytest.raises(PluginError) as error:
        minor(text, currency)
    assert error.value.kind is ErrorKind.PROTOCOL


def test_of_two_accounts_with_one_carrier_the_cheaper_rate_counts() -> None:
    rates = rates_of({"rates": [offered("UPS", "9.10"), offered("UPS", "8.05"), offered("UPS", "8.50")], "messages": []}, (2, 10))
    assert [(rate.id, rate.price) for rate in rates.values()] == [("UPS:Ground", 805)]


def test_days_that_a_carrier_does_not_say_are_the_merchants() -> None:
    rates = rates_of({"rates": [offered("UPS", "8.05", days=None)], "messages": []}, (4, 9))
    assert rates["UPS:Ground"].days == (4, 9)


def test_without_rates_the_carriers_words_are_told() -> None:
    messages = [{"carrier": "USPS", "type": "rate_error", "message": "too heavy"}, {"carrier": "UPS", "message": "unknown ZIP"}]
    with pytest.raises(PluginError, match="USPS: too heavy; UPS: unknown ZIP") as error:
        rates_of({"rates": [], "messages": messages}, (2, 10))
    assert error.value.kind is ErrorKind.INVALID


@pytest.mark.parametrize(
    ("status", "code", "changes", "kind"),
    [
        (401, "APIKEY.INACTIVE", False, ErrorKind.CONFIG),
        (403, "FORBIDDEN", True, ErrorKind.CONFIG),
        (429, "RATE_LIMITED", True, ErrorKind.RATE_LIMITED),
        (422, "ADDRESS.VERIFY.FAILURE", False, ErrorKind.INVALID),
        (422, "SHIPMENT.POSTAGE.EXISTS", True, ErrorKind.CONFLICT),
        (402, "INSUFFICIENT_FUNDS", True, ErrorKind.CONFIG),
        (500, "INTERNAL_SERVER_ERROR", True, ErrorKind.OUTCOME_UNKNOWN),
        (503, None, False, ErrorKind.UNAVAILABLE),
        (None, "JsonError", True, ErrorKind.OUTCOME_UNKNOWN),
    ],
)
def test_each_refusal_has_its_kind(status: int | None, code: str | None, changes: bool, kind: ErrorKind) -> None:
    assert error_of(status, code, (), changes=changes).kind is kind


def test_a_state_that_is_not_listed_is_not_guessed() -> None:
    tracker = {"tracking_code": "EZ1", "tracking_details": [{"status": "teleported", "message": "", "datetime": "2026-01-05T10:00:00Z"}]}
    with pytest.raises(PluginError) as error:
        events_of(tracker)
    assert error.value.kind is ErrorKind.PROTOCOL


def test_a_lost_parcel_is_lost_whatever_its_status_says() -> None:
    detail = {
        "status": "failure",
        "status_detail": "lost",
        "message": "Lost",
        "datetime": "2026-01-05T10:00:00Z",
        "tracking_location": None,
    }
    assert [event.state for event in events_of({"tracking_code": "EZ1", "tracking_details": [detail]})] == ["lost"]


def test_a_partly_sold_order_is_left_to_people() -> None:
    parts = [{"postage_label": {"id": "pl_1"}}, {"postage_label": None}]
    with pytest.raises(PluginError) as error:
        is_bought({"object": "Order", "id": "order_1", "shipments": parts})
    assert error.value.kind is ErrorKind.OUTCOME_UNKNOWN


@pytest.mark.parametrize(("status", "given"), [("submitted", True), ("refunded", True), ("not_applicable", True), ("rejected", False)])
def test_each_refund_status_says_whether_the_label_is_given_back(status: str, given: bool) -> None:
    assert is_given_back(status) is given


def test_customs_is_told_the_worth_and_weight_of_all_units() -> None:
    content = Content(offer_id="o", title="Tea", quantity=3, weight=300, hs_code="090210", origin="CN", value=1050, currency="EUR")
    item = customs_of([content], signer="Jack", eel_pfc="NOEEI 30.37(a)")["customs_items"][0]
    assert (item["quantity"], item["value"], item["currency"], item["weight"]) == (3, "10.50", "EUR", "10.5")
    assert (item["hs_tariff_number"], item["origin_country"]) == ("090210", "CN")


def test_a_quote_tells_customs_nothing_and_a_label_everything(proxy: Proxy) -> None:
    quote = RateRequest([parcel_of()], address_in("CA"), "USD", 0)
    PLUGIN.rates(ctx(proxy.address), quote)
    assert "customs_info" not in bodies(proxy, "/v2/shipments")[-1]["shipment"]
    parcel = parcel_of(currency="USD")
    PLUGIN.buy(
        ctx(proxy.address),
        LabelRequest(rate_id="USPS:Priority", parcel=parcel, address=address_in("CA"), currency="USD", price=0, order_id="ord_1"),
        new_key(),
    )
    assert bodies(proxy, "/v2/shipments")[-1]["shipment"]["customs_info"]["customs_signer"] == SENDER["name"]


def test_a_shipment_has_our_key_as_its_reference_and_is_made_once(proxy: Proxy) -> None:
    request, key = (
        LabelRequest(
            rate_id="USPS:Priority", parcel=parcel_of(currency="USD"), address=address_in("US"), currency="USD", price=0, order_id="ord_1"
        ),
        new_key(),
    )
    for _ in range(3):
        PLUGIN.buy(ctx(proxy.address), request, key)
    assert [made["shipment"]["reference"] for made in bodies(proxy, "/v2/shipments")] == [key]
    assert len(proxy.changed) == 1


def test_a_suppliers_own_place_is_the_sender(proxy: Proxy) -> None:
    origins = {"acc_other": {**SENDER, "city": "Boston", "region": "MA", "postal_code": "02108"}}
    PLUGIN.rates(ctx(proxy.address, origins=origins), RateRequest([parcel_of(supplier="acc_other")], address_in("US"), "USD", 0))
    assert bodies(proxy, "/v2/shipments")[-1]["shipment"]["from_address"]["city"] == "Boston"


def test_addresses_are_verified_where_the_merchant_says_so(proxy: Proxy) -> None:
    PLUGIN.rates(ctx(proxy.address, verify_addresses=True), RateRequest([parcel_of()], address_in("US"), "USD", 0))
    assert bodies(proxy, "/v2/shipments")[-1]["shipment"]["to_address"]["verify_strict"] == ["delivery"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/label.pdf",
        "http://easypost-files.s3.us-west-2.amazonaws.com/label.pdf",
        "https://easypost-files.s3.us-west-2.amazonaws.com@evil.example/label.pdf",
        "http://127.0.0.1:9/label.pdf",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
    ],
)
def test_a_label_is_read_at_easyposts_own_hosts_only(url: str) -> None:
    with pytest.raises(PluginError) as error:
        Client(ctx(), "EZTKkey").file(url)
    assert error.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(("key", "mode"), [("EZAKliveKey0001", "test"), ("EZTKtestKey0001", "live")])
def test_a_key_of_the_other_mode_is_refused_before_anybody_is_asked(key: str, mode: str) -> None:
    assert kind_of(PLUGIN.check_config, ctx("http://127.0.0.1:1", mode, api_key=key)) is ErrorKind.CONFIG


@pytest.mark.parametrize("key", ["sk_test_1", "EZTK with blanks", "EZTK\r\nHost: evil", ""])
def test_what_is_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ValidationError) as error:
        EasyPostConfig.model_validate({**TRIAL.config, "api_key": key})
    assert not key or key not in str(error.value.errors(include_input=False))


def test_a_signature_is_what_easyposts_library_verifies() -> None:
    secret, body = "sécret-ﬁ-0001", b'{"id": "evt_1"}'
    assert validate_webhook(body, {"X-Hmac-Signature": signature_of(body, secret)}, secret) == {"id": "evt_1"}


@pytest.mark.parametrize(("age", "heard"), [(timedelta(hours=71), True), (timedelta(hours=73), False), (timedelta(minutes=-6), False)])
def test_a_notice_is_heard_for_as_long_as_easypost_repeats_it(age: timedelta, heard: bool) -> None:
    raw = notice(TRIAL.config, "9400100208303109505657", "evt_1", utc_now() - age)
    assert (kind_of(PLUGIN.webhook, ctx(), raw) is None) is heard


def test_an_event_of_something_else_is_no_notice() -> None:
    body = json.dumps({"id": "evt_1", "created_at": utc_now().isoformat(), "result": {"object": "Batch"}}).encode()
    signed = RawWebhook(body, {"x-hmac-signature": signature_of(body, TRIAL.config["webhook_secret"])})
    assert PLUGIN.webhook(ctx(), signed) is None


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b"\xff", b'{"created_at": "yesterday"}', b'{"created_at": 5}'])
def test_a_signed_notice_that_is_not_understood_is_no_crash(body: bytes) -> None:
    signed = RawWebhook(body, {"x-hmac-signature": signature_of(body, TRIAL.config["webhook_secret"])})
    assert kind_of(PLUGIN.webhook, ctx(), signed) is ErrorKind.PROTOCOL


def test_a_notice_without_a_zone_in_its_time_is_not_understood() -> None:
    raw = notice(TRIAL.config, "EZ1", "evt_1", datetime(2026, 1, 5, tzinfo=utc_now().tzinfo))
    body = raw.body.replace(b'Z"', b'"', 1)
    signed = replace(raw, body=body, headers={"x-hmac-signature": signature_of(body, TRIAL.config["webhook_secret"])})
    assert kind_of(PLUGIN.webhook, ctx(), signed) in (ErrorKind.PROTOCOL, ErrorKind.SIGNATURE)
