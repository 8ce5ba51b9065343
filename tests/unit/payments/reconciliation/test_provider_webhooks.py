"""Providers' notices: verified, taken once, answered in the provider's own words, believed only where no question would tell."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.reconciliation.provider_webhooks import receive_notice
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.errors import Unavailable
from shared.providers.installations import OVERLAP, InstallationChange
from shared.providers.notices import NoticeRefused
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing

SIGNED = RawWebhook(b"sesame", {})


@pytest.fixture
def payment(shop: Shop) -> Payment:
    return shop.pay(amount=1000)


def told(payment: Payment, event_id: str = "evt_1", **more: Any) -> WebhookResult:
    return WebhookResult(event_id, payment.id, payment.order_id, **more)


def test_a_notice_makes_the_provider_be_asked_and_is_answered_as_it_wishes(shop: Shop, remote: Remote, payment: Payment) -> None:
    remote.accounts[payment.id].captured, remote.accounts[payment.id].state = 1000, State.CAPTURED
    remote.notice = told(payment)
    assert receive_notice(shop.runner, payment.installation_id, SIGNED) == "thank you"
    assert shop.reread(payment).captured == 1000


def test_what_is_captured_in_parts_at_the_provider_is_heard_to_the_last(shop: Shop, remote: Remote, payment: Payment) -> None:
    """A second notice that a payment is captured says more than the first, where that was of a part."""
    for number, captured in enumerate((400, 1000)):
        remote.accounts[payment.id].captured, remote.accounts[payment.id].state = captured, State.CAPTURED
        remote.notice = told(payment, f"evt_{number}", settled=True)
        receive_notice(shop.runner, payment.installation_id, SIGNED)
        assert shop.reread(payment).captured == captured


def test_what_is_taken_back_right_after_its_capture_is_written_by_the_sweep_where_the_provider_has_given_its_notice_up(
    shop: Shop, remote: Remote, payment: Payment
) -> None:
    """The simulator's seed 91000686: whoever holds less so soon may not have heard of the capture yet, and tells it for a minute only."""
    paid, account = shop.payments.capture(payment), remote.accounts[payment.id]
    account.captured, account.state, remote.notice = 0, State.AUTHORIZED, told(payment, "taken back")
    for _ in range(2):
        with pytest.raises(Unavailable, match="less than was captured"):
            receive_notice(shop.runner, payment.installation_id, SIGNED)
    doubted = shop.reread(paid)
    assert (doubted.captured, doubted.told_less, doubted.version) == (1000, True, paid.version + 1)
    shop.clock.tick(minutes=10)
    shop.swept()
    known = shop.reread(paid)
    assert (known.captured, known.told_less) == (0, False)


def test_what_was_told_as_less_only_because_a_capture_was_on_its_way_is_asked_once_more_and_stays(
    shop: Shop, remote: Remote, payment: Payment
) -> None:
    paid, account = shop.payments.capture(payment), remote.accounts[payment.id]
    account.captured, account.state, remote.notice = 0, State.AUTHORIZED, told(payment, "an older one")
    with pytest.raises(Unavailable):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    account.captured, account.state = 1000, State.CAPTURED
    shop.clock.tick(minutes=10)
    shop.swept()
    known = shop.reread(paid)
    assert (known.captured, known.told_less, known.next_lookup) == (1000, False, None)


def test_a_notice_is_taken_once(shop: Shop, remote: Remote, payment: Payment) -> None:
    asked: list[str] = []
    remote.before, remote.notice = asked.append, told(payment)
    for _ in range(3):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    assert asked == ["fetch"]


def test_a_notice_counts_again_if_the_provider_could_not_be_asked(shop: Shop, remote: Remote, payment: Payment) -> None:
    remote.before, remote.notice = failing("fetch", ErrorKind.UNAVAILABLE, times=1), told(payment)
    remote.accounts[payment.id].state = State.CANCELED
    with pytest.raises(Unavailable):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    receive_notice(shop.runner, payment.installation_id, SIGNED)
    assert shop.reread(payment).state is State.CANCELED


def test_a_notice_whose_handling_was_cut_off_is_handled_when_it_comes_again(shop: Shop, remote: Remote, payment: Payment) -> None:
    class Killed(BaseException):
        """The process is gone; nothing catches this."""

    def killed(call: str) -> None:
        raise Killed

    remote.before, remote.notice = killed, told(payment)
    remote.accounts[payment.id].state = State.CANCELED
    with pytest.raises(Killed):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    remote.before = lambda call: None
    receive_notice(shop.runner, payment.installation_id, SIGNED)
    assert shop.reread(payment).state is State.CANCELED


@pytest.mark.parametrize("held", [Money(999, "EUR"), Money(1000, "USD")])
def test_a_lookup_that_answers_another_amount_or_currency_is_not_believed(
    shop: Shop, remote: Remote, payment: Payment, held: Money, caplog: pytest.LogCaptureFixture
) -> None:
    remote.notice = told(payment)
    remote.accounts[payment.id] = replace(remote.accounts[payment.id], amount=held, captured=held.amount, state=State.CAPTURED)
    with caplog.at_level(logging.ERROR), pytest.raises(Unavailable):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    assert (shop.reread(payment), "integrity: " in caplog.text) == (payment, True)


def test_a_notice_sent_to_another_installation_changes_nothing(shop: Shop, remote: Remote, payment: Payment) -> None:
    other = shop.install("remote", {}, rank=7)
    remote.accounts[payment.id].state, remote.notice = State.CANCELED, told(payment)
    receive_notice(shop.runner, other.id, SIGNED)
    assert shop.reread(payment) == payment


def test_a_rotated_secret_verifies_notices_until_the_overlap_ends(shop: Shop, remote: Remote, payment: Payment) -> None:
    shop.installations.change(shop.tenant, payment.installation_id, InstallationChange({"word": "abracadabra"}))
    remote.notice = told(payment)
    for body in (b"sesame", b"abracadabra"):
        receive_notice(shop.runner, payment.installation_id, RawWebhook(body, {}))
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, payment.installation_id, RawWebhook(b"guess", {}))
    shop.clock.now += OVERLAP
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    receive_notice(shop.runner, payment.installation_id, RawWebhook(b"abracadabra", {}))


@pytest.fixture
def silent(remote: Remote) -> Remote:
    """A provider that no question can be put to: only notices tell."""
    remote.able = remote.able.model_copy(update={"lookup": False})
    return remote


def captured(payment: Payment, **more: Any) -> PaymentView:
    return replace(
        PaymentView(provider_ref=payment.provider_ref, state=State.CAPTURED, amount=payment.amount, authorized=1000, captured=1000), **more
    )


def test_where_only_notices_tell_they_settle_what_was_lost(shop: Shop, silent: Remote, payment: Payment) -> None:
    silent.after = failing("capture", ErrorKind.OUTCOME_UNKNOWN, times=1)
    lost = shop.payments.capture(payment)
    assert lost.unsettled[0].phase is Phase.UNKNOWN
    silent.before, silent.notice = failing("fetch", ErrorKind.UNAVAILABLE, times=0), told(payment, view=captured(payment))
    receive_notice(shop.runner, payment.installation_id, SIGNED)
    after = shop.reread(payment)
    assert (after.captured, after.unsettled) == (1000, ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Money(1, "EUR")},
        {"amount": Money(1000, "USD")},
        {"captured": 1001},
        {"provider_ref": "", "amount": Money(1001, "EUR")},
    ],
)
def test_a_signed_notice_of_another_amount_or_currency_is_not_believed_and_is_logged(
    shop: Shop, silent: Remote, payment: Payment, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    silent.notice = told(payment, view=captured(payment, **wrong))
    with caplog.at_level(logging.ERROR):
        receive_notice(shop.runner, payment.installation_id, SIGNED)
    assert shop.reread(payment).captured == 0
    assert "integrity: " in caplog.text


def test_an_operation_that_the_provider_took_on_waits_for_its_word_and_fails_by_it(shop: Shop, silent: Remote, payment: Payment) -> None:
    capture = silent.capture
    silent.capture = lambda ctx, request: replace(  # type: ignore[method-assign]
        PaymentView(provider_ref=payment.id, state=State.AUTHORIZED, amount=request.paid, authorized=1000), accepted=True
    )
    waiting = shop.payments.capture(payment)
    for _ in range(3):
        shop.swept()
    assert [o.phase for o in shop.reread(payment).unsettled] == [Phase.ACCEPTED]
    refusal = {waiting.operations[-1].key(payment.id): "insufficient balance"}
    silent.notice = told(
        payment, view=PaymentView(provider_ref=payment.id, state=State.AUTHORIZED, amount=payment.amount, authorized=1000, failed=refusal)
    )
    receive_notice(shop.runner, payment.installation_id, SIGNED)
    after = shop.reread(payment)
    assert (after.operations[-1].phase, after.operations[-1].code, after.captured) == (Phase.FAILED, "insufficient balance", 0)
    silent.capture = capture  # type: ignore[method-assign]
    assert shop.payments.capture(after).captured == 1000
