"""However often an operation is sent, the provider gets the same key with it, and another one with every other: seen on the wire."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus

import pytest

from functions.payments.lifecycle.operation import Operation
from functions.payments.operation_runner import amendment
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
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, StartPayment
from monsoon_plugin.plugin import Ctx
from shared.ids import derived_id
from shared.providers.registry import Registry
from tests.unit.payments.lifecycle.test_payment import NEW

NOW, TRIES = datetime.now(UTC), 3
AMOUNT = {"currency_code": "EUR", "value": "12.50"}
UNIT = {"custom_id": "ord_1/pay_1", "amount": AMOUNT, "payments": {
    "authorizations": [{"id": "A1", "status": "CREATED", "amount": AMOUNT}],
    "captures": [{"id": "C1", "status": "COMPLETED", "amount": AMOUNT}]}}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "/v1/oauth2/token": {"access_token": "t", "token_type": "Bearer", "expires_in": 32400},
    "/v2/checkout/orders/5O1": {"id": "5O1", "status": "COMPLETED", "purchase_units": [UNIT]},
}
"""What is answered, by address; all else is told to slow down."""
PLUGINS = {
    "stripe": (Stripe(), stripe.TRIAL, "pi_1"), "paypal": (PayPal(), paypal.TRIAL, "5O1"), "adyen": (Adyen(), adyen.TRIAL, "PL1/PSP1"),
    "wechat_pay": (WeChatPay(), wechat_pay.TRIAL, "pay_1"), "alipay": (Alipay(), alipay.TRIAL, "pay_1:1250"),
}  # fmt: skip


@contextmanager
def busy() -> Iterator[tuple[str, list[str]]]:
    """A provider that has no time; its address, and all that it was sent, as one text a request."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
            if self.path not in ANSWERS:
                heard.append(unquote_plus(" ".join([self.path, *self.headers.values(), body])))
            told = json.dumps(ANSWERS.get(self.path, {"code": "FREQUENCY_LIMITED"})).encode()
            self.send_response(200 if self.path in ANSWERS else 429)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        do_GET = do_POST = _answer  # noqa: N815 (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


def sent(name: str, operation: Operation, tries: int = TRIES) -> list[str]:
    """The requests of `tries` tries of an operation."""
    plugin, trial, reference = PLUGINS[name]
    config = plugin.config_model.model_validate({**trial.config, **(trial.manual or {})})
    currency = trial.amount.currency
    payment = replace(NEW, plugin=name, provider_ref=reference, amount=Money(1250, currency))
    with busy() as (address, heard):
        for _ in range(tries):
            operation = operation.sent(NOW)
            ctx: Ctx[Any] = Ctx(config=config, base_url=address, deadline=NOW + timedelta(seconds=9), now=NOW, local=True,
                                notify_url="https://hub.example/notices")  # fmt: skip
            start = StartPayment(payment_id="pay_1", order_id="ord_1", tenant="t", op_key=operation.key("pay_1"), amount=payment.amount)
            request = start if operation.kind is OperationKind.START else amendment(payment, operation)
            with pytest.raises(PluginError) as caught:
                getattr(plugin, operation.kind)(ctx, request)
            assert caught.value.kind is ErrorKind.RATE_LIMITED
            operation = operation.failed(caught.value)
    assert len(heard) == tries, "one request for one try"
    return heard


def offered() -> Iterator[tuple[str, OperationKind]]:
    """What each plug-in sends with a key. Alipay and WeChat Pay begin a payment by its own number, which never changes."""
    for name, (plugin, trial, _) in PLUGINS.items():
        kinds = plugin.capability(plugin.config_model.model_validate({**trial.config, **(trial.manual or {})})).operations
        for kind in (OperationKind.START, OperationKind.CAPTURE, OperationKind.REFUND):
            if kind in kinds and not (kind is OperationKind.START and name in {"alipay", "wechat_pay"}):
                yield name, kind


@pytest.mark.parametrize(("name", "kind"), [*offered()])
def test_each_try_of_an_operation_bears_the_same_key_and_no_other_operation_bears_it(name: str, kind: OperationKind) -> None:
    operation = Operation(id="ref_1", kind=kind, amount=1250)
    key = derived_id("op", "pay_1", "ref_1").partition("_")[2]
    assert all(key in request for request in sent(name, operation))
    assert all(key not in request for request in sent(name, replace(operation, id="ref_2"), 1))


def test_every_plug_in_that_calls_a_provider_of_ours_is_tried() -> None:
    registry: Registry[Any] = Registry.locked("payment")
    calling = {plugin_id for plugin_id in registry.ids if registry.calls(plugin_id)}
    assert calling - {"remote_payment"} == set(PLUGINS)
