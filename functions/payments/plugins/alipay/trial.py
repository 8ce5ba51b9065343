"""Alipay, tried against a Node server around alipay-sdk, Alipay's own library, with keys made for the occasion."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from conformance.standins.keys import made, private_pem, public_pem, signed
from conformance.standins.node import ask, serving
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial, Sent

APP_ID, SELLER_ID = "2021000122671234", "2088102146225135"
MERCHANT, ALIPAY, STRANGER = made(), made(), made()
CHANGES = frozenset({"alipay.trade.precreate", "alipay.trade.close", "alipay.trade.refund"})


def bare(pem: str) -> str:
    """As Alipay's console and key tool give keys: base64 in one line."""
    return "".join(pem.splitlines()[1:-1])


CONFIG: Mapping[str, Any] = {
    "app_id": APP_ID, "seller_id": SELLER_ID, "private_key": bare(private_pem(MERCHANT)),
    "alipay_public_key": bare(public_pem(ALIPAY)), "methods": ["precreate", "page", "wap"],
}  # fmt: skip


def start() -> Any:
    """The stand-in, serving."""
    return serving(Path(__file__).with_name("standin"),
        {
            "appId": APP_ID, "sellerId": SELLER_ID, "merchantPrivateKey": private_pem(MERCHANT), "merchantPublicKey": public_pem(MERCHANT),
            "alipayPrivateKey": private_pem(ALIPAY), "alipayPublicKey": public_pem(ALIPAY),
        },
    )  # fmt: skip


def changes(sent: Sent) -> bool:
    """Alipay is asked everything by POST: the method says what it is."""
    return parse_qs(urlsplit(sent.path).query).get("method", [""])[0] in CHANGES


def pay(address: str, view: PaymentView) -> None:
    ask(address, "pay", out_trade_no=view.provider_ref.partition(":")[0])


def charges(address: str, payment_id: str) -> int:
    """A number has one QR code, and is paid at most once."""
    return int(ask(address, "prepared", out_trade_no=payment_id) is not None)


def notice(about: About) -> RawWebhook:
    amount = about.amount.amount
    form = {
        "notify_time": about.at.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d %H:%M:%S"),
        "notify_type": "trade_status_sync", "notify_id": about.event_id, "app_id": about.config["app_id"], "charset": "utf-8",
        "seller_id": about.config["seller_id"], "out_trade_no": about.payment_id, "trade_status": "TRADE_SUCCESS",
        "total_amount": f"{amount // 100}.{amount % 100:02d}", "passback_params": about.order_id, "version": "1.0",
    }  # fmt: skip
    return signed_form(form)


def signed_form(form: Mapping[str, str]) -> RawWebhook:
    text = "&".join(f"{name}={form[name]}" for name in sorted(form))
    signature = base64.b64encode(signed(ALIPAY, text)).decode()
    body = urlencode({**form, "sign_type": "RSA2", "sign": signature})
    return RawWebhook(body.encode(), {"content-type": "application/x-www-form-urlencoded; charset=utf-8"})


def signed_notice(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    """Alipay signs the fields of a form: what is none is a form of one field."""
    form = dict(parse_qsl(body.decode(), keep_blank_values=True)) or {"body": body.decode()}
    return signed_form({name: value for name, value in form.items() if name not in ("sign", "sign_type")})


TRIAL = PaymentTrial(
    config=CONFIG,
    secrets=(CONFIG["private_key"],),
    bad_config={"private_key": bare(private_pem(STRANGER))},
    standin="alipay-sdk 4.14.0, signing and verifying, around trades kept in memory",
    start=start,
    changes=changes,
    amount=Money(1250, "CNY"),
    zero_decimal=None,
    pay=pay,
    charges=charges,
    notice=notice,
    signed=signed_notice,
    gaps={
        "test_a_notice_of_another_time_is_refused[ahead0]": "Alipay repeats a notice for 25 hours and does not promise it a new time: "
        "an older one is taken, and does no more than have the trade looked up",
    },
)
