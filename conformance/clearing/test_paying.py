"""Each payout once, of its amount, to its payee."""

import re
from dataclasses import replace

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial
from conformance.under_trial import kind_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import total
from monsoon_plugin.testing import ClearingTrial

REFUSALS = (ErrorKind.UNSUPPORTED, ErrorKind.INVALID, ErrorKind.DECLINED)


def test_it_tells_of_every_payout_and_echoes_their_sum(payer: ClearingUnderTrial) -> None:
    batch = payer.batch(1250, 1, 99_999)
    told = payer.submit(batch)
    assert told.batch_key == batch.batch_key
    assert sorted(view.id for view in told.payouts) == [payout.id for payout in batch.payouts]
    assert {view.state for view in told.payouts} <= {"submitted", "paid"}
    assert told.total == total((payout.amount for payout in batch.payouts), payer.trial.currency)


def test_a_batch_that_is_sent_again_is_paid_once(payer: ClearingUnderTrial, trial: ClearingTrial) -> None:
    batch = payer.batch(1250, 700)
    first, second = payer.submit(batch), payer.submit(batch)
    assert second == first
    if trial.transfers:
        assert [trial.transfers(payer.address, payout.id) for payout in batch.payouts] == [1, 1]


def test_it_finds_a_batch_by_our_own_key(payer: ClearingUnderTrial) -> None:
    if not payer.capability.lookup:
        pytest.skip("it is asked by statements")
    batch = payer.batch(1250, 700)
    told = payer.submit(batch)
    found = payer.fetch(batch)
    assert found is not None
    assert (found.total, {view.id: view.state for view in found.payouts}) == (told.total, {view.id: view.state for view in told.payouts})


def test_it_knows_that_a_batch_never_arrived(payer: ClearingUnderTrial) -> None:
    if not payer.capability.lookup:
        pytest.skip("it is asked by statements")
    payer.submit(payer.batch(1250))
    assert payer.fetch(payer.batch(1250)) is None


def test_it_shows_what_arrived_of_a_batch_and_no_more(payer: ClearingUnderTrial) -> None:
    if not payer.capability.lookup:
        pytest.skip("it is asked by statements")
    batch = payer.batch(1250, 700)
    payer.submit(replace(batch, payouts=batch.payouts[:1]))
    found = payer.fetch(batch)
    assert found is not None
    assert [view.id for view in found.payouts] == [batch.payouts[0].id]
    assert found.total == batch.payouts[0].amount


def test_a_currency_that_it_does_not_carry_is_refused(payer: ClearingUnderTrial) -> None:
    if payer.capability.currencies is None:
        pytest.skip("it carries every currency")
    batch = payer.batch(1250, currency="XPF")
    try:
        told = payer.submit(batch)
    except PluginError as error:
        assert error.kind in REFUSALS  # noqa: PT017 (a refusal of the batch, or of its payout, is right)
    else:
        assert [view.state for view in told.payouts] == ["failed"]


def test_a_payee_that_cannot_be_paid_is_refused(payer: ClearingUnderTrial) -> None:
    batch = payer.batch(1250, payees=[{"name": "Nobody"}])
    try:
        told = payer.submit(batch)
    except PluginError as error:
        assert error.kind in REFUSALS  # noqa: PT017 (a refusal of the batch, or of its payout, is right)
    else:
        assert [view.state for view in told.payouts] == ["failed"]
        assert told.total.amount == 0


def test_an_amount_of_nothing_is_refused(payer: ClearingUnderTrial) -> None:
    batch = payer.batch(0)
    assert kind_of(payer.submit, batch) in REFUSALS or payer.submit(batch).payouts[0].state == "failed"


def test_a_file_is_the_same_file_for_the_same_batch(payer: ClearingUnderTrial) -> None:
    if not payer.capability.by_file:
        pytest.skip("it makes no files")
    batch = payer.batch(1250, 700)
    first = payer.submit(batch)
    assert first.document
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", first.media_type)
    assert payer.submit(batch).document == first.document
    assert payer.submit(payer.batch(1250, 700)).document != first.document


def test_a_file_holds_each_payout_once(payer: ClearingUnderTrial) -> None:
    if not payer.capability.by_file:
        pytest.skip("it makes no files")
    batch = payer.batch(1250, 700, 3)
    document = payer.submit(batch).document.decode()
    assert [document.count(payout.payee.iban) for payout in batch.payouts if payer.capability.pays_to == "iban"].count(0) == 0
    assert [len(re.findall(rf"{payout.id}(?!\d)", document)) >= 1 for payout in batch.payouts] == [True] * 3


def test_account_numbers_stay_out_of_reprs(payer: ClearingUnderTrial) -> None:
    batch = payer.batch(1250)
    secret = batch.payouts[0].payee.iban
    assert not secret or secret not in f"{batch!r} {payer.submit(batch)!r}"
