"""An authorization ends though its provider never says so by itself: it is looked up when it should have ended, and believed alone then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from functions.payments.handler import SWEPT
from functions.payments.lifecycle.payment import Payment
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import reconcile_due
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import Amend, PaymentView, StartPayment, State, WebhookResult
from monsoon_plugin.plugin import Ctx, RawWebhook
from shared.messages import PaymentAuthorized, PaymentCaptured
from shared.trade.payment_messages import PaymentAuthorizationEnded
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing
from tools.upgrade.list_promises import list_promises

DAYS = 7


class Telling(Remote):
    """Says of each payment until when it is promised."""

    until = ""

    def start(self, ctx: Ctx[Any], request: StartPayment) -> PaymentView:
        return replace(super().start(ctx, request), authorized_until=self.until)

    def fetch(self, *asked: Any, **more: Any) -> PaymentView | None:
        view = super().fetch(*asked, **more)
        return view and replace(view, authorized_until=self.until)

    def capture(self, ctx: Ctx[Any], request: Amend) -> PaymentView:
        return replace(super().capture(ctx, request), authorized_until="")


@pytest.fixture
def remote() -> Telling:
    remote = Telling()
    remote.able = remote.able.model_copy(update={"authorized_days": DAYS})
    return remote


def days(shop: Shop, number: float) -> int:
    """Let so many days pass, the sweep run every six hours; answers how often the provider was asked."""
    asked: list[str] = []
    remote: Remote = shop.registry.get("remote")
    remote.before, before = (lambda call: (asked.append(call), before(call))[1]), remote.before  # type: ignore[func-returns-value]
    for _ in range(int(number * 4)):
        shop.clock.tick(hours=6)
        reconcile_due(shop.runner, list(shop.store.due_for_lookup(shop.clock(), SWEPT)))
    remote.before = before
    return asked.count("fetch")


def ended(shop: Shop) -> list[str]:
    return [told.ended for told in shop.store.told if isinstance(told, PaymentAuthorizationEnded)]


@pytest.mark.parametrize("state", [State.EXPIRED, State.CANCELED])
def test_one_whose_notice_was_lost_ends_when_it_should_have_and_is_told(shop: Shop, remote: Telling, state: State) -> None:
    payment = shop.pay()
    assert days(shop, DAYS - 1) == 0
    remote.accounts[payment.id].state = state
    assert days(shop, 2) == 1
    assert (shop.reread(payment).state, shop.reread(payment).next_lookup, ended(shop)) == (state, None, [state.value])


def test_one_that_the_provider_still_holds_is_not_ended_but_asked_for_ever_more_rarely(shop: Shop, remote: Telling) -> None:
    payment = shop.pay()
    assert 4 < days(shop, DAYS + 30) < 12
    assert days(shop, 28) == 4
    assert (shop.reread(payment).state, ended(shop)) == (State.AUTHORIZED, [])
    remote.accounts[payment.id].state = State.EXPIRED
    days(shop, 8)
    assert ended(shop) == ["expired"]


def test_one_that_the_provider_does_not_know_or_cannot_tell_of_is_not_ended(shop: Shop, remote: Telling) -> None:
    payment, other = shop.pay(), shop.pay("ord_2", key="k2")
    remote.accounts.pop(payment.id)
    remote.before = failing("fetch", ErrorKind.UNAVAILABLE)
    days(shop, DAYS + 3)
    assert [shop.reread(p).state for p in (payment, other)] == [State.AUTHORIZED] * 2
    assert ended(shop) == []


def test_the_provider_s_own_word_for_its_end_wins_and_may_change(shop: Shop, remote: Telling) -> None:
    remote.until = rfc3339(shop.clock() + timedelta(days=2))
    payment = shop.pay()
    assert payment.authorized_until == remote.until
    remote.until = rfc3339(shop.clock() + timedelta(days=20))
    assert days(shop, 19) == 1
    assert shop.reread(payment).authorized_until == remote.until
    remote.accounts[payment.id].state = State.EXPIRED
    days(shop, 2)
    assert ended(shop) == ["expired"]


@pytest.mark.parametrize("nonsense", ["soon", "2026-13-01T00:00:00Z", "2026-11-01", "1000-01-01T00:00:00Z", 7, "9" * 5000])
def test_an_end_that_cannot_be_read_loses_nothing(shop: Shop, remote: Telling, nonsense: Any) -> None:
    remote.until = nonsense
    payment = shop.pay()
    assert payment.state is State.AUTHORIZED
    remote.accounts[payment.id].state = State.EXPIRED
    days(shop, DAYS + 1)
    assert ended(shop) == ["expired"]


def test_what_nobody_says_the_end_of_is_looked_up_all_the_same(shop: Shop, remote: Telling) -> None:
    remote.able = remote.able.model_copy(update={"authorized_days": None})
    payment = shop.pay()
    assert payment.authorized_until == ""
    remote.accounts[payment.id].state = State.EXPIRED
    days(shop, 8)
    assert ended(shop) == ["expired"]


def test_what_was_captured_is_looked_up_no_more_and_a_lost_answer_soon(shop: Shop, remote: Telling) -> None:
    payment, other = shop.pay(), shop.pay("ord_2", key="k2")
    shop.payments.capture(payment)
    assert shop.reread(payment).next_lookup is None
    remote.after = failing("capture", ErrorKind.OUTCOME_UNKNOWN, times=1)
    shop.payments.capture(other)
    assert shop.reread(other).next_lookup == rfc3339(shop.clock() + timedelta(minutes=5))
    shop.swept()
    assert [shop.reread(p).captured for p in (payment, other)] == [1250, 1250]


def test_a_capture_that_is_refused_leaves_the_promise_to_end(shop: Shop, remote: Telling) -> None:
    payment = shop.pay()
    remote.before = failing("capture", ErrorKind.DECLINED, times=1)
    shop.payments.capture(payment)
    assert shop.reread(payment).next_lookup == rfc3339(shop.clock() + timedelta(days=DAYS, minutes=5))


def test_money_that_was_taken_in_the_console_is_told_by_that_look_too(shop: Shop, remote: Telling) -> None:
    payment = shop.pay()
    remote.accounts[payment.id].captured, remote.accounts[payment.id].state = 1250, State.CAPTURED
    days(shop, DAYS + 1)
    assert [type(told) for told in shop.store.told] == [PaymentAuthorized, PaymentCaptured]


def test_of_a_provider_that_only_tells_by_notice_the_declared_end_counts_from_the_notice(shop: Shop, remote: Telling) -> None:
    remote.able, remote.starts = remote.able.model_copy(update={"lookup": False}), State.PENDING
    payment = shop.pay()
    view = PaymentView(provider_ref=payment.id, state=State.AUTHORIZED, amount=payment.amount, authorized=payment.amount.amount)
    remote.notice = WebhookResult("evt_1", payment.id, payment.order_id, view=view)
    shop.clock.tick(hours=3)
    receive_notice(shop.runner, payment.installation_id, RawWebhook(b"sesame", {}))
    assert shop.reread(payment).authorized_until == rfc3339(shop.clock() + timedelta(days=DAYS))


def test_a_promise_of_before_this_was_kept_is_looked_up_once_it_is_touched(shop: Shop, remote: Telling) -> None:
    payment = shop.pay()
    old = replace(payment, authorized_until="", next_lookup=None, version=payment.version + 1)
    assert shop.store.save(old, None, shop.clock())
    touched: Payment = shop.payments.lower(old, 1000)
    assert touched.next_lookup == rfc3339(shop.clock() + timedelta(days=7, minutes=5))


def test_a_sweep_looks_up_a_bounded_number_and_the_next_one_the_rest(shop: Shop, remote: Telling) -> None:
    paid = [shop.pay(f"ord_{n}", key=f"k{n}") for n in range(9)]
    for payment in paid:
        remote.accounts[payment.id].state = State.EXPIRED
    shop.clock.tick(days=DAYS + 1)
    rounds = 0
    while due := list(shop.store.due_for_lookup(shop.clock(), 4)):
        assert len(due) <= 4
        reconcile_due(shop.runner, due)
        rounds += 1
    assert rounds >= 3
    assert len(ended(shop)) == 9


def unlisted(shop: Shop, order_id: str) -> Payment:
    """A promise as it lay in the table before promises were looked up."""
    promised = shop.pay(order_id, key=order_id)
    boto3.resource("dynamodb").Table(shop.table).update_item(
        Key={"pk": promised.tenant, "sk": f"{order_id}/01"}, UpdateExpression="REMOVE open_pk, open_sk"
    )
    assert shop.store.reread(promised).next_lookup is None
    return promised


def test_a_promise_of_before_an_upgrade_is_listed_when_it_is_read(shop: Shop) -> None:
    promised = unlisted(shop, "ord_1")
    (read,) = shop.payments.of_order(promised.tenant, "ord_1")
    assert read.next_lookup == shop.reread(promised).next_lookup == promised.next_lookup
    assert shop.payments.of_order(promised.tenant, "ord_1") == [read], "once"


def test_no_promise_of_before_an_upgrade_is_forgotten_though_nobody_reads_it(shop: Shop) -> None:
    """The operator's command goes through the table once."""
    shop.pay("ord_3", key="ord_3")
    promised = [unlisted(shop, order_id) for order_id in ("ord_1", "ord_2")]
    assert [list_promises(shop.table, lambda seconds: None) for _ in range(2)] == [2, 0]
    shop.clock.tick(days=DAYS + 1)
    due = {payment.order_id for payment in shop.store.due_for_lookup(shop.clock(), SWEPT)}
    assert {payment.order_id for payment in promised} <= due
