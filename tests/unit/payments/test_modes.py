"""Whether real money moves is a payment's own: its installation's mode when it began, told by each of its events."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import OtherMode
from functions.payments.payment_items import PaymentItem
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.views import PaymentView
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import PaymentView as Told
from monsoon_plugin.payment import State, WebhookResult
from monsoon_plugin.plugin import Ctx, Mode, RawWebhook
from shared.providers.installations import InstallationChange
from tests.conftest import aws
from tests.unit.payments.kit import TENANT, Shop
from tests.unit.payments.remote import Remote, Remotes, failing

CASH = {"currencies": ["EUR"]}


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    return Shop(make_table("payments"))


def modes_told(shop: Shop) -> list[Any]:
    return [message.model_dump()["test"] for message in shop.store.told]


def test_every_event_of_a_test_payment_says_so_whatever_becomes_of_its_installation(shop: Shop) -> None:
    installation = shop.install("cash_on_delivery", CASH, mode="test")
    payment = shop.pay()
    shop.installations.change(TENANT, installation.id, InstallationChange(mode="live"))
    shop.payments.refund(shop.payments.capture(payment), "ref_1", 100)
    assert modes_told(shop) == [True, True, True]
    assert PaymentView.of(shop.reread(payment)).test is True


def test_real_money_says_that_it_is(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH, mode="live")
    payment = shop.payments.capture(shop.pay())
    assert (modes_told(shop), PaymentView.of(payment).test) == ([False, False], False)


@pytest.mark.parametrize(("mode", "meant", "test"), [("test", True, True), ("test", False, False), ("live", False, False)])
def test_a_payment_that_was_begun_before_modes_were_kept_is_of_its_installations(shop: Shop, mode: Any, meant: bool, test: bool) -> None:
    installation = shop.install("cash_on_delivery", CASH, mode=mode)
    payment = shop.pay()
    aws("dynamodb").update_item(
        TableName=PaymentItem.Meta.table_name, Key={"pk": {"S": TENANT}, "sk": {"S": "ord_1/01"}},
        UpdateExpression="REMOVE #t", ExpressionAttributeNames={"#t": "test"},
    )  # fmt: skip
    shop.installations.store.replace(replace(installation, mode_meant=meant, version=2))
    assert shop.reread(payment).test is None
    captured = shop.payments.capture(shop.reread(payment))
    assert (captured.test, modes_told(shop)[-1]) == (test, test)


class TwoBooks(Remote):
    """A provider whose test books know nothing of what is live, nor its live ones of what is not."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.mode = mode

    def fetch(self, ctx: Ctx[Any], *asked: Any, **more: Any) -> Told | None:
        return super().fetch(ctx, *asked, **more) if ctx.mode == self.mode else None


@pytest.fixture(params=["live", "test"])
def switched(request: pytest.FixtureRequest, make_table: Callable[[str], str]) -> tuple[Shop, TwoBooks, Mode]:
    """A shop with a provider outside, and the mode that it is installed in; see `switch`."""
    remote = TwoBooks(request.param)
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {}, mode=remote.mode)
    return shop, remote, "test" if remote.mode == "live" else "live"


def switch(shop: Shop, payment: Payment, mode: Mode) -> None:
    shop.installations.change(TENANT, payment.installation_id, InstallationChange(mode=mode))


def test_a_payment_whose_answer_was_lost_is_asked_for_in_its_own_books_alone(switched: tuple[Shop, TwoBooks, Mode]) -> None:
    shop, remote, other = switched
    remote.after = failing("start", ErrorKind.OUTCOME_UNKNOWN, times=1)
    lost = shop.pay(amount=1000)
    switch(shop, lost, other)
    for _ in range(3):
        shop.swept()
    assert (shop.reread(lost).state, shop.reread(lost).awaited) == (State.CREATED, True)
    switch(shop, lost, remote.mode)
    shop.clock.tick(hours=6)
    shop.swept()
    assert shop.reread(lost).state is State.AUTHORIZED


def test_nothing_of_a_payment_is_done_in_the_other_books_and_what_waits_says_what_to_do(switched: tuple[Shop, TwoBooks, Mode]) -> None:
    shop, remote, other = switched
    promised, paid = shop.pay(amount=1000), shop.payments.capture(shop.pay("ord_2", 1000, key="k2"))
    switch(shop, paid, other)
    with pytest.raises(OtherMode, match=f"set the installation's mode to {remote.mode} again"):
        shop.payments.capture(promised)
    for _ in range(2):
        waiting = shop.payments.refund(shop.reread(paid), "ref_1", 300)
        shop.payments.cancel(shop.reread(promised))
        shop.swept()
    shown = PaymentView.of(waiting).error
    assert shown is not None
    assert f"begun in {remote.mode} mode" in shown.message
    assert remote.done == ["start", "start", "capture"]
    switch(shop, paid, remote.mode)
    shop.clock.tick(hours=6)
    shop.swept()
    assert (shop.reread(paid).refunded, shop.reread(promised).state) == (300, State.CANCELED)


@pytest.mark.parametrize("lookup", [True, False])
def test_a_notice_of_the_other_books_is_not_taken_and_counts_when_it_comes_again(
    switched: tuple[Shop, TwoBooks, Mode], lookup: bool
) -> None:
    shop, remote, other = switched
    remote.able = remote.able.model_copy(update={"lookup": lookup})
    promised = shop.pay(amount=1000)
    remote.accounts[promised.id].state, remote.accounts[promised.id].captured = State.CAPTURED, 1000
    view = remote.accounts[promised.id].view(promised.id)
    remote.notice = WebhookResult("evt_1", promised.id, promised.order_id, view=None if lookup else view)
    signed = RawWebhook(b"sesame", {})
    switch(shop, promised, other)
    with pytest.raises(OtherMode):
        receive_notice(shop.runner, promised.installation_id, signed)
    assert shop.reread(promised) == promised
    switch(shop, promised, remote.mode)
    receive_notice(shop.runner, promised.installation_id, signed)
    assert shop.reread(promised).captured == 1000
