"""WeChat Pay's plug-in against a server around wechatpay-axios-plugin and wechatpay-node-v3, which verify and sign everything."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from conformance.proxy import Proxy
from conformance.standins.keys import private_pem, public_pem, signed
from conformance.standins.node import ask
from functions.payments.plugins.wechat_pay.plugin import WeChatConfig, WeChatData, WeChatPay
from functions.payments.plugins.wechat_pay.translate import money_of, payment_of, refund_of
from functions.payments.plugins.wechat_pay.trial import APPID, CONFIG, KEY_ID, MCHID, MERCHANT, STRANGER, TRIAL, start
from monsoon_plugin.clock import utc_now
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, Shopper, StartPayment, State
from monsoon_plugin.plugin import Ctx, RawWebhook
from shared.ids import derived_id

PLUGIN, NOW = WeChatPay(), utc_now()
HOOK = "https://hub.example/v1/hooks/payments/ins_1"
PAID, number = Money(1250, "CNY"), count()


@pytest.fixture(scope="module")
def standin() -> Iterator[str]:
    with start() as address:
        yield address


def ctx(address: str, *, notify_url: str = HOOK, mode: Any = "test", later: timedelta = timedelta(), **changed: Any) -> Ctx[WeChatConfig]:
    now = NOW + later
    return Ctx(
        config=WeChatConfig.model_validate({**CONFIG, **changed}),
        base_url=address,
        deadline=now + timedelta(seconds=3),
        now=now,
        mode=mode,
        notify_url=notify_url,
        local=True,
    )


def wanted(method: str = "native", amount: Money = PAID, **more: Any) -> StartPayment:
    name = str(next(number))
    ids = {"payment_id": derived_id("pay", name), "order_id": derived_id("ord", name), "op_key": derived_id("op", name)}
    return StartPayment(tenant="acc#sf", amount=amount, method=method, **ids, **more)


def paid(address: str) -> PaymentView:
    view = PLUGIN.start(ctx(address), wanted())
    ask(address, "pay", out_trade_no=view.provider_ref)
    return view


def amend(view: PaymentView, amount: int = 1250, key: str = "op_1") -> Amend:
    return Amend(
        payment_id=view.provider_ref, provider_ref=view.provider_ref, op_key=key + view.provider_ref, amount=Money(amount, "CNY"), paid=PAID
    )


def fetched(address: str, view: PaymentView, *refunds: str, later: timedelta = timedelta()) -> PaymentView:
    found = PLUGIN.fetch(ctx(address, later=later), view.provider_ref, "", NOW, refunds)
    assert found is not None
    return found


def refused(call: Any) -> PluginError:
    with pytest.raises(PluginError) as error:
        call()
    return error.value


def noticed(address: str, payment_id: str, event: str = "TRANSACTION.SUCCESS", age: int = 0, **more: Any) -> RawWebhook:
    resource = {"mchid": MCHID, "appid": APPID, "out_trade_no": payment_id} | more
    at = int(NOW.timestamp()) - age
    told = ask(address, "notice", id="EV-1", event_type=event, resource=resource, at=at)
    return RawWebhook(told["body"].encode(), {name.lower(): value for name, value in told["headers"].items()})


def test_a_qr_code_is_asked_for_with_our_ids_and_half_an_hour_to_pay(standin: str) -> None:
    request = wanted()
    view = PLUGIN.start(ctx(standin), request)
    assert (view.state, view.amount, view.captured) == (State.REQUIRES_ACTION, PAID, 0)
    assert view.next_action is not None
    assert view.next_action["type"] == "qr"
    assert view.next_action["data"].startswith("weixin://wxpay/bizpayurl")
    placed = ask(standin, "placed", out_trade_no=request.payment_id)
    assert (placed["attach"], placed["notify_url"], placed["amount"]) == (request.order_id, HOOK, {"total": 1250, "currency": "CNY"})
    assert placed["time_expire"].endswith("+08:00")


def test_inside_wechat_the_browser_gets_parameters_with_the_merchants_signature(standin: str) -> None:
    view = PLUGIN.start(ctx(standin, methods=["jsapi"]), wanted("jsapi", data=WeChatData(openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")))
    assert view.next_action is not None
    told = view.next_action["parameters"]
    text = f"{APPID}\n{told['timeStamp']}\n{told['nonceStr']}\n{told['package']}\n"
    MERCHANT.public_key().verify(base64.b64decode(told["paySign"]), text.encode(), PKCS1v15(), SHA256())


def test_a_phones_browser_is_sent_to_wechat_and_back_to_the_shop(standin: str) -> None:
    request = wanted("h5", shopper=Shopper(ip="203.0.113.9"), return_url="https://shop.example/back?order=1")
    view = PLUGIN.start(ctx(standin, methods=["native", "h5"]), request)
    assert view.next_action is not None
    assert view.next_action["url"].endswith("&redirect_url=https%3A%2F%2Fshop.example%2Fback%3Forder%3D1")


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (wanted("jsapi"), ErrorKind.INVALID),
        (wanted("h5"), ErrorKind.INVALID),
        (wanted("app"), ErrorKind.UNSUPPORTED),
        (wanted(amount=Money(980, "JPY")), ErrorKind.INVALID),
    ],
)
def test_what_is_missing_or_not_offered_is_refused_before_anything_is_sent(request_: StartPayment, kind: ErrorKind) -> None:
    nobody = ctx("http://127.0.0.1:9", methods=["native", "jsapi", "h5"])
    assert refused(lambda: PLUGIN.start(nobody, request_)).kind is kind


def test_without_a_public_address_the_operator_is_told_what_to_set(standin: str) -> None:
    error = refused(lambda: PLUGIN.start(ctx(standin, notify_url=""), wanted()))
    assert (error.kind, "PUBLIC_URL" in error.message) == (ErrorKind.CONFIG, True)


def test_what_the_shopper_paid_is_found_by_our_own_id(standin: str) -> None:
    view = paid(standin)
    assert fetched(standin, view) == PaymentView(
        provider_ref=view.provider_ref, state=State.CAPTURED, amount=PAID, authorized=1250, captured=1250
    )


def test_a_trade_that_was_never_placed_is_certainly_unknown(standin: str) -> None:
    assert PLUGIN.fetch(ctx(standin), derived_id("pay", "never"), "", NOW) is None


def test_an_unpaid_trade_waits_for_its_time_and_expires_after(standin: str) -> None:
    view = PLUGIN.start(ctx(standin), wanted())
    assert fetched(standin, view, later=timedelta(minutes=29)).state is State.REQUIRES_ACTION
    assert fetched(standin, view, later=timedelta(hours=2)).state is State.EXPIRED


def test_a_cancelled_trade_is_closed_and_stays_so_when_asked_twice(standin: str) -> None:
    view = PLUGIN.start(ctx(standin), wanted())
    assert [PLUGIN.cancel(ctx(standin), amend(view)).state for _ in range(2)] == [State.CANCELED] * 2
    assert fetched(standin, view).state is State.CANCELED


def test_what_is_paid_cannot_be_cancelled(standin: str) -> None:
    view = paid(standin)
    assert refused(lambda: PLUGIN.cancel(ctx(standin), amend(view))).kind is ErrorKind.CONFLICT
    assert fetched(standin, view).state is State.CAPTURED


def test_refunds_are_made_once_a_key_and_never_beyond_what_was_paid(standin: str) -> None:
    view = paid(standin)
    for _ in range(2):
        assert PLUGIN.refund(ctx(standin), amend(view, 500)).amount == Money(500, "CNY")
    assert refused(lambda: PLUGIN.refund(ctx(standin), amend(view, 751, "op_2"))).kind is ErrorKind.INVALID
    now = fetched(standin, view, amend(view).op_key, amend(view, key="op_2").op_key)
    assert (now.state, now.refunded, len(now.refunds)) == (State.CAPTURED, 500, 1)


def test_a_refund_under_way_is_pending_until_wechat_says_what_became_of_it(standin: str) -> None:
    view = paid(standin)
    ask(standin, "next_refund", status="PROCESSING")
    assert PLUGIN.refund(ctx(standin), amend(view, 500)).state == "pending"
    ask(standin, "next_refund", status="SUCCESS")
    key, seen = amend(view).op_key, []
    for status in ("PROCESSING", "ABNORMAL", "SUCCESS", "CLOSED"):
        ask(standin, "refund", out_refund_no=key, status=status)
        now = fetched(standin, view, key)
        seen.append((now.refunds[0].state, now.refunds[0].reason, now.refunded))
    assert seen == [("pending", "", 0), ("pending", "ABNORMAL", 0), ("succeeded", "", 500), ("failed", "CLOSED", 0)]


def test_a_refund_that_is_given_up_at_once_is_declined(standin: str) -> None:
    view = paid(standin)
    ask(standin, "next_refund", status="CLOSED")
    error = refused(lambda: PLUGIN.refund(ctx(standin), amend(view, 500)))
    ask(standin, "next_refund", status="SUCCESS")
    assert error.kind is ErrorKind.DECLINED


def test_a_config_is_checked_with_the_provider(standin: str) -> None:
    PLUGIN.check_config(ctx(standin))
    wrong = ctx(standin, private_key=private_pem(STRANGER))
    assert refused(lambda: PLUGIN.check_config(wrong)).provider_code == "SIGN_ERROR"
    assert refused(lambda: PLUGIN.check_config(ctx(standin, private_key="-"))).kind is ErrorKind.CONFIG
    assert "no test mode" in refused(lambda: PLUGIN.check_config(ctx("https://api.mch.weixin.qq.com"))).message


def test_an_answer_that_wechat_did_not_sign_is_no_success(standin: str) -> None:
    view = paid(standin)
    strangers = ctx(standin, platform_keys=[{"id": KEY_ID, "pem": public_pem(STRANGER)}])
    assert refused(lambda: PLUGIN.start(strangers, wanted())).kind is ErrorKind.OUTCOME_UNKNOWN
    assert refused(lambda: PLUGIN.fetch(strangers, view.provider_ref, "", NOW)).kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize("fault", ["lose", "error_after", "html", "cut"])
def test_a_lost_answer_is_unknown_sent_once_and_found_afterwards(standin: str, fault: Any) -> None:
    request = wanted()
    with Proxy(standin) as between:
        between.fault = fault
        assert refused(lambda: PLUGIN.start(ctx(between.address), request)).kind is ErrorKind.OUTCOME_UNKNOWN
        assert len(between.changed) == 1
        between.heal()
        found = PLUGIN.fetch(ctx(between.address), request.payment_id, "", NOW)
    assert found is not None
    assert (found.state, found.amount) == (State.REQUIRES_ACTION, PAID)


def test_the_merchant_may_enter_a_platform_certificate_and_the_key_that_follows_it(standin: str) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tenpay.com")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(STRANGER.public_key()).serial_number(0x5157F09E)
    made = builder.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1)).sign(STRANGER, SHA256())
    old = {"id": "5157F09E", "pem": made.public_bytes(Encoding.PEM).decode()}
    both = ctx(standin, platform_keys=[old, *CONFIG["platform_keys"]])
    assert PLUGIN.start(both, wanted()).state is State.REQUIRES_ACTION
    body, at = '{"event_type":"COUPON.USE"}', str(int(NOW.timestamp()))
    signature = base64.b64encode(signed(STRANGER, f"{at}\nn\n{body}\n")).decode()
    told = {"timestamp": at, "nonce": "n", "serial": "5157F09E", "signature": signature}
    assert PLUGIN.webhook(both, RawWebhook(body.encode(), {f"wechatpay-{k}": v for k, v in told.items()})) is None


def test_a_notice_of_a_payment_names_it_and_its_order(standin: str) -> None:
    found = PLUGIN.webhook(ctx("http://127.0.0.1:9"), noticed(standin, "pay_1", attach="ord_1"))
    assert found is not None
    assert (found.event_id, found.payment_id, found.order_id, found.settled) == ("EV-1", "pay_1", "ord_1", True)


def test_a_notice_of_a_refund_finds_its_order_by_the_trade(standin: str) -> None:
    request = wanted()
    view = PLUGIN.start(ctx(standin), request)
    ask(standin, "pay", out_trade_no=view.provider_ref)
    found = PLUGIN.webhook(ctx(standin), noticed(standin, request.payment_id, "REFUND.SUCCESS", out_refund_no="made-in-the-console"))
    assert found is not None
    assert (found.payment_id, found.order_id, found.settled) == (request.payment_id, request.order_id, False)
    assert found.refunds == ("made-in-the-console",), "the trade does not tell of it: it is asked for by its number"


@pytest.mark.parametrize("age", [-301, 301, 2 * 24 * 3600])
def test_a_notice_more_than_five_minutes_from_now_is_refused(standin: str, age: int) -> None:
    notice = noticed(standin, "pay_1", age=age, attach="ord_1")
    assert refused(lambda: PLUGIN.webhook(ctx(standin), notice)).kind is ErrorKind.SIGNATURE


def test_a_notice_that_is_not_wechats_or_not_for_this_merchant_is_refused_without_asking_anybody(standin: str) -> None:
    good, nobody = noticed(standin, "pay_1", attach="ord_1"), ctx("http://127.0.0.1:9")
    forged = [
        RawWebhook(good.body.replace(b"SUCCESS", b"SUCCESs"), good.headers),
        RawWebhook(good.body, {**good.headers, "wechatpay-timestamp": str(int(NOW.timestamp()) - 1)}),
        RawWebhook(good.body, {**good.headers, "wechatpay-serial": "PUB_KEY_ID_0000000000000000"}),
        RawWebhook(good.body, {**good.headers, "wechatpay-signature": "WECHATPAY/SIGNTEST/" + good.headers["wechatpay-signature"]}),
        RawWebhook(good.body, {}),
    ]
    for notice in forged:
        assert refused(lambda n=notice: PLUGIN.webhook(nobody, n)).kind is ErrorKind.SIGNATURE
    another = ctx("http://127.0.0.1:9", apiv3_key="0" * 32)
    assert refused(lambda: PLUGIN.webhook(another, good)).kind is ErrorKind.SIGNATURE
    assert PLUGIN.webhook(ctx("http://127.0.0.1:9", mchid="1900000000"), good) is None


def test_words_and_amounts_that_are_not_known_are_a_breach_of_protocol() -> None:
    trade = {"out_trade_no": "pay_1", "trade_state": "DREAMING", "amount": {"total": 1}}
    refund = {"out_refund_no": "op", "refund_id": "r", "status": "DREAMING", "amount": {"refund": 1}}
    calls: list[Any] = [lambda: payment_of(trade, [], NOW, NOW), lambda: refund_of(refund), lambda: money_of({"total": "12.5"}, "total")]
    calls.append(lambda: payment_of({"out_trade_no": "pay_1", "trade_state": "NOTPAY"}, [], NOW, NOW))
    assert {refused(call).kind for call in calls} == {ErrorKind.PROTOCOL}


def test_no_secret_shows_in_the_context_or_the_config(standin: str) -> None:
    shown = repr(ctx(standin)) + repr(ctx(standin).config) + json.dumps(ctx(standin).config.model_dump(), default=str)
    assert not any(secret in shown for secret in TRIAL.secrets)
