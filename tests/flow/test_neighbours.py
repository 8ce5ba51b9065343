"""Two merchants with providers of their own: while one's hangs, the other's shoppers pay as ever; afterwards nothing was paid twice."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from statistics import median
from threading import Event
from typing import Any

import pytest

from bench.providers import Instant
from conformance.standins.elsewhere import SIGNING, serving
from monsoon_plugin.payment import PaymentPlugin, PaymentView, StartPayment
from monsoon_plugin.plugin import Ctx
from tests.flow.market import TABLE_RATE, Market, Shop

pytestmark = pytest.mark.xdist_group("hub")

STUCK, MANY = 3, 8
HANG = 60
"""Seconds at most; the hub gives up sooner."""


class Hanging(Instant):
    """A provider that takes its time with every payment, and does it."""

    def __init__(self) -> None:
        self.asked, self.let_go, self.charged = Event(), Event(), list[str]()

    def start(self, ctx: Ctx[Any], request: StartPayment) -> PaymentView:
        self.charged.append(request.payment_id)
        self.asked.set()
        self.let_go.wait(HANG)
        return super().start(ctx, request)

    def fetch(self, ctx: Ctx[Any], payment_id: str, ref: str, since: Any, refunds: Any = ()) -> PaymentView | None:
        return None


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    plugin = Hanging()
    yield plugin
    plugin.let_go.set()


def installation(url: str) -> dict[str, Any]:
    settings = {"secret_key": "k", "webhook_secret": "k"}
    return {"plugin": "remote_payment", "mode": "live", "config": {"url": url, "signing_secret": SIGNING, "settings": settings}}


def paid(market: Market, shop: Shop, order: dict[str, Any]) -> float:
    """Seconds that it took to pay."""
    began = time.monotonic()
    assert market.pay(shop, order)["state"] == "authorized"
    return time.monotonic() - began


def test_while_one_merchants_provider_hangs_anothers_orders_are_paid(market: Market, hanging: Hanging):
    with serving(PaymentPlugin, hanging, "") as slow_at, serving(PaymentPlugin, Instant(), "") as quick_at:
        slow, quick = (market.shop([installation(url)], [TABLE_RATE]) for url in (slow_at, quick_at))
        product = market.publish(stock=100)
        waiting = [market.order(slow, market.offer(slow, product)["offer_id"]) for _ in range(STUCK)]
        orders = [market.order(quick, market.offer(quick, product)["offer_id"]) for _ in range(2 * MANY)]
        alone = [paid(market, quick, order) for order in orders[:MANY]]
        with ThreadPoolExecutor(STUCK) as threads:
            stuck = [threads.submit(market.pay, slow, order) for order in waiting]
            assert hanging.asked.wait(HANG / 2)
            beside = [paid(market, quick, order) for order in orders[MANY:]]
            assert not any(payment.done() for payment in stuck), "the other merchant's shoppers waited for it"
            hanging.let_go.set()
            wait(stuck)
    assert len(hanging.charged) == len(set(hanging.charged)) == STUCK
    assert {payment.result()["state"] for payment in stuck} == {"authorized"}
    print(f"\nto pay: {median(alone) * 1000:.0f} ms alone, {median(beside) * 1000:.0f} ms while {STUCK} hang at the other's provider")
    for shop, order in ((quick, orders[-1]), (slow, waiting[-1])):
        market.order_is(shop, order["id"], "accepted")
