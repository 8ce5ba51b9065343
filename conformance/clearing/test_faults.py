"""Exactly one payout, whatever happens on the way: after a lost answer the core asks, and sends only what did not arrive."""

import time

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial
from conformance.proxy import DOES_NOTHING, LOSES_THE_ANSWER, Fault, Proxy
from conformance.under_trial import CALL, SPARE, kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.testing import ClearingTrial

FAULTS: tuple[Fault, ...] = (*LOSES_THE_ANSWER, *DOES_NOTHING, "doubled")
LOST = (ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL)
NOTHING_DONE = (ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_payout_is_paid_once_under(fault: Fault, through: ClearingUnderTrial, proxy: Proxy, trial: ClearingTrial) -> None:
    batch = through.batch(1250)
    proxy.fault, proxy.times = fault, 1
    said = kind_of(through.submit, batch)
    assert said is None or said in LOST + NOTHING_DONE
    assert said not in NOTHING_DONE or fault in DOES_NOTHING, "it says that nothing was done, and cannot know"
    proxy.fault = ""
    through.submit_unless_found(batch)
    proxy.heal()
    assert [view.state for view in through.submit_unless_found(batch).payouts] == ["paid"]
    if trial.transfers:
        assert trial.transfers(proxy.target, batch.payouts[0].id) == 1


@pytest.mark.parametrize("fault", ["lose", "busy", "error_after"])
def test_a_batch_that_breaks_off_is_paid_once_each(fault: Fault, through: ClearingUnderTrial, proxy: Proxy, trial: ClearingTrial) -> None:
    batch = through.batch(100, 200, 300)
    through.submit(type(batch)(batch.batch_key, batch.payouts[:1], batch.execute_on))
    proxy.fault, proxy.times = fault, 1
    assert kind_of(through.submit, batch) in LOST + NOTHING_DONE
    proxy.heal()
    assert through.submit_unless_found(batch).total.amount == 600
    if trial.transfers:
        assert [trial.transfers(proxy.target, payout.id) for payout in batch.payouts] == [1, 1, 1]


def test_being_busy_is_told(through: ClearingUnderTrial, proxy: Proxy) -> None:
    proxy.fault = "busy"
    assert kind_of(through.submit, through.batch(1250)) is ErrorKind.RATE_LIMITED


def test_a_payout_is_asked_for_once_and_never_tried_again(through: ClearingUnderTrial, proxy: Proxy) -> None:
    proxy.fault = "lose"
    assert kind_of(through.submit, through.batch(1250)) in LOST
    assert len(proxy.changed) == 1


@pytest.mark.parametrize("fault", ["refuse", "cut", "lose", "error", "html", "empty", "busy"])
def test_nothing_is_called_unpaid_because_nobody_answered(fault: Fault, through: ClearingUnderTrial, proxy: Proxy) -> None:
    batch = through.batch(1250)
    through.submit(batch)
    proxy.changes, proxy.fault = lambda sent: True, fault
    assert kind_of(through.fetch, batch) is not None


def test_a_provider_that_hangs_is_left_in_time(through: ClearingUnderTrial, proxy: Proxy) -> None:
    proxy.fault, begun = "hang", time.monotonic()
    assert kind_of(through.submit, through.batch(1250)) in LOST
    assert time.monotonic() - begun < CALL.total_seconds() + SPARE


def test_a_provider_that_is_not_there_was_sent_nothing(payer: ClearingUnderTrial) -> None:
    if not payer.address:
        pytest.skip("it calls nobody")
    assert kind_of(payer.at("http://127.0.0.1:1").submit, payer.batch(1250)) is ErrorKind.UNAVAILABLE
