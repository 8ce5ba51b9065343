"""Alipay's plug-in against a server around alipay-sdk, Alipay's own library for Node, which verifies and signs everything."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from conformance.proxy import Proxy
from conformance.standins.keys import private_pem, public_pem
from conformance.standins.node import ask
from functions.payments.plugins.alipay.plugin import Alipay, AlipayConfig
from functions.payments.plugins.alipay.translate import fen_of, payment_of, refund_of, yuan
from functions.payments.plugins.alipay.trial import CONFIG, STRANGER, TRIAL, bare, changes, start
from monsoon_plugin.clock import utc_now
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, StartPayment, State
from monsoon_plugin.plugin import Ctx, RawWebhook
from shared.ids import derived_id

PLUGIN, NOW = Alipay(), utc_now()
HOOK = "https://hub.example/v1/hooks/payments/ins_1"
NOBODY = "http://127.0.0.1:9"
PAID, number = Money(1250, "CNY"), count()


@pytest.fixture(scope="module")
def standin() -> Iterator[str]:
    with start() as address:
        yield address


def ctx(address: str, *, notify_url: str = HOOK, mode: Any = "live", **changed: Any) -> Ctx[AlipayConfig]:
    return Ctx(
        config=AlipayConfig.model_validate({**CONFIG, **changed}),
        base_url=address,
        deadline=NOW + timedelta(seconds=3),
        now=NOW,
        mode=mode,
        notify_url=notify_url,
        local=True,
    )


def wanted(method: str = "precreate", amount: Money = PAID, **more: Any) -> StartPayment:
    name = str(next(number))
    ids = {"payment_id": derived_id("pay", name), "order_id": derived_id("ord", name), "op_key": derived_id("op", name)}
    return StartPayment(tenant="acc#sf", amount=amount, method=method, **ids, **more)


def paid(address: str, amount: Money = PAID) -> tuple[str, PaymentView]:
    request = wanted(amount=amount)
    view = PLUGIN.start(ctx(address), request)
    ask(address, "pay", out_trade_no=request.payment_id)
    return request.payment_id, view


def amend(payment_id: str, view: PaymentView, amount: int = 1250, key: str = "op_1") -> Amend:
    return Amend(payment_id=payment_id, provider_ref=view.provider_ref, op_key=key, amount=Money(amount, "CNY"), paid=view.amount)


def fetched(address: str, payment_id: str, *refunds: str) -> PaymentView:
    found = PLUGIN.fetch(ctx(address), payment_id, "", NOW, refunds)
    assert found is not None
    return found


def refused(call: Any) -> PluginError:
    with pytest.raises(PluginError) as error:
        call()
    return error.value


def noticed(address: str, age: timedelta = timedelta(), **more: str) -> RawWebhook:
    told = {"out_trade_no": "pay_1", "order_id": "ord_1", "total_amount": "12.50", "trade_status": "TRADE_SUCCESS"} | more
    return RawWebhook(ask(address, "notice", id="ntf_1", at=int((NOW - age).timestamp()), **told)["body"].encode(), {})


@pytest.mark.parametrize("method", ["page", "wap"])
def test_a_link_is_signed_without_asking_alipay_and_opens_its_page(standin: str, method: str) -> None:
    request = wanted(method, return_url="https://shop.example/back?a=1&b=2", description="Tea & cups = 2/3 茶")
    with Proxy(standin) as between:
        view = PLUGIN.start(ctx(between.address), request)
        assert (view.state, view.amount, between.sent) == (State.REQUIRES_ACTION, PAID, [])
    assert view.next_action is not None
    url = view.next_action["url"].replace(between.address, standin)
    assert parse_qs(urlsplit(url).query)["return_url"] == [request.return_url]
    with urlopen(url) as page:
        assert "支付宝收银台" in page.read().decode()
    assert fetched(standin, request.payment_id).state is State.REQUIRES_ACTION


def test_a_qr_code_is_asked_for_with_our_ids_and_half_an_hour_to_pay(standin: str) -> None:
    request = wanted()
    view = PLUGIN.start(ctx(standin), request)
    assert view.next_action is not None
    assert (view.next_action["type"], view.state) == ("qr", State.REQUIRES_ACTION)
    placed = ask(standin, "prepared", out_trade_no=request.payment_id)
    assert (placed["total_amount"], placed["passback_params"]) == ("12.50", request.order_id)


@pytest.mark.parametrize(
    ("request_", "kind"), [(wanted("app"), ErrorKind.UNSUPPORTED), (wanted(amount=Money(980, "JPY")), ErrorKind.INVALID)]
)
def test_what_is_not_offered_is_refused_before_anything_is_sent(request_: StartPayment, kind: ErrorKind) -> None:
    assert refused(lambda: PLUGIN.start(ctx(NOBODY), request_)).kind is kind


def test_without_a_public_address_the_operator_is_told_what_to_set() -> None:
    error = refused(lambda: PLUGIN.start(ctx(NOBODY, notify_url=""), wanted("page")))
    assert (error.kind, "PUBLIC_URL" in error.message) == (ErrorKind.CONFIG, True)


def test_a_payment_that_nobody_has_opened_is_not_dead_while_its_link_lives_and_expires_after(standin: str) -> None:
    request = wanted("page")
    ref = PLUGIN.start(ctx(standin), request).provider_ref
    states = []
    for ago in (timedelta(minutes=29), timedelta(hours=2)):
        found = PLUGIN.fetch(ctx(standin), request.payment_id, ref, NOW - ago)
        assert found is not None
        assert (found.amount, found.provider_ref) == (PAID, ref)
        states.append(found.state)
    assert states == [State.REQUIRES_ACTION, State.EXPIRED]


def test_a_payment_whose_link_was_never_handed_out_is_certainly_unknown(standin: str) -> None:
    assert PLUGIN.fetch(ctx(standin), derived_id("pay", "never"), "", NOW) is None


def test_what_the_shopper_paid_is_found_by_our_own_id(standin: str) -> None:
    payment_id, view = paid(standin)
    assert fetched(standin, payment_id) == PaymentView(
        provider_ref=view.provider_ref, state=State.CAPTURED, amount=PAID, authorized=1250, captured=1250
    )


def test_an_opened_trade_is_closed_when_cancelled_and_a_paid_one_is_not(standin: str) -> None:
    request = wanted()
    view = PLUGIN.start(ctx(standin), request)
    ask(standin, "open", out_trade_no=request.payment_id)
    assert PLUGIN.cancel(ctx(standin), amend(request.payment_id, view)).state is State.CANCELED
    assert fetched(standin, request.payment_id).state is State.CANCELED
    payment_id, view = paid(standin)
    assert refused(lambda: PLUGIN.cancel(ctx(standin), amend(payment_id, view))).kind is ErrorKind.CONFLICT


def test_money_that_comes_by_a_link_that_was_given_up_is_told(standin: str) -> None:
    request = wanted()
    view = PLUGIN.start(ctx(standin), request)
    assert PLUGIN.cancel(ctx(standin), amend(request.payment_id, view)).state is State.CANCELED
    ask(standin, "pay", out_trade_no=request.payment_id)
    assert fetched(standin, request.payment_id).captured == 1250


def test_refunds_are_made_once_a_key_and_never_beyond_what_was_paid(standin: str) -> None:
    payment_id, view = paid(standin)
    for _ in range(2):
        assert PLUGIN.refund(ctx(standin), amend(payment_id, view, 500)).amount == Money(500, "CNY")
    assert refused(lambda: PLUGIN.refund(ctx(standin), amend(payment_id, view, 751, "op_2"))).kind is ErrorKind.INVALID
    assert refused(lambda: PLUGIN.refund(ctx(standin), amend(payment_id, view, 499))).kind is ErrorKind.PROTOCOL
    now = fetched(standin, payment_id, "op_1", "op_2")
    assert (now.state, now.refunded, [refund.op_key for refund in now.refunds]) == (State.CAPTURED, 500, ["op_1"])


def test_a_payment_that_was_wholly_refunded_is_still_one_that_was_paid(standin: str) -> None:
    payment_id, view = paid(standin)
    PLUGIN.refund(ctx(standin), amend(payment_id, view))
    now = fetched(standin, payment_id, "op_1")
    assert (now.state, now.captured, now.refunded) == (State.CAPTURED, 1250, 1250)


def test_a_refund_that_moved_no_money_yet_is_unknown(standin: str) -> None:
    payment_id, view = paid(standin)
    ask(standin, "next_refund", fund_change="N")
    error = refused(lambda: PLUGIN.refund(ctx(standin), amend(payment_id, view, 500)))
    ask(standin, "next_refund", fund_change="Y")
    assert (error.kind, fetched(standin, payment_id, "op_1").refunded) == (ErrorKind.OUTCOME_UNKNOWN, 0)


@pytest.mark.parametrize("fault", ["lose", "error_after", "html", "cut"])
def test_a_refund_whose_answer_is_lost_is_sent_once_and_found_afterwards(standin: str, fault: Any) -> None:
    payment_id, view = paid(standin)
    with Proxy(standin, changes) as between:
        between.fault = fault
        assert refused(lambda: PLUGIN.refund(ctx(between.address), amend(payment_id, view, 500))).kind is ErrorKind.OUTCOME_UNKNOWN
        assert len(between.changed) == 1
    assert fetched(standin, payment_id, "op_1").refunded == 500


def test_a_config_is_checked_with_the_provider(standin: str) -> None:
    PLUGIN.check_config(ctx(standin))
    PLUGIN.check_config(ctx(standin, private_key=private_pem_of_config()))
    for wrong in (bare(private_pem(STRANGER)), "A" * 400):
        assert refused(lambda w=wrong: PLUGIN.check_config(ctx(standin, private_key=w))).kind is ErrorKind.CONFIG
    assert refused(lambda: PLUGIN.check_config(ctx(standin, app_id="2021000000000000"))).provider_code == "isv.invalid-app-id"


def private_pem_of_config() -> str:
    return f"-----BEGIN PRIVATE KEY-----\n{CONFIG['private_key']}\n-----END PRIVATE KEY-----"


def test_an_answer_that_alipay_did_not_sign_is_no_success(standin: str) -> None:
    payment_id, _ = paid(standin)
    strangers = ctx(standin, alipay_public_key=public_pem(STRANGER))
    assert refused(lambda: PLUGIN.start(strangers, wanted())).kind is ErrorKind.OUTCOME_UNKNOWN
    assert refused(lambda: PLUGIN.fetch(strangers, payment_id, "", NOW)).kind is ErrorKind.PROTOCOL


def test_neither_success_nor_the_word_that_a_trade_is_unknown_is_believed_unsigned(standin: str) -> None:
    ask(standin, "sign", on=False)
    kinds = [refused(lambda: PLUGIN.start(ctx(standin), wanted())).kind]
    kinds.append(refused(lambda: PLUGIN.fetch(ctx(standin), derived_id("pay", "never"), "", NOW)).kind)
    ask(standin, "sign", on=True)
    assert kinds == [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.UNAVAILABLE]


def test_alipays_own_library_and_ours_see_the_same_trade(standin: str) -> None:
    payment_id, _ = paid(standin)
    told = ask(standin, "by_sdk", method="alipay.trade.query", content={"out_trade_no": payment_id})
    assert (told["code"], told["trade_status"], fen_of(told["total_amount"])) == ("10000", "TRADE_SUCCESS", 1250)


def test_the_sandbox_is_asked_in_test_mode() -> None:
    sandbox = PLUGIN.start(ctx("https://openapi.alipay.com", mode="test"), wanted("page"))
    live = PLUGIN.start(ctx("https://openapi.alipay.com"), wanted("page"))
    hosts = [urlsplit(view.next_action["url"]).hostname for view in (sandbox, live) if view.next_action]
    assert hosts == ["openapi-sandbox.dl.alipaydev.com", "openapi.alipay.com"]


@pytest.mark.parametrize("age", [timedelta(), timedelta(hours=25), timedelta(minutes=-4)])
def test_a_notice_names_the_payment_and_its_order_as_long_as_alipay_repeats_it(standin: str, age: timedelta) -> None:
    found = PLUGIN.webhook(ctx(NOBODY), noticed(standin, age))
    assert found is not None
    assert (found.event_id, found.payment_id, found.order_id, found.settled) == ("ntf_1", "pay_1", "ord_1", True)


def test_a_notice_of_a_refund_settles_nothing_by_itself(standin: str) -> None:
    told = {"gmt_refund": "2026-11-23 10:00:00.123", "refund_fee": "5.00", "out_biz_no": "made-in-the-console"}
    found = PLUGIN.webhook(ctx(NOBODY), noticed(standin, **told))
    assert found is not None
    assert found.refunds == ("made-in-the-console",), "the trade does not tell of it: it is asked for by its number"
    assert found is not None
    assert not found.settled


@pytest.mark.parametrize("age", [timedelta(minutes=-6), timedelta(hours=26)])
def test_a_notice_from_the_future_or_older_than_alipay_repeats_any_is_refused(standin: str, age: timedelta) -> None:
    notice = noticed(standin, age)
    assert refused(lambda: PLUGIN.webhook(ctx(NOBODY), notice)).kind is ErrorKind.SIGNATURE


def test_a_notice_that_is_not_alipays_or_not_for_this_merchant_is_refused(standin: str) -> None:
    good = noticed(standin).body
    for body in (good.replace(b"12.50", b"12.51"), good.replace(b"RSA2", b"RSA"), good.replace(b"sign=", b"sign=A"), b"", b"a=\xff&sign=x"):
        assert refused(lambda b=body: PLUGIN.webhook(ctx(NOBODY), RawWebhook(b, {}))).kind is ErrorKind.SIGNATURE
    for changed in ({"app_id": "2021000000000000"}, {"seller_id": "2088000000000000"}):
        assert refused(lambda c=changed: PLUGIN.webhook(ctx(NOBODY, **c), RawWebhook(good, {}))).kind is ErrorKind.SIGNATURE


def test_words_and_amounts_that_are_not_known_are_a_breach_of_protocol() -> None:
    trade = {"out_trade_no": "pay_1", "trade_status": "DREAMING", "total_amount": "1.00"}
    refund = {"out_request_no": "op", "refund_amount": "1.00", "refund_status": "DREAMING"}
    calls: list[Any] = [
        lambda: payment_of(trade),
        lambda: refund_of(refund),
        lambda: payment_of(trade | {"trade_status": "TRADE_CLOSED", "total_amount": "12.505"}),
    ]
    assert {refused(call).kind for call in calls} == {ErrorKind.PROTOCOL}
    assert all(refused(lambda t=text: fen_of(t)).kind is ErrorKind.PROTOCOL for text in ("12.505", "NaN", "Infinity", "", None, "1e"))


@pytest.mark.parametrize(("fen", "text"), [(1, "0.01"), (1250, "12.50"), (10_000_000_000, "100000000.00")])
def test_fen_are_written_as_yuan_and_read_back(fen: int, text: str) -> None:
    assert (yuan(fen), fen_of(text)) == (text, fen)


def test_no_secret_shows_in_the_context_the_config_or_the_link() -> None:
    view = PLUGIN.start(ctx(NOBODY), wanted("page"))
    shown = repr(ctx(NOBODY)) + repr(ctx(NOBODY).config) + str(view.next_action)
    assert not any(secret in shown for secret in TRIAL.secrets)
