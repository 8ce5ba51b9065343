"""A label is bought where order and courier are of one mode: test money sends nothing, real money gets no sample label."""

import pytest

from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.courier import Capability
from shared.providers.installations import InstallationChange
from tests.unit.shipping.conftest import a_day, the_shipment
from tests.unit.shipping.events import TENANT, accepted, key
from tests.unit.shipping.fake_courier import CONFIG


@pytest.mark.parametrize("test", [True, False])
def test_order_and_courier_of_one_mode_buy_a_label(fulfilment, install, remote, store, test):
    installation = install("remote", CONFIG, mode="test" if test else "live")
    fulfilment.order_confirmed(accepted(installation, plugin="remote", test=test))
    found = the_shipment(store)
    assert (found.state, remote.bought, ShipmentView.of(found).test) == (State.LABELED, 1, test)


@pytest.mark.parametrize(("test", "says"), [(True, "paid in test mode"), (False, "real money")])
def test_where_the_modes_differ_no_label_is_bought_and_the_merchant_reads_why(fulfilment, install, remote, store, *, test, says):
    installation = install("remote", CONFIG, mode="live" if test else "test")
    fulfilment.order_confirmed(accepted(installation, plugin="remote", test=test))
    found = the_shipment(store)
    assert (found.state, remote.bought, found.due) == (State.DRAFT, 0, "")
    assert says in ShipmentView.of(found).problem.message


def test_no_sweep_and_no_recovery_buys_it_later(fulfilment, install, remote, sweep):
    fulfilment.order_confirmed(accepted(install("remote", CONFIG), plugin="remote", test=True))
    for _ in range(3):
        assert sweep(hours=3).state is State.DRAFT
    assert remote.bought == 0


def test_real_money_gets_its_label_once_the_courier_is_live(fulfilment, install, couriers, store, services):
    installation = install("remote", CONFIG, mode="test")
    fulfilment.order_confirmed(accepted(installation, plugin="remote"))
    couriers.change(TENANT, installation, InstallationChange(mode="live"))
    provided = services.manual_labels(a_day).provide(the_shipment(store), BuyLabel().wish(), key("1"))
    assert (provided.state, provided.setback) == (State.LABELED, None)


def test_a_test_order_does_not_count_for_a_couriers_volume_tier(fulfilment, install, remote, store):
    remote.able = Capability(labels=True, volume_tiers=True, max_packages=5)
    installation = install("remote", CONFIG, mode="test")
    fulfilment.order_confirmed(accepted(installation, plugin="remote", test=True))
    assert store.on_sale([], TENANT, [(installation, "2026-11")]).counts == {}
