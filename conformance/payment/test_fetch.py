"""Looking up: what the provider holds, found by its reference or by ours."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.payment.shop import Shop
from conformance.proxy import Proxy
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import OperationKind
from shared.errors import Unavailable

Needs = Callable[[OperationKind], None]


@pytest.fixture
def looking(online: Shop) -> Shop:
    if not online.capability.lookup:
        pytest.skip("notices alone tell of some changes")
    return online


def test_a_payment_is_found_by_its_reference(looking: Shop) -> None:
    payment = looking.captured()
    view = looking.fetched(payment)
    assert view is not None
    assert (view.provider_ref, view.amount, view.captured) == (payment.provider_ref, payment.amount, payment.captured)


def test_a_payment_is_found_by_our_own_id(looking: Shop) -> None:
    payment = looking.captured()
    view = looking.fetched(payment, reference="")
    assert view is not None
    assert (view.amount, view.captured) == (payment.amount, payment.captured)


def test_what_the_provider_does_not_know_is_none(online: Shop) -> None:
    payment = online.start()
    assert online.fetched(payment, reference="", payment_id="pay_00000000000000000000000000") is None


def test_a_payment_of_another_amount_than_the_provider_holds_is_not_believed(online: Shop) -> None:
    payment = online.captured()
    other = replace(payment, amount=replace(payment.amount, amount=payment.amount.amount + 1), version=payment.version + 1)
    assert online.store.save(other, None, online.now())
    with pytest.raises(Unavailable):
        online.looked_up(other)
    assert online.reread(payment) == other


def test_our_refunds_are_told_by_their_keys(looking: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    payment = looking.captured()
    payment = looking.refund(payment, payment.captured)
    view = looking.fetched(payment)
    assert view is not None
    assert [(r.op_key, r.amount) for r in view.refunds] == [(looking.last(payment, OperationKind.REFUND).key(payment.id), payment.amount)]


def test_the_same_question_has_the_same_answer(looking: Shop) -> None:
    payment = looking.captured()
    assert looking.fetched(payment) == looking.fetched(payment)


def test_a_provider_that_cannot_answer_is_unavailable_not_ignorant(online: Shop, through: Shop, proxy: Proxy) -> None:
    payment = through.start()
    proxy.changes = lambda sent: True
    for fault in ("error", "lose", "html", "empty", "busy"):
        proxy.fault = fault
        with pytest.raises(PluginError) as caught:
            through.fetched(payment)
        assert caught.value.kind in (ErrorKind.UNAVAILABLE, ErrorKind.PROTOCOL, ErrorKind.RATE_LIMITED), fault
    with pytest.raises(Unavailable):
        through.looked_up(payment)
