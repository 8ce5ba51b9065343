"""An operation's key and its sending: however often it is tried, the provider sees one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.payments.lifecycle.operation import Operation
from functions.payments.operation_runner import with_sent_operation
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import OperationKind
from shared.errors import Conflict
from tests.fakes import NOON
from tests.unit.payments.lifecycle.test_payment import NEW

REFUND = Operation(id="ref_1", kind=OperationKind.REFUND, amount=500)
AWAY = PluginError(ErrorKind.UNAVAILABLE, "away")


@pytest.mark.parametrize("kind", list(OperationKind))
def test_every_try_of_an_operation_has_the_same_key_and_no_other_has_it(kind):
    first = Operation(id="ref_1", kind=kind, amount=500)
    tries = [first, first.sent(NOON), first.sent(NOON).failed(AWAY).sent(NOON + timedelta(hours=1))]
    assert len({one.key("pay_1") for one in tries}) == 1
    assert len({first.key("pay_1"), first.key("pay_2"), Operation(id="ref_2", kind=kind, amount=500).key("pay_1")}) == 3


def test_what_another_has_sent_is_sent_by_nobody_else_until_it_failed_for_a_while():
    sent = with_sent_operation(replace(NEW, captured=500), REFUND.sent(NOON))
    with pytest.raises(Conflict):
        with_sent_operation(sent, REFUND.sent(NOON))
    again = sent.with_operation(REFUND.sent(NOON).failed(AWAY))
    assert with_sent_operation(again, REFUND.sent(NOON)).operation("ref_1") == REFUND.sent(NOON)
