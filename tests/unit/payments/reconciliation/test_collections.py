"""What a courier collects at the door is captured once all is delivered, though nobody can be asked at that moment."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from functions.payments.consumers import collect_on_delivery, lower_payments
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Capability, State
from shared.order_messages import OrderReduced
from shared.shipment_messages import ShipmentDelivered
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, RemoteConfig, failing
from tests.unit.payments.test_payment_service import ORDER, PARCEL

DELIVERED = ShipmentDelivered(**PARCEL, remaining=0)
LEFT = OrderReduced.model_validate(ORDER | {"version": 4, "amount": 800, "complete": True})


@pytest.fixture
def promised(shop: Shop, remote: Remote) -> Payment:
    remote.able = remote.able.model_copy(update={"captures": "on_delivery"})
    return shop.pay(amount=1000)


@contextmanager
def silent(remote: Remote) -> Iterator[None]:
    """The plug-in runs elsewhere and does not answer, not even what it can do."""

    def capability(config: RemoteConfig | None) -> Capability:
        raise PluginError(ErrorKind.UNAVAILABLE, "the plug-in does not answer")

    remote.capability = capability  # type: ignore[method-assign]
    yield
    del remote.capability


def heard(shop: Shop, message: ShipmentDelivered | OrderReduced) -> None:
    if isinstance(message, OrderReduced):
        lower_payments(shop.payments, message)
    else:
        collect_on_delivery(shop.payments, message)


@pytest.mark.parametrize(("message", "amount"), [(DELIVERED, 1000), (LEFT, 800)])
def test_while_a_plug_in_elsewhere_is_silent_what_was_collected_is_written_down_and_the_sweep_captures_it_once(
    shop: Shop, remote: Remote, promised: Payment, message: ShipmentDelivered | OrderReduced, amount: int
) -> None:
    with silent(remote):
        for _ in range(6):
            heard(shop, message)
        shop.swept()
        assert remote.done.count("capture") == 0
    for _ in range(3):
        shop.clock.tick(hours=7)
        shop.swept()
    after = shop.reread(promised)
    assert (after.state, after.captured, remote.done.count("capture"), after.awaited) == (State.CAPTURED, amount, 1, False)


@pytest.mark.parametrize("message", [DELIVERED, LEFT])
def test_while_the_provider_is_left_alone_it_is_written_down_too(
    shop: Shop, remote: Remote, promised: Payment, message: ShipmentDelivered | OrderReduced
) -> None:
    installation = shop.installations.get(promised.tenant, promised.installation_id)
    shop.installations.store.set_circuit(installation, installation.circuit.tripped(shop.clock()), shop.clock())
    heard(shop, message)
    shop.swept()
    assert (shop.reread(promised).state, remote.done.count("capture")) == (State.CAPTURED, 1)


def test_a_capture_whose_answer_is_lost_meanwhile_is_not_made_twice(shop: Shop, remote: Remote, promised: Payment) -> None:
    remote.after = failing("capture", ErrorKind.OUTCOME_UNKNOWN, times=1)
    heard(shop, DELIVERED)
    with silent(remote):
        heard(shop, DELIVERED)
    for _ in range(2):
        shop.swept()
    after = shop.reread(promised)
    assert (after.state, remote.done.count("capture"), after.to_collect) == (State.CAPTURED, 1, False)


def test_what_is_not_paid_at_the_door_is_left_to_its_merchant(shop: Shop, remote: Remote) -> None:
    paid_by_hand = shop.pay(amount=1000)
    with silent(remote):
        heard(shop, DELIVERED)
        assert shop.reread(paid_by_hand).to_collect
    shop.swept()
    after = shop.reread(paid_by_hand)
    assert (after.state, after.to_collect, remote.done.count("capture")) == (State.AUTHORIZED, False, 0)


def test_a_payment_kept_before_collections_were_noted_is_read_as_it_was(shop: Shop, remote: Remote, promised: Payment) -> None:
    assert (shop.reread(promised).to_collect, shop.reread(promised).uncancelled) == (False, "")
