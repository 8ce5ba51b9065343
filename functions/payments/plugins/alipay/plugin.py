"""Alipay, for merchants of the Chinese mainland: its page on a computer, its page on a phone, or a QR code."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from pydantic import Field, SecretStr

from functions.payments.plugins.alipay.client import Client
from functions.payments.plugins.alipay.translate import (
    AHEAD,
    FEES,
    METHODS,
    MOST,
    REPEATED,
    fen_of,
    moment,
    order_of,
    payment_of,
    reference,
    refund_of,
    trade_of,
    unopened,
    yuan,
)
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

HOST, SANDBOX = "openapi.alipay.com", "openapi-sandbox.dl.alipaydev.com"
Method = Literal["page", "wap", "precreate"]
PAGES: Mapping[str, Page] = {"page": "redirect", "wap": "redirect", "precreate": "qr"}
NOT_EXIST = "ACQ.TRADE_NOT_EXIST"


class AlipayConfig(Config):
    app_id: str = Field(pattern=r"^[0-9]{16,32}$")
    seller_id: str = Field(pattern=r"^2088[0-9]{12}$", description="the merchant's Alipay id (PID)")
    private_key: SecretStr = Field(max_length=4000, description="the app's RSA2 private key, as Alipay's key tool gives it")
    alipay_public_key: str = Field(min_length=200, max_length=2000, description="Alipay's public key for this app, from its console")
    methods: list[Method] = Field(default=["page"], min_length=1, max_length=3)


class Alipay:
    manifest = Manifest(
        id="alipay",
        version="1.0",
        api=1,
        kind="payment",
        name={"en": "Alipay", "zh": "支付宝"},
        allowed_hosts=(HOST, SANDBOX),
        fees=FEES,
        acknowledgement="success",
    )
    config_model = AlipayConfig
    confirmation_model = ConfirmationData

    def capability(self, config: AlipayConfig | None) -> Capability:
        methods: list[str] = [*METHODS] if config is None else [*config.methods]
        return Capability(
            methods=methods, pages={way: page for way, page in PAGES.items() if way in methods},
            currencies=["CNY"], max_amount=MOST, captures="at_once", native_idempotency=True,
            operations=[OperationKind.START, OperationKind.CANCEL, OperationKind.REFUND],
        )  # fmt: skip

    def check_config(self, ctx: Ctx[AlipayConfig]) -> None:
        _notify_url(ctx)
        _trade(_client(ctx), "pay_config_check")

    def start(self, ctx: Ctx[AlipayConfig], request: StartPayment) -> PaymentView:
        """For page and wap this only signs a link, so its outcome is never unknown."""
        way = request.method or ctx.config.methods[0]
        if way not in ctx.config.methods:
            raise PluginError(ErrorKind.UNSUPPORTED, f"this installation does not offer {way}")
        trade, addresses, client = trade_of(way, request, ctx.now), {"notify_url": _notify_url(ctx)}, _client(ctx)
        if way == "precreate":
            action = {"type": "qr", "data": client.ask(METHODS[way], trade, changes=True, **addresses)["qr_code"]}
        else:
            back = {"return_url": request.return_url} if request.return_url else {}
            action = {"type": "redirect", "url": client.link(METHODS[way], trade, **addresses, **back)}
        # Alipay tells no amount yet: it is held to the trade's when the payment is fetched.
        ref = reference(request.payment_id, request.amount.amount)
        return PaymentView(provider_ref=ref, state=State.REQUIRES_ACTION, amount=request.amount, next_action=action)

    def confirm(self, ctx: Ctx[AlipayConfig], request: Amend, data: ConfirmationData) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "the shopper confirms at Alipay")

    def capture(self, ctx: Ctx[AlipayConfig], request: Amend) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "Alipay takes the money at once")

    def cancel(self, ctx: Ctx[AlipayConfig], request: Amend) -> PaymentView:
        """Close the trade. A link that nobody has opened cannot be withdrawn, and lives for half an hour more: it is given up all the
        same, or the shopper could not choose another way to pay; money that comes by it is told by a notice, and pays nothing twice.
        """
        try:
            _client(ctx).ask("alipay.trade.close", {"out_trade_no": request.payment_id}, changes=True)
        except PluginError as error:
            if error.provider_code != NOT_EXIST:
                raise
        return PaymentView(provider_ref=request.provider_ref, state=State.CANCELED, amount=request.paid)

    def refund(self, ctx: Ctx[AlipayConfig], request: Amend) -> RefundView:
        """Alipay answers with the trade's total of refunds, and whether this request moved money; if not, what it did is asked."""
        client = _client(ctx)
        wanted = {
            "out_trade_no": request.payment_id, "out_request_no": request.op_key, "refund_amount": yuan(request.amount.amount)
        }  # fmt: skip
        told = client.ask("alipay.trade.refund", wanted, changes=True)
        if told.get("fund_change") == "Y" and fen_of(told.get("refund_fee", "")) >= request.amount.amount:
            return RefundView(request.op_key, request.amount, provider_ref=request.op_key)
        made = _refund(client, request.payment_id, request.op_key)
        if made is None:
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "Alipay took the refund, and has not made it yet.", "fund_change")
        return made

    def fetch(
        self, ctx: Ctx[AlipayConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        """None for a trade that Alipay does not know and whose link was never handed out, for then nobody can open it."""
        client = _client(ctx)
        trade = _trade(client, payment_id)
        if trade is None:
            return unopened(provider_ref, since, ctx.now) if provider_ref else None
        return payment_of(trade, [made for key in refunds if (made := _refund(client, payment_id, key))])

    def webhook(self, ctx: Ctx[AlipayConfig], raw: RawWebhook) -> WebhookResult | None:
        form = dict(parse_qsl(raw.body.decode(errors="replace"), keep_blank_values=True, max_num_fields=100))
        if not _client(ctx).verified(form):
            raise PluginError(ErrorKind.SIGNATURE, "the signature is not Alipay's for this installation")
        if (form.get("app_id"), form.get("seller_id")) != (ctx.config.app_id, ctx.config.seller_id):
            raise PluginError(ErrorKind.SIGNATURE, "the notice is for another app or merchant")
        if not -AHEAD <= ctx.now - moment(form["notify_time"]) <= REPEATED:
            raise PluginError(ErrorKind.SIGNATURE, "the notice is older than Alipay repeats any, or from the future")
        if form.get("notify_type") != "trade_status_sync" or not form.get("passback_params"):
            return None
        settled = form.get("trade_status") == "TRADE_SUCCESS" and "gmt_refund" not in form
        refunds = (form["out_biz_no"],) if "gmt_refund" in form and form.get("out_biz_no") else ()
        return WebhookResult(
            form["notify_id"], form["out_trade_no"], order_of(form["passback_params"]), settled=settled, refunds=refunds
        )  # fmt: skip


def _client(ctx: Ctx[AlipayConfig]) -> Client:
    config, base = ctx.config, ctx.base_url
    if ctx.mode == "test" and base == f"https://{HOST}":
        base = f"https://{SANDBOX}"
    return Client(
        app_id=config.app_id, private_key=config.private_key.get_secret_value(), alipay_public_key=config.alipay_public_key,
        base_url=base, seconds=ctx.seconds, now=ctx.now,
    )  # fmt: skip


def _notify_url(ctx: Ctx[AlipayConfig]) -> str:
    """Raises PluginError (config): without notices nobody would hear of money that comes by a link that was given up."""
    if not ctx.notify_url:
        raise PluginError(ErrorKind.CONFIG, "Alipay needs the hub's public address: its operator must set PUBLIC_URL")
    return ctx.notify_url


def _trade(client: Client, payment_id: str) -> Mapping[str, Any] | None:
    """The trade; None if nobody has opened it yet."""
    return _known(client, "alipay.trade.query", {"out_trade_no": payment_id})


def _refund(client: Client, payment_id: str, op_key: str) -> RefundView | None:
    """The refund; None if it was not made."""
    content = {"out_trade_no": payment_id, "out_request_no": op_key}
    return refund_of(_known(client, "alipay.trade.fastpay.refund.query", content) or {})


def _known(client: Client, method: str, content: Mapping[str, str]) -> Mapping[str, Any] | None:
    try:
        return client.ask(method, content, changes=False)
    except PluginError as error:
        if error.provider_code == NOT_EXIST:
            return None
        raise
