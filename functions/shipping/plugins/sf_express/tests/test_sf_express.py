"""SF Express's plug-in: its documents' worked examples, and what its answers mean."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from conformance.courier.courier_under_trial import address_in, new_key, parcel_of
from conformance.proxy import Proxy
from conformance.under_trial import kind_of
from functions.shipping.plugins.sf_express.client import HONG_KONG, MAINLAND, SANDBOX, Client, digest
from functions.shipping.plugins.sf_express.plugin import SFExpress, SFExpressConfig
from functions.shipping.plugins.sf_express.translate import (
    events_of,
    kilograms,
    label_of,
    minor,
    notice_of,
    order_of,
    printed,
    rates_of,
)
from functions.shipping.plugins.sf_express.trial import SENDER, TRIAL, is_change, start
from monsoon_plugin.address import Address
from monsoon_plugin.clock import utc_now
from monsoon_plugin.courier import Label, LabelRequest, RateRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx, RawWebhook
from monsoon_plugin.standin import Asked, Reply, as_json, serving

PLUGIN = SFExpress()
NOW = datetime(2020, 10, 18, 2, 0, tzinfo=UTC)
ORDERED: dict[str, Any] = {
    "orderId": "QIAO-20200528-006", "originCode": "719", "destCode": "710", "filterResult": 2, "remark": "",
    "waybillNoInfoList": [{"waybillType": 1, "waybillNo": "SF7444400043266"}],
}  # fmt: skip
"""The answer of EXP_RECE_CREATE_ORDER's page."""


@pytest.fixture(scope="module")
def standin() -> Iterator[str]:
    with start() as address:
        yield address


@pytest.fixture
def proxy(standin: str) -> Iterator[Proxy]:
    with Proxy(standin, is_change) as between:
        yield between


def ctx(address: str, mode: Any = "test", **changes: Any) -> Ctx[SFExpressConfig]:
    now = utc_now()
    config = SFExpressConfig.model_validate({**TRIAL.config, **changes})
    return Ctx(config=config, base_url=address, deadline=now + timedelta(seconds=3), now=now, mode=mode, local=True)


def request(country: str = "CN", packages: int = 1) -> LabelRequest:
    return LabelRequest(
        rate_id="2", parcel=parcel_of(packages, currency="CNY"), address=address_in(country), currency="CNY", price=1800, order_id="ord_1"
    )


def sent(proxy: Proxy, service: str) -> list[Any]:
    forms = [parse_qs(each.body.decode()) for each in proxy.sent if each.body]
    return [json.loads(form["msgData"][0]) for form in forms if form["serviceCode"] == [service]]


def answering(inner: Any, code: str = "A1000", status: int = 200) -> Any:
    """A platform that answers everything so."""

    def answer(asked: Asked) -> Reply:
        return as_json({"apiResultCode": code, "apiErrorMsg": "", "apiResponseID": "1", "apiResultData": inner}, status)

    return serving(answer)


def refused(code: str, said: str = "") -> str:
    return json.dumps({"success": False, "errorCode": code, "errorMsg": said, "msgData": None})


def test_the_documents_worked_signature() -> None:
    """open.sf-express.com/developSupport/976720, "数字签名示例"."""
    message = '{"language":"zh-CN","orderId":"QIAO-20200618-004"}'
    assert digest(message, "12312334453453", "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci") == "IIKJtuLVzoFTu4kHI8M8vA=="


@pytest.mark.parametrize(
    ("text", "encoded"), [("a*b", "a*b"), ("a~b", "a%7Eb"), ("a b", "a+b"), ("深圳", "%E6%B7%B1%E5%9C%B3"), ("-_.", "-_.")]
)
def test_a_message_is_encoded_as_java_does(text: str, encoded: str) -> None:
    """java.net.URLEncoder: letters, digits, `.`, `-`, `*`, `_` stay; a blank becomes `+`; all else is escaped."""
    from base64 import b64encode
    from hashlib import md5

    assert digest(text, "", "") == b64encode(md5(encoded.encode()).digest()).decode()


def test_the_documents_example_of_a_price() -> None:
    """EXP_RECE_QUERY_DELIVERTM, "Success Response Example"."""
    offered = {
        "businessType": "2", "businessTypeDesc": "顺丰特惠", "deliverTime": "2020-10-20 18:00:00,2020-10-20 18:00:00", "fee": 119,
        "searchPrice": "1", "closeTime": None,
    }  # fmt: skip
    rates = rates_of({"msgData": {"deliverTmDto": [offered, {**offered, "businessType": "6"}]}}, [1, 2], "CNY", NOW)
    assert [(r.id, r.service, r.price, r.currency, r.days) for r in rates.values()] == [("2", "顺丰特惠", 11900, "CNY", (2, 2))]


def test_a_service_without_a_price_is_no_rate() -> None:
    offered = {"businessType": "2", "businessTypeDesc": "x", "deliverTime": "2020-10-20 18:00:00", "fee": None}
    assert rates_of({"msgData": {"deliverTmDto": [offered]}}, [2], "CNY", NOW) == {}


@pytest.mark.parametrize(("fee", "units"), [(119, 11900), ("18.5", 1850), (0, 0)])
def test_yuan_are_fen(fee: Any, units: int) -> None:
    assert minor(fee, "CNY") == units


@pytest.mark.parametrize("fee", ["1.005", -1, "free", True])
def test_what_is_no_amount_is_not_a_price(fee: Any) -> None:
    with pytest.raises(PluginError) as error:
        minor(fee, "CNY")
    assert error.value.kind is ErrorKind.PROTOCOL


def test_the_documents_example_of_an_order() -> None:
    label = label_of(ORDERED)
    assert (label.tracking_number, label.provider_ref) == ("SF7444400043266", "QIAO-20200528-006")


def test_the_mother_waybill_is_the_first() -> None:
    waybills = [{"waybillType": 2, "waybillNo": "SF2"}, {"waybillType": 3, "waybillNo": "SF9"}, {"waybillType": 1, "waybillNo": "SF1"}]
    assert label_of({**ORDERED, "waybillNoInfoList": waybills}).tracking_numbers == ("SF1", "SF2")


def test_an_order_that_sf_express_does_not_deliver_is_invalid() -> None:
    with pytest.raises(PluginError, match="the address is out of range") as error:
        label_of({**ORDERED, "filterResult": 3, "remark": "2"})
    assert error.value.kind is ErrorKind.INVALID


def test_an_undeliverable_order_is_no_purchase() -> None:
    inner = json.dumps({"success": True, "errorCode": "S0000", "msgData": {**ORDERED, "filterResult": 3, "remark": "2"}})
    with answering(inner) as address:
        assert PLUGIN.fetch(ctx(address), "op_1") is None
        assert kind_of(PLUGIN.buy, ctx(address), request(), "op_1") is ErrorKind.INVALID


def test_each_waybill_of_several_is_printed() -> None:
    label = Label(tracking_number="SF1", tracking_numbers=("SF1", "SF2"), provider_ref="op_1")
    assert printed(label, "fm_1")["documents"] == [
        {"masterWaybillNo": "SF1", "seq": "1", "sum": "2"},
        {"masterWaybillNo": "SF1", "branchWaybillNo": "SF2", "seq": "2", "sum": "2"},
    ]


def test_times_of_routes_are_chinas() -> None:
    route = {"acceptTime": "2020-05-11 16:56:54", "acceptAddress": "深圳", "remark": "已收取快件", "opCode": "50"}
    event = events_of({"msgData": {"routeResps": [{"mailNo": "SF1", "routes": [route, {**route, "opCode": "424242"}]}]}})
    assert [(e.state, e.occurred_at, e.location) for e in event] == [("dispatched", "2020-05-11T08:56:54.000Z", "深圳")]


def test_our_key_is_the_orders_and_ordering_again_changes_nothing(proxy: Proxy) -> None:
    key = new_key()
    first, second = (PLUGIN.buy(ctx(proxy.address), request(), key).label for _ in range(2))
    assert first == second
    assert [order["orderId"] for order in sent(proxy, "EXP_RECE_CREATE_ORDER")] == [key, key]


def test_an_order_that_the_platform_calls_repeated_is_looked_up() -> None:
    searched = json.dumps({"success": True, "errorCode": "S0000", "msgData": ORDERED})

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/label"):
            return Reply(200, b"%PDF-1.4\n", "application/pdf")
        service = parse_qs(asked.body.decode())["serviceCode"][0]
        files = [{"url": f"{asked.address}/label.pdf", "token": "t"}]
        inner = {
            "EXP_RECE_CREATE_ORDER": refused("8016", "重复下单"), "EXP_RECE_SEARCH_ORDER_RESP": searched,
            "COM_RECE_CLOUD_PRINT_WAYBILLS": json.dumps({"success": True, "obj": {"files": files}}),
        }[service]  # fmt: skip
        return as_json({"apiResultCode": "A1000", "apiResultData": inner})

    with serving(answer) as address:
        assert PLUGIN.buy(ctx(address), request(), "op_1").label == label_of(ORDERED)


def test_a_parcel_to_hong_kong_is_declared() -> None:
    order = order_of(request("HK"), Address.model_validate(SENDER), "op_1", card="7551234567", collected=False)
    assert order["customsInfo"] == {"declaredValue": "25.99", "declaredValueCurrency": "CNY"}
    cargo = order["cargoDetails"][0]
    assert (cargo["hsCode"], cargo["sourceArea"], cargo["count"], cargo["amount"], cargo["weight"]) == (
        "691110",
        "CN",
        1,
        "25.990",
        "0.400",
    )
    assert [contact["country"] for contact in order["contactInfoList"]] == ["CN", "852"]


def test_a_parcel_at_home_is_not_declared() -> None:
    assert "customsInfo" not in order_of(request(), Address.model_validate(SENDER), "op_1", card="", collected=True)


@pytest.mark.parametrize(("grams", "places", "text"), [(1, 2, "0.01"), (1000, 2, "1.00"), (1001, 2, "1.01"), (400, 3, "0.400")])
def test_a_weight_is_never_told_too_small(grams: int, places: int, text: str) -> None:
    assert kilograms(grams, places) == text


@pytest.mark.parametrize(
    ("code", "inner", "asked", "bought"),
    [
        ("A1006", None, ErrorKind.CONFIG, ErrorKind.CONFIG),
        ("A1004", None, ErrorKind.CONFIG, ErrorKind.CONFIG),
        ("A1005", None, ErrorKind.RATE_LIMITED, ErrorKind.RATE_LIMITED),
        ("A1007", None, ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN),
        ("A1009", None, ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN),
        ("A1099", None, ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN),
        ("A1000", refused("S0003"), ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN),
        ("A1000", refused("8114"), ErrorKind.CONFIG, ErrorKind.CONFIG),
        ("A1000", refused("20036", "收件地址不能为空"), ErrorKind.INVALID, ErrorKind.INVALID),
        ("A1000", "<html>", ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN),
    ],
)
def test_each_refusal_has_its_kind(code: str, inner: str | None, asked: ErrorKind, bought: ErrorKind) -> None:
    with answering(inner, code) as address:
        assert kind_of(PLUGIN.rates, ctx(address), RateRequest([parcel_of()], address_in("CN"), "CNY", 0)) is asked
        assert kind_of(PLUGIN.buy, ctx(address), request(), "op_1") is bought


def test_a_refusal_is_told_in_sf_expresss_words() -> None:
    with answering(refused("20036", "收件地址不能为空")) as address, pytest.raises(PluginError, match="收件地址不能为空"):
        PLUGIN.rates(ctx(address), RateRequest([parcel_of()], address_in("CN"), "CNY", 0))


@pytest.mark.parametrize("code", ["8037", "8253"])
def test_what_was_cancelled_before_is_cancelled(code: str) -> None:
    with answering(refused(code, "已消单")) as address:
        PLUGIN.void(ctx(address), Label(tracking_number="SF1", provider_ref="op_1"), "op_1")


def test_what_is_confirmed_is_not_given_back() -> None:
    with answering(refused("8252", "订单已确认")) as address:
        assert kind_of(PLUGIN.void, ctx(address), Label(provider_ref="op_1"), "op_1") is ErrorKind.CONFLICT


def test_a_push_only_says_of_which_waybill_to_ask() -> None:
    routes = [{"mailno": "SF7444400031887", "id": "158915741444476", "opCode": "80"}, {"mailno": "SF2", "id": "2", "opCode": "50"}]
    told_of = notice_of({"Body": {"WaybillRoute": routes}})
    assert (told_of.tracking_number, told_of.events) == ("SF7444400031887", ())
    assert told_of.event_id == notice_of({"Body": {"WaybillRoute": routes[::-1]}}).event_id


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"Body": {"WaybillRoute": []}}', b'{"Body": 5}', b"\xff"])
def test_what_is_no_push_is_refused(body: bytes) -> None:
    assert kind_of(PLUGIN.webhook, ctx("https://x"), RawWebhook(body, {})) is ErrorKind.SIGNATURE


@pytest.mark.parametrize(
    ("mode", "region", "host"), [("test", "mainland", SANDBOX), ("live", "mainland", MAINLAND), ("live", "hong_kong", HONG_KONG)]
)
def test_each_installation_calls_its_own_platform(mode: str, region: str, host: str) -> None:
    made = Client(ctx(f"https://{MAINLAND}", mode), "P", "c", MAINLAND if region == "mainland" else HONG_KONG)
    assert made._base == f"https://{host}"


@pytest.mark.parametrize("url", ["https://evil.example/a.pdf", "https://sf-express.com.evil.example/a", "http://oss.sf-express.com/a.pdf"])
def test_a_label_is_read_at_sf_expresss_own_hosts_only(url: str) -> None:
    with pytest.raises(PluginError) as error:
        Client(ctx("https://x"), "P", "c", MAINLAND).file(url, "t")
    assert error.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    "changes", [{"label_format": "ZPL"}, {"origin": {**SENDER, "country": "US"}}, {"partner_id": "a b"}, {"checkword": "short"}]
)
def test_a_config_that_cannot_work_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SFExpressConfig.model_validate({**TRIAL.config, **changes})


def test_a_country_that_it_does_not_reach_is_not_asked_about(proxy: Proxy) -> None:
    assert PLUGIN.rates(ctx(proxy.address), RateRequest([parcel_of()], address_in("US"), "CNY", 0)) == []
    assert kind_of(PLUGIN.buy, ctx(proxy.address), request("US"), "op_1") is ErrorKind.UNSUPPORTED
    assert proxy.sent == []
