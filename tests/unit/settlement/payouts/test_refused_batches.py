"""A batch that was lost, sent again and refused then: its first request may come yet, so nobody in it is paid by another before that."""

from typing import Any

import pytest

from monsoon_plugin.errors import ErrorKind, PluginError
from shared.providers.late_requests import LAST_ARRIVAL
from tests.unit.settlement.events import SUPPLIER
from tests.unit.settlement.payout_fakes import Payday, owe

LOST = PluginError(ErrorKind.OUTCOME_UNKNOWN, "lost")
REFUSED = PluginError(ErrorKind.DECLINED, "limit reached")


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"))
    made.account(SUPPLIER)
    owe(1500)
    return made


def let_pass(payday: Payday, hours: float) -> None:
    """Let so many hours pass, the sweep run in each."""
    for _ in range(int(hours)):
        payday.sweep(hours=1)


def test_what_comes_after_its_repetition_was_refused_is_paid_once(payday: Payday) -> None:
    payday.bank.refuses = [LOST, *[REFUSED] * 9]
    let_pass(payday, 18)
    batch = payday.batches()[0]
    assert (batch.state, batch.reason.endswith("limit reached"), payday.due()) == ("unknown", True, {})
    payday.bank.refuses = []
    payday.bank.paid |= payday.bank.lost  # what was sent first arrives
    let_pass(payday, 96)
    assert (payday.paid_out(), payday.due(), payday.batches()[-1].state) == ({SUPPLIER: 1500}, {}, "settled")


def test_the_refusal_is_final_when_nothing_can_arrive_any_more(payday: Payday) -> None:
    payday.bank.refuses = [LOST, *[REFUSED] * 99]
    let_pass(payday, 18 + LAST_ARRIVAL.total_seconds() / 3600)
    first = payday.batches()[-1]
    assert (first.state, first.reason) == ("settled", "limit reached")
    payday.bank.refuses = []
    let_pass(payday, 48)
    assert payday.paid_out() == {SUPPLIER: 1500}


def test_a_refusal_of_what_was_never_lost_is_final_at_once(payday: Payday) -> None:
    payday.bank.refuses = [REFUSED]
    payday.sweep(hours=1)
    payday.sweep(hours=1)
    assert (payday.batches()[-1].state, payday.batches()[-1].reason) == ("settled", "limit reached")
