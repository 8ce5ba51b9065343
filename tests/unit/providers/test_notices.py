"""A notice that is signed and says nonsense is the notice's fault, of whichever plug-in, and never ours."""

import base64
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conformance.nonsense import PARTS, nonsense
from functions.payments.plugins.adyen import trial as adyen
from functions.payments.plugins.adyen.plugin import Adyen
from functions.payments.plugins.alipay import trial as alipay
from functions.payments.plugins.alipay.plugin import Alipay
from functions.payments.plugins.paypal import trial as paypal
from functions.payments.plugins.paypal.plugin import PayPal
from functions.payments.plugins.stripe import trial as stripe
from functions.payments.plugins.stripe.plugin import Stripe
from functions.payments.plugins.wechat_pay import trial as wechat_pay
from functions.payments.plugins.wechat_pay.plugin import WeChatPay
from functions.payments.reconciliation.provider_webhooks import NAMES, read_payment_notice
from functions.settlement.plugins.stripe_payouts import trial as stripe_payouts
from functions.settlement.plugins.stripe_payouts.plugin import StripePayouts
from functions.shipping.plugins.easypost import trial as easypost
from functions.shipping.plugins.easypost.plugin import EasyPost
from functions.shipping.plugins.sf_express import trial as sf_express
from functions.shipping.plugins.sf_express.plugin import SFExpress
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import WebhookResult
from monsoon_plugin.plugin import Ctx, RawWebhook
from monsoon_plugin.testing import About
from shared.errors import Problem, Unavailable
from shared.providers.notices import LONGEST_NAME, NoticeNotUnderstood, NoticeRefused, read_notice

NOW = datetime.now(UTC)
NOWHERE = "http://127.0.0.1:9"
PAYMENTS = {"stripe": (Stripe(), stripe), "paypal": (PayPal(), paypal), "adyen": (Adyen(), adyen), "wechat_pay": (WeChatPay(), wechat_pay),
            "alipay": (Alipay(), alipay)}  # fmt: skip
OTHERS = {"easypost": (EasyPost(), easypost), "sf_express": (SFExpress(), sf_express),
          "stripe_payouts": (StripePayouts(), stripe_payouts)}  # fmt: skip


def context(plugin: Any, trial: Any) -> Ctx[Any]:
    config = plugin.config_model.model_validate(trial.config)
    return Ctx(
        config=config, base_url=NOWHERE, deadline=NOW + timedelta(seconds=1), now=NOW, notify_url="https://hub.example/n", local=True
    )


def about(trial: Any) -> About:
    return About(config=trial.config, payment_id="pay_01", order_id="ord_01", provider_ref="x", amount=Money(1250, "EUR"), event_id="evt",
                 at=NOW)  # fmt: skip


def answer_to(plugin: Any, trial: Any, raw: RawWebhook) -> int:
    """The status that the notice gets; a provider that has to be asked is not there. What is no Problem would be a 500."""
    ctx = context(plugin, trial)
    try:
        read_payment_notice(plugin, ctx, raw) if plugin.manifest.kind == "payment" else read_notice(lambda: plugin.webhook(ctx, raw))
    except Problem as problem:
        return 200 if isinstance(problem, Unavailable) and "answer" in problem.detail else problem.status
    return 200


def notices(trial: Any) -> Iterator[RawWebhook]:
    sign = trial.signed
    payment = hasattr(trial, "charges")
    real = trial.notice(about(trial)) if payment else trial.notice(trial.config, "track_or_batch", "evt", NOW)
    return (sign(trial.config, body, NOW) for body in nonsense(real.body))


@pytest.mark.parametrize("name", [*PAYMENTS, *OTHERS])
def test_a_signed_notice_of_nonsense_is_refused_or_acknowledged_and_never_a_fault_of_ours(name: str) -> None:
    plugin, module = (PAYMENTS | OTHERS)[name]
    answers = {answer_to(plugin, module.TRIAL, raw) for raw in notices(module.TRIAL)}
    assert answers <= {200, 400, 401}
    assert 400 in answers or 401 in answers


@pytest.mark.parametrize("part", PARTS)
def test_nonsense_that_wechat_pay_has_encrypted_is_no_fault_of_ours_either(part: Any) -> None:
    told = {"mchid": wechat_pay.MCHID, "out_trade_no": "pay_1", "attach": "ord_1"}
    for plain in (part, *({**told, name: part} for name in told)):
        nonce = secrets.token_hex(6)
        sealed = AESGCM(wechat_pay.APIV3_KEY.encode()).encrypt(nonce.encode(), json.dumps(plain).encode(), b"")
        resource = {"nonce": nonce, "associated_data": "", "ciphertext": base64.b64encode(sealed).decode()}
        body = json.dumps({"id": "evt_1", "event_type": "TRANSACTION.SUCCESS", "resource": resource}).encode()
        assert answer_to(WeChatPay(), wechat_pay.TRIAL, wechat_pay.signed_notice(wechat_pay.CONFIG, body, NOW)) in (200, 400)


@pytest.mark.parametrize("field", ["app_id", "seller_id", "notify_time", "notify_type", "notify_id", "out_trade_no", "passback_params"])
def test_a_form_of_alipays_that_lacks_a_field_or_holds_another_is_no_fault_of_ours(field: str) -> None:
    form = {"app_id": alipay.APP_ID, "seller_id": alipay.SELLER_ID, "notify_time": f"{NOW:%F %T}", "notify_type": "trade_status_sync",
            "notify_id": "1", "out_trade_no": "pay_1", "passback_params": "ord_1", "trade_status": "TRADE_SUCCESS"}  # fmt: skip
    lacking = {name: value for name, value in form.items() if name != field}
    for told in (lacking, form | {field: ""}, form | {field: "null"}, form | {field: "x" * 5_000}):
        assert answer_to(Alipay(), alipay.TRIAL, alipay.signed_form(told)) in (200, 400, 401)


@pytest.mark.parametrize("kind", ErrorKind)
def test_what_a_plug_in_says_of_a_notice_has_one_answer(kind: ErrorKind) -> None:
    def refuses() -> None:
        raise PluginError(kind, "says why")

    with pytest.raises((NoticeRefused, NoticeNotUnderstood, Unavailable)) as caught:
        read_notice(refuses)
    asked = {
        ErrorKind.UNAVAILABLE,
        ErrorKind.RATE_LIMITED,
        ErrorKind.OUTCOME_UNKNOWN,
        ErrorKind.CONFIG,
        ErrorKind.DECLINED,
        ErrorKind.CONFLICT,
    }
    assert (caught.value.status == 503) is (kind in asked)


@pytest.mark.parametrize("name", ["", "x" * (LONGEST_NAME + 1), "\ud800", None, 7, []])
def test_an_id_that_can_be_part_of_no_key_is_not_understood(name: Any) -> None:
    for told in (WebhookResult(name, "pay", "ord"), WebhookResult("evt", name, "ord"), WebhookResult("evt", "pay", name)):
        with pytest.raises(NoticeNotUnderstood):
            read_notice(lambda told=told: told, *NAMES)  # type: ignore[misc]
