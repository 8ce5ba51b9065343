"""Exactly one label, whatever happens on the way. The rule is the core's: after a lost answer ask, and never buy before that."""

from collections.abc import Iterator

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial, new_key
from conformance.proxy import DOES_NOTHING, LOSES_THE_ANSWER, Fault, Proxy
from conformance.under_trial import kind_of
from monsoon_plugin.courier import LabelRequest
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.testing import CourierTrial

FAULTS: tuple[Fault, ...] = (*LOSES_THE_ANSWER, *DOES_NOTHING, "doubled")
LOST = (ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL)
"""What sends the core to `fetch`."""
NOTHING_DONE = (ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE)
SILENCES: tuple[Fault, ...] = ("refuse", "cut", "lose", "hang", "error", "html", "empty")


@pytest.fixture
def asking(labels: CourierUnderTrial, proxy: Proxy) -> Iterator[CourierUnderTrial]:
    """Through a proxy whose faults strike questions too."""
    proxy.changes = lambda sent: True
    yield labels.at(proxy.address)
    proxy.heal()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_purchase_is_one_label_under(fault: Fault, through: CourierUnderTrial, proxy: Proxy, trial: CourierTrial) -> None:
    request, key = through.request(), new_key()
    proxy.fault, proxy.times = fault, 1
    said = kind_of(through.buy, request, key)
    assert said is None or said in LOST + NOTHING_DONE
    assert said not in NOTHING_DONE or fault in DOES_NOTHING, "it says that nothing was done, and cannot know"
    proxy.fault = ""
    if not through.capability.lookup:
        left_to_staff(through, proxy, request, key, said)
        return
    bought = through.buy_unless_found(request, key)
    proxy.heal()
    assert through.fetch(key) is not None
    assert through.buy_unless_found(request, key).label == bought.label
    if trial.labels:
        assert trial.labels(proxy.target, key) == 1


def left_to_staff(through: CourierUnderTrial, proxy: Proxy, request: LabelRequest, key: str, said: ErrorKind | None) -> None:
    """Nobody can ask for the label: the core buys again only what certainly was not bought, and all else waits for people."""
    if said in NOTHING_DONE:
        through.buy(request, key)
    proxy.heal()
    assert kind_of(through.fetch, key) is ErrorKind.UNSUPPORTED
    if through.trial.labels:
        assert through.trial.labels(proxy.target, key) <= 1


def test_being_busy_is_told(through: CourierUnderTrial, proxy: Proxy) -> None:
    request = through.request()
    proxy.fault = "busy"
    assert kind_of(through.buy, request, new_key()) is ErrorKind.RATE_LIMITED


def test_a_purchase_is_asked_for_once_and_never_tried_again(through: CourierUnderTrial, proxy: Proxy) -> None:
    request = through.request()
    before = len(proxy.changed)
    proxy.fault = "lose"
    assert kind_of(through.buy, request, new_key()) in LOST
    assert len(proxy.changed) - before == 1


@pytest.mark.parametrize("fault", SILENCES)
def test_an_unanswered_question_has_done_nothing(fault: Fault, asking: CourierUnderTrial, proxy: Proxy) -> None:
    proxy.fault = fault
    assert kind_of(asking.rates) in (ErrorKind.UNAVAILABLE, ErrorKind.PROTOCOL)


@pytest.mark.parametrize("fault", [*SILENCES, "busy"])
def test_nothing_is_called_unbought_because_nobody_answered(fault: Fault, asking: CourierUnderTrial, proxy: Proxy) -> None:
    proxy.fault = fault
    assert kind_of(asking.fetch, new_key()) is not None


def test_a_void_whose_answer_was_lost_is_asked_for_again(through: CourierUnderTrial, proxy: Proxy) -> None:
    if not through.capability.void:
        pytest.skip("it takes no label back")
    request, key = through.request(), new_key()
    label = through.buy(request, key).label
    proxy.fault, proxy.times = "lose", 1
    assert kind_of(through.void, label, key) in LOST
    proxy.heal()
    through.void(label, key)
