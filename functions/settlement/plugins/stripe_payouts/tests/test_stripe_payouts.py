"""Stripe Connect payouts, against the stand-in of the kit: what the kit does not ask."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.settlement.plugins.stripe_payouts.plugin import StripePayouts, StripePayoutsConfig
from functions.settlement.plugins.stripe_payouts.standin import KEY, POOR, STRANGER, Transfers, serving_transfers
from functions.settlement.plugins.stripe_payouts.translate import error_of, paid
from monsoon_plugin.clearing import Payee, Payout, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Ctx, RawWebhook

BATCH = "20261120-EUR-ABCDEFGHIJ-00"


@pytest.fixture
def transfers() -> Transfers:
    return Transfers()


@pytest.fixture
def ctx(transfers: Transfers) -> Iterator[Ctx[Any]]:
    config = StripePayoutsConfig.model_validate({"secret_key": KEY, "currencies": ["EUR", "JPY", "KWD"]})
    now = datetime.now(UTC)
    with serving_transfers(transfers) as address:
        yield Ctx(config=config, base_url=address, deadline=now + timedelta(seconds=9), now=now, local=True)


def batch(*payouts: tuple[str, int], currency: str = "EUR") -> SubmitBatch:
    paid_to = tuple(
        Payout(f"{BATCH}-{n:04d}", Payee(account_id=f"acc_{n}", name="A", provider_account=account), Money(amount, currency), f"Payout {n}")
        for n, (account, amount) in enumerate(payouts)
    )
    return SubmitBatch(BATCH, paid_to, date(2026, 11, 20))


def test_one_refused_payout_leaves_the_others_alone(ctx):
    told = StripePayouts().submit(ctx, batch(("acct_a", 100), (STRANGER, 200), (POOR, 300), ("acct_b", 400)))
    assert [(view.id[-4:], view.state) for view in sorted(told.payouts, key=lambda v: v.id)] == [
        ("0000", "paid"), ("0001", "failed"), ("0002", "failed"), ("0003", "paid"),
    ]  # fmt: skip
    assert (told.total, told.state) == (Money(500, "EUR"), "partly_paid")


def test_minor_units_are_sent_as_they_are(ctx, transfers):
    StripePayouts().submit(ctx, batch(("acct_a", 980), currency="JPY"))
    assert [(made["amount"], made["currency"]) for made in transfers.made] == [(980, "jpy")]


def test_three_decimals_go_in_steps_of_ten(ctx, transfers):
    told = StripePayouts().submit(ctx, batch(("acct_a", 1230), ("acct_b", 1234), currency="KWD"))
    assert [view.state for view in told.payouts] == ["paid", "failed"]
    assert len(transfers.made) == 1


def test_a_transfer_that_came_back_is_returned_and_a_part_of_it_is_told(ctx, transfers):
    sent = batch(("acct_a", 100), ("acct_b", 200))
    StripePayouts().submit(ctx, sent)
    transfers.made[0] |= {"reversed": True, "amount_reversed": 100}
    transfers.made[1] |= {"amount_reversed": 50}
    found = StripePayouts().fetch(ctx, BATCH, [payout.id for payout in sent.payouts])
    assert {view.id[-4:]: (view.state, view.reason) for view in found.payouts} == {
        "0000": ("returned", ""),
        "0001": ("paid", "0.50 EUR came back"),
    }


def test_more_than_a_page_is_found(ctx, transfers):
    many = batch(*[("acct_a", n + 1) for n in range(150)])
    for payout in many.payouts:
        transfers.create(
            {"amount": "1", "currency": "eur", "destination": "acct_a", "transfer_group": BATCH, "metadata[payout_id]": payout.id}, ""
        )
    found = StripePayouts().fetch(ctx, BATCH, [payout.id for payout in many.payouts])
    assert len({view.id for view in found.payouts}) == 150


def test_the_same_key_with_another_amount_is_never_taken_for_a_refusal(ctx):
    StripePayouts().submit(ctx, batch(("acct_a", 100)))
    with pytest.raises(PluginError) as error:
        StripePayouts().submit(ctx, batch(("acct_a", 101)))
    assert error.value.kind is ErrorKind.PROTOCOL


def test_a_live_key_in_a_test_installation_is_refused(ctx):
    config = StripePayoutsConfig.model_validate({"secret_key": "sk_live_0000", "currencies": ["EUR"]})
    with pytest.raises(PluginError) as error:
        StripePayouts().check_config(Ctx(config=config, base_url=ctx.base_url, deadline=ctx.deadline, now=ctx.now))
    assert error.value.kind is ErrorKind.CONFIG


def test_without_a_secret_every_notice_is_refused(ctx):
    with pytest.raises(PluginError, match="no webhook_secret"):
        StripePayouts().webhook(ctx, RawWebhook(b"{}", {}))


@pytest.mark.parametrize(("status", "kind"), [(None, ErrorKind.OUTCOME_UNKNOWN), (503, ErrorKind.OUTCOME_UNKNOWN), (403, ErrorKind.CONFIG)])
def test_only_an_explicit_refusal_is_one(status, kind):
    assert error_of(status, None).kind is kind


@pytest.mark.parametrize("answer", [{}, {"id": "tr_1", "amount": 1, "currency": None, "amount_reversed": 0, "reversed": False}])
def test_an_answer_that_is_no_transfer_is_a_protocol_error(answer):
    with pytest.raises(PluginError) as error:
        paid(answer)
    assert error.value.kind is ErrorKind.PROTOCOL
