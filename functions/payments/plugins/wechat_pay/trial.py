"""WeChat Pay, tried against a Node server around wechatpay-axios-plugin and wechatpay-node-v3, with keys made for the occasion."""

import base64
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conformance.standins.keys import made, private_pem, public_pem, signed
from conformance.standins.node import ask, serving
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial

MCHID, APPID, SERIAL, KEY_ID = "1900007291", "wxd678efh567hg6787", "444F4864EA9B34415D9E0000", "PUB_KEY_ID_0119000072912024111100382010"
APIV3_KEY = secrets.token_hex(16)
MERCHANT, PLATFORM, STRANGER = made(), made(), made()


CONFIG: Mapping[str, Any] = {
    "mchid": MCHID, "appid": APPID, "cert_serial_no": SERIAL, "private_key": private_pem(MERCHANT), "apiv3_key": APIV3_KEY,
    "platform_keys": [{"id": KEY_ID, "pem": public_pem(PLATFORM)}],
}  # fmt: skip


def start() -> Any:
    """The stand-in, serving."""
    return serving(Path(__file__).with_name("standin"),
        {
            "mchid": MCHID, "appid": APPID, "merchantPublicKey": public_pem(MERCHANT), "merchantPrivateKey": private_pem(MERCHANT),
            "platformPrivateKey": private_pem(PLATFORM), "platformPublicKey": public_pem(PLATFORM), "platformKeyId": KEY_ID,
            "apiv3Key": APIV3_KEY,
        },
    )  # fmt: skip


def pay(address: str, view: PaymentView) -> None:
    ask(address, "pay", out_trade_no=view.provider_ref)


def charges(address: str, payment_id: str) -> int:
    """A trade is placed once for a number, and paid at most once."""
    return int(ask(address, "trade", out_trade_no=payment_id) is not None)


def notice(about: About) -> RawWebhook:
    resource = {
        "mchid": MCHID, "appid": APPID, "out_trade_no": about.payment_id, "attach": about.order_id, "trade_state": "SUCCESS",
        "amount": {"total": about.amount.amount, "currency": about.amount.currency},
    }  # fmt: skip
    nonce = secrets.token_hex(6)
    sealed = AESGCM(about.config["apiv3_key"].encode()).encrypt(nonce.encode(), json.dumps(resource).encode(), b"transaction")
    encrypted = {
        "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "transaction", "ciphertext": base64.b64encode(sealed).decode(),
    }  # fmt: skip
    told = {"id": about.event_id, "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource", "resource": encrypted}
    return signed_notice(about.config, json.dumps(told).encode(), about.at)


def signed_notice(config: Mapping[str, Any], body: bytes, when: datetime) -> RawWebhook:
    nonce, at = secrets.token_hex(6), str(int(when.timestamp()))
    signature = signed(PLATFORM, f"{at}\n{nonce}\n{body.decode()}\n")
    headers = {
        "wechatpay-timestamp": at, "wechatpay-nonce": nonce, "wechatpay-serial": KEY_ID,
        "wechatpay-signature": base64.b64encode(signature).decode(), "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    }  # fmt: skip
    return RawWebhook(body, headers)


TRIAL = PaymentTrial(
    config=CONFIG,
    secrets=(CONFIG["private_key"], APIV3_KEY),
    bad_config={"private_key": private_pem(STRANGER)},
    standin="wechatpay-axios-plugin 0.9.6 and wechatpay-node-v3 2.2.1, signing and verifying, around trades kept in memory",
    start=start,
    amount=Money(1250, "CNY"),
    zero_decimal=None,
    pay=pay,
    charges=charges,
    notice=notice,
    signed=signed_notice,
)
