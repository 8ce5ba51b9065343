"""A write that meets a transaction of another has lost a race: nothing is dropped, and nothing fails for it."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError, UpdateError

from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipping_items import KnownItem, ShipmentItem
from monsoon_plugin.errors import ErrorKind
from shared.errors import Conflict
from shared.optimistic_retry import Contended
from tests.unit.shipping.conftest import a_day, the_shipment
from tests.unit.shipping.events import accepted, facts, key, question
from tests.unit.shipping.fake_courier import CONFIG, failing

CONFLICT = ClientError({"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}}, "PutItem")


@pytest.fixture
def in_the_way(monkeypatch: Any) -> Callable[..., None]:
    """A transaction is in the way of each item's next write that `of` is true of, as often as is said."""

    def stand(of: Callable[[Any], bool], times: int = 1) -> None:
        save, update, left = ShipmentItem.save, KnownItem.update, [times]

        def meet(item: Any, error: type[Exception]) -> None:
            if left[0] and of(item):
                left[0] -= 1
                raise error("in the way", CONFLICT)

        def saved(item: Any, **more: Any) -> Any:
            meet(item, PutError)
            return save(item, **more)

        def updated(item: Any, *what: Any, **more: Any) -> Any:
            meet(item, UpdateError)
            return update(item, *what, **more)

        monkeypatch.setattr(ShipmentItem, "save", saved)
        monkeypatch.setattr(KnownItem, "update", updated)

    return stand


def test_a_sold_label_is_kept_though_a_transaction_was_in_the_way(store, services, install, remote, in_the_way):
    store.keep_facts(facts(), 1)
    in_the_way(lambda item: '"labeled"' in item.shipment)
    services.order_shipments(a_day).order_confirmed(accepted(install("remote", CONFIG), plugin="remote"))
    assert (the_shipment(store).state, remote.bought) == (State.LABELED, 1)


def test_a_renewal_that_a_transaction_was_in_the_way_of_is_the_sweeps(order, services, remote, in_the_way, sweep):
    order()
    in_the_way(lambda item: '"old_label"' in item.shipment)
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}))
    assert (sweep().state, remote.bought) == (State.LABELED, 2)


def test_a_merchants_purchase_that_a_transaction_was_in_the_way_of_is_refused(order, services, remote, in_the_way):
    remote.before = failing(ErrorKind.DECLINED, "buy")
    shipment = order()
    in_the_way(lambda item: True)
    with pytest.raises(Conflict):
        services.manual_labels(a_day).provide(shipment, BuyLabel().wish(), key("1"))
    assert remote.bought == 0


def test_news_of_an_offer_that_a_transaction_is_in_the_way_of_are_not_taken_for_old(store, in_the_way):
    store.keep_facts(facts(), 1)
    in_the_way(lambda item: True)
    with pytest.raises(Contended):
        store.recall("off_1", 2, "lead in the glaze")
    store.recall("off_1", 2, "lead in the glaze")
    assert store.recalled(["off_1"]) == {"off_1": "lead in the glaze"}
