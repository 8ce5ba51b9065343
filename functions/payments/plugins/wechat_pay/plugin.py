"""WeChat Pay (APIv3), for merchants of the Chinese mainland: a QR code, the browser inside WeChat, or a phone's browser."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from functions.payments.plugins.wechat_pay.client import Client, opened, verified
from functions.payments.plugins.wechat_pay.translate import FEES, NOTICES, payment_of, refund_sent, refunded, trade_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import (
    Amend,
    Capability,
    ConfirmationData,
    OperationKind,
    Page,
    PaymentView,
    RefundView,
    StartPayment,
    State,
    WebhookResult,
)
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook

HOST = "api.mch.weixin.qq.com"
TOLERANCE = 300
"""Seconds by which a notice's time may differ from ours (merchant/4013053249). The library itself takes two-day-old ones."""
Method = Literal["native", "jsapi", "h5"]
PAGES: Mapping[str, Page] = {"native": "qr", "h5": "redirect"}
"""Of the browser inside WeChat the shopper's openid is wanted, which no page of ours knows."""
Pem = Annotated[str, StringConstraints(pattern=r"^\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----\n", max_length=4000)]


class PlatformKey(BaseModel):
    """A key that WeChat Pay signs with: its public key, or its platform certificate."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    id: str = Field(pattern=r"^(PUB_KEY_ID_[0-9]{10,60}|[0-9A-F]{8,64})$", description="PUB_KEY_ID_…, or the certificate's serial number")
    pem: Pem = Field(description="with its -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE----- line")


class WeChatConfig(Config):
    mchid: str = Field(pattern=r"^[0-9]{8,10}$", description="the merchant number")
    appid: str = Field(pattern=r"^[a-z0-9]{8,32}$", description="of the official account or mini program bound to the merchant number")
    cert_serial_no: str = Field(pattern=r"^[0-9A-Fa-f]{8,64}$", description="serial number of the merchant's API certificate")
    private_key: SecretStr = Field(max_length=4000, description="of the merchant's API certificate, apiclient_key.pem")
    apiv3_key: Annotated[SecretStr, Field(min_length=32, max_length=32)] = Field(description="decrypts notices; 32 characters")
    platform_keys: list[PlatformKey] = Field(
        min_length=1, max_length=4, description="what WeChat Pay signs with; both the old and the new while it is being changed"
    )
    methods: list[Method] = Field(default=["native"], min_length=1, max_length=3)


class WeChatData(ConfirmationData):
    """Who pays inside WeChat."""

    openid: str = Field(pattern=r"^[0-9A-Za-z_-]{8,128}$", description="the shopper's openid at the app id: for jsapi only")


class WeChatPay:
    manifest = Manifest(
        id="wechat_pay", version="1.0", api=1, kind="payment", name={"en": "WeChat Pay", "zh": "微信支付"}, allowed_hosts=(HOST,), fees=FEES
    )
    config_model = WeChatConfig
    confirmation_model = WeChatData

    def capability(self, config: WeChatConfig | None) -> Capability:
        methods: list[str] = ["native", "jsapi", "h5"] if config is None else [*config.methods]
        return Capability(
            methods=methods, pages={way: page for way, page in PAGES.items() if way in methods},
            currencies=["CNY"], operations=[OperationKind.START, OperationKind.CANCEL, OperationKind.REFUND],
            captures="at_once", native_idempotency=True,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[WeChatConfig]) -> None:
        if ctx.mode == "test" and ctx.base_url == f"https://{HOST}":
            raise PluginError(ErrorKind.CONFIG, "WeChat Pay has no test mode: install it live, and pay a small amount")
        _notify_url(ctx)
        _client(ctx).trade("pay_config_check")

    def start(self, ctx: Ctx[WeChatConfig], request: StartPayment) -> PaymentView:
        way = request.method or ctx.config.methods[0]
        if way not in ctx.config.methods:
            raise PluginError(ErrorKind.UNSUPPORTED, f"this installation does not offer {way}")
        trade, client = trade_of(request, _notify_url(ctx), ctx.now) | _payer(way, request), _client(ctx)
        placed = client.place(way, trade)
        action = _action(ctx, client, way, placed, request.return_url)
        # What is placed is not told again: the amount is held to the trade's when the payment is fetched.
        return PaymentView(provider_ref=request.payment_id, state=State.REQUIRES_ACTION, amount=request.amount, next_action=action)

    def confirm(self, ctx: Ctx[WeChatConfig], request: Amend, data: WeChatData) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "the shopper confirms in WeChat")

    def capture(self, ctx: Ctx[WeChatConfig], request: Amend) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "WeChat Pay takes the money at once")

    def cancel(self, ctx: Ctx[WeChatConfig], request: Amend) -> PaymentView:
        _client(ctx).close(request.provider_ref)
        return PaymentView(provider_ref=request.provider_ref, state=State.CANCELED, amount=request.paid)

    def refund(self, ctx: Ctx[WeChatConfig], request: Amend) -> RefundView:
        return refunded(_client(ctx).refund(refund_sent(request, _notify_url(ctx))))

    def fetch(
        self, ctx: Ctx[WeChatConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        client = _client(ctx)
        trade = client.trade(provider_ref or payment_id)
        if trade is None:
            return None
        found = [refund for key in refunds if (refund := client.refund_of(key)) is not None]
        ours = [refund for refund in found if refund.get("out_trade_no", trade["out_trade_no"]) == trade["out_trade_no"]]
        return payment_of(trade, ours, since, ctx.now)

    def webhook(self, ctx: Ctx[WeChatConfig], raw: RawWebhook) -> WebhookResult | None:
        body, config = raw.body.decode(errors="replace"), ctx.config
        if not verified(raw.headers, body, _keys(config)):
            raise PluginError(ErrorKind.SIGNATURE, "the signature is not WeChat Pay's for this installation")
        if abs(ctx.now.timestamp() - int(raw.headers["wechatpay-timestamp"])) > TOLERANCE:
            raise PluginError(ErrorKind.SIGNATURE, "the notice's time is more than five minutes from ours")
        notice = json.loads(body)
        if notice["event_type"] not in NOTICES:
            return None
        told = opened(notice, config.apiv3_key.get_secret_value())
        return self._named(ctx, notice, told) if told["mchid"] == config.mchid else None

    def _named(self, ctx: Ctx[WeChatConfig], notice: Mapping[str, Any], told: Mapping[str, Any]) -> WebhookResult | None:
        """Whose payment a verified notice tells of; a refund's does not say whose order it is, so its trade is asked for."""
        payment_id, paid = told["out_trade_no"], notice["event_type"] == "TRANSACTION.SUCCESS"
        if not payment_id.startswith("pay_"):
            return None
        trade = told if paid else _client(ctx).trade(payment_id)
        order_id = (trade or {}).get("attach")
        refunds = (told["out_refund_no"],) if told.get("out_refund_no") else ()
        return WebhookResult(notice["id"], payment_id, order_id, settled=paid, refunds=refunds) if order_id else None


def _client(ctx: Ctx[WeChatConfig]) -> Client:
    config = ctx.config
    return Client(
        mchid=config.mchid, appid=config.appid, serial=config.cert_serial_no, private_key=config.private_key.get_secret_value(),
        apiv3_key=config.apiv3_key.get_secret_value(), keys=_keys(config), base_url=ctx.base_url, seconds=ctx.seconds,
    )  # fmt: skip


def _keys(config: WeChatConfig) -> list[tuple[str, str]]:
    return [(key.id, key.pem) for key in config.platform_keys]


def _notify_url(ctx: Ctx[WeChatConfig]) -> str:
    """Raises PluginError (config): WeChat Pay takes no payment without an address for its notices."""
    if not ctx.notify_url:
        raise PluginError(ErrorKind.CONFIG, "WeChat Pay needs the hub's public address: its operator must set PUBLIC_URL")
    return ctx.notify_url


def _payer(way: str, request: StartPayment) -> dict[str, Any]:
    """What the way to pay asks to be told of who pays. Raises PluginError (invalid) where it is missing."""
    if way == "jsapi":
        if not isinstance(request.data, WeChatData):
            raise PluginError(ErrorKind.INVALID, "paying inside WeChat needs the shopper's openid in data")
        return {"payer": {"openid": request.data.openid}}
    if way == "h5":
        if not request.shopper.ip:
            raise PluginError(ErrorKind.INVALID, "paying in a phone's browser needs the shopper's IP address")
        return {"scene_info": {"payer_client_ip": request.shopper.ip, "h5_info": {"type": "Wap"}}}
    return {}


def _action(ctx: Ctx[WeChatConfig], client: Client, way: str, placed: Mapping[str, Any], back: str | None) -> Mapping[str, Any]:
    """What the shopper's side does next (merchant/4012791877 Native, 4012791898 JSAPI, 4012791834 H5)."""
    if way == "native":
        return {"type": "qr", "data": placed["code_url"]}
    if way == "h5":
        return {"type": "redirect", "url": placed["h5_url"] + (f"&redirect_url={quote(back, safe='')}" if back else "")}
    package, at = f"prepay_id={placed['prepay_id']}", str(int(ctx.now.timestamp()))
    nonce = secrets.token_hex(16)
    parameters = {"appId": ctx.config.appid, "timeStamp": at, "nonceStr": nonce, "package": package, "signType": "RSA"}
    return {"type": "wechat_jsapi", "parameters": parameters | {"paySign": client.signed([ctx.config.appid, at, nonce, package])}}
