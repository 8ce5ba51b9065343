"""Notices: believed only when they are signed, now, by this installation's secret; and never further than to look."""

import json
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from conformance.nonsense import nonsense
from conformance.payment.shop import Shop
from conformance.proxy import Proxy
from functions.payments.lifecycle.payment import PROMISED, Payment
from functions.payments.reconciliation.provider_webhooks import receive_notice
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import PaymentTrial
from shared.errors import NotFound, Unavailable
from shared.providers.installations import InstallationChange
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused

Spoil = Callable[[RawWebhook], RawWebhook]


@pytest.fixture
def told(through: Shop) -> Shop:
    """A storefront whose provider sends notices."""
    if through.trial.notice is None:
        pytest.skip("nobody sends notices")
    return through


@pytest.fixture
def waiting(told: Shop) -> Payment:
    """A payment that the shopper has not paid."""
    return told.start(data=None)


def refused(shop: Shop, raw: RawWebhook) -> None:
    with pytest.raises((NoticeRefused, NoticeNotUnderstood, Unavailable)):
        receive_notice(shop.runner, shop.installation.id, raw)


def _first_digit(raw: RawWebhook) -> RawWebhook:
    """The body with one digit changed, of the amount where it can be seen, the signature as it was."""
    amount = re.search(rb"\b12\.?50\b", raw.body)
    at = amount.start() if amount else next(i for i, byte in enumerate(raw.body) if chr(byte).isdigit() and i > len(raw.body) // 4)
    digit = b"7" if raw.body[at : at + 1] != b"7" else b"3"
    return replace(raw, body=raw.body[:at] + digit + raw.body[at + 1 :])


FORGERIES: dict[str, Spoil] = {
    "body": _first_digit,
    "no headers": lambda raw: RawWebhook(_unsigned(raw.body), {}),
    "empty": lambda raw: RawWebhook(b"", raw.headers),
    "no json": lambda raw: RawWebhook(b"\xff\xfe not json", raw.headers),
    "a list": lambda raw: RawWebhook(b"[]", raw.headers),
    "headers": lambda raw: replace(raw, headers={name: value[::-1] for name, value in raw.headers.items()}, body=_unsigned(raw.body)),
}


def _unsigned(body: bytes) -> bytes:
    """A body that bears its own signature, without it."""
    return body.replace(b"sign=", b"gone=").replace(b"hmacSignature", b"goneSignature")


def test_a_notice_moves_what_the_shopper_has_paid(told: Shop, waiting: Payment) -> None:
    if told.trial.pay is None:
        pytest.skip("the shopper pays through the hub")
    told.trial.pay(told.standin, _view(waiting))
    told.hear(waiting)
    assert told.reread(waiting).state in PROMISED or told.trial.confirmation is not None


def _view(payment: Payment) -> PaymentView:
    return PaymentView(provider_ref=payment.provider_ref, state=payment.state, amount=payment.amount, next_action=payment.next_action)


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_notice_is_refused_and_moves_nothing(kind: str, told: Shop, waiting: Payment) -> None:
    refused(told, FORGERIES[kind](told.notice(waiting)))
    assert told.reread(waiting) == waiting


@pytest.mark.parametrize("ahead", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_notice_of_another_time_is_refused(ahead: timedelta, told: Shop, waiting: Payment) -> None:
    if not told.trial.signs_time:
        pytest.skip("the provider signs no time")
    refused(told, told.notice(waiting, at=told.now() + ahead))


def test_a_doubled_notice_asks_the_provider_once(told: Shop, proxy: Proxy, waiting: Payment) -> None:
    event_id = f"evt_{secrets.token_hex(8)}"
    told.hear(waiting, event_id=event_id)
    first, asked = told.reread(waiting), len(proxy.sent)
    told.hear(waiting, event_id=event_id)
    assert (told.reread(waiting), len(proxy.sent)) == (first, asked)


def test_an_old_notice_after_a_newer_state_changes_nothing(told: Shop) -> None:
    payment = told.captured()
    raw = told.notice(payment)
    receive_notice(told.runner, told.installation.id, raw)
    assert told.reread(payment) == payment


def test_a_signed_notice_of_nonsense_is_refused_or_dropped_and_changes_nothing(told: Shop, waiting: Payment) -> None:
    if told.trial.signed is None:
        pytest.skip("the trial signs nothing but its own notices")
    if not told.capability.lookup:  # what only notices tell is believed: what this one says has been said before
        told.hear(waiting)
    before = told.reread(waiting)
    for body in [*nonsense(told.notice(waiting).body)][::7]:
        with suppress(NoticeRefused, NoticeNotUnderstood, Unavailable):
            receive_notice(told.runner, told.installation.id, told.trial.signed(told.config, body, told.now()))
    assert told.reread(waiting) == before


def test_a_notice_for_another_installation_is_dropped_or_refused(told: Shop, waiting: Payment) -> None:
    other = told.install("acc_other#sf_other")
    raw = told.notice(waiting)
    with suppress(NoticeRefused, NoticeNotUnderstood, Unavailable):
        receive_notice(told.runner, other.id, raw)
    assert told.reread(waiting) == waiting


def test_a_notice_for_no_installation_is_not_found(told: Shop, waiting: Payment) -> None:
    with pytest.raises(NotFound):
        receive_notice(told.runner, "ins_unknown", told.notice(waiting))


def test_a_signed_notice_of_an_unknown_payment_is_dropped(told: Shop, waiting: Payment) -> None:
    told.hear(waiting, payment_id="pay_00000000000000000000000000")
    assert told.reread(waiting) == waiting


def test_a_signed_notice_of_a_wrong_amount_captures_nothing(told: Shop, waiting: Payment) -> None:
    if waiting.state in PROMISED:
        pytest.skip("it pays at once")
    wrong = Money(waiting.amount.amount * 2, waiting.amount.currency)
    with suppress(Unavailable):
        told.hear(waiting, amount=wrong)
    assert told.reread(waiting).captured == 0


def test_a_signed_notice_that_nobody_paid_for_captures_nothing(told: Shop, waiting: Payment) -> None:
    if not told.capability.lookup:
        pytest.skip("the provider cannot be asked whether it is so")
    if waiting.state in PROMISED:
        pytest.skip("it pays at once")
    told.hear(waiting)
    assert told.reread(waiting).captured == 0


def test_without_its_secret_every_notice_is_refused(told: Shop, trial: PaymentTrial, waiting: Payment) -> None:
    if trial.no_notices is None:
        pytest.skip("no config lacks it")
    raw = told.notice(waiting)
    told.installations.change(
        told.installation.tenant, told.installation.id, InstallationChange(config=dict.fromkeys(trial.no_notices))
    )  # fmt: skip
    kept = told.installed.kept[told.installation.id]
    told.installed.kept[kept.id] = replace(kept, previous=b"", previous_until="")
    refused(told, raw)


def test_while_keys_are_rotated_notices_of_the_old_ones_count(told: Shop, waiting: Payment) -> None:
    raw = told.notice(waiting)
    told.installations.change(told.installation.tenant, told.installation.id, InstallationChange(config=dict(told.trial.config)))
    receive_notice(told.runner, told.installation.id, raw)


def test_the_provider_reads_what_it_wants_to(told: Shop, waiting: Payment) -> None:
    assert told.hear(waiting) == told.plugin.manifest.acknowledgement


def test_a_plug_in_without_notices_refuses_them_all(shop: Shop) -> None:
    if shop.trial.notice is not None:
        pytest.skip("its provider sends notices")
    for body in (b"", b"{}", json.dumps({"id": "evt_1"}).encode()):
        refused(shop, RawWebhook(body, {}))
