"""Where a sealed parcel goes is known to its courier, to customs and to who packs it, and lies nowhere in the clear."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.recipients import ERASED
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.shipping_items import ShipmentItem
from monsoon_plugin.courier import Capability
from shared.order_messages import OrderAccepted
from shared.sealing.sealing import Sealing
from tests.fakes import sealing_in_memory
from tests.unit.shipping.conftest import Make, a_day, the_shipment
from tests.unit.shipping.events import LONDON, TARIFF, TENANT, accepted, cancelled, facts, key
from tests.unit.shipping.fake_courier import CONFIG


@pytest.fixture
def sealing() -> Sealing:
    return sealing_in_memory()


def sealed(event: OrderAccepted, sealing: Sealing, address: Any = LONDON) -> OrderAccepted:
    """The event as orders tells it of a sealed order."""
    (text,) = sealing.seal(TENANT, address.model_dump_json())
    return OrderAccepted.model_validate_json(event.model_copy(update={"address": None, "sealed_address": text}).model_dump_json())


@pytest.mark.parametrize("plugin", ["remote", "table_rate"])
def test_its_label_is_bought_and_its_supplier_reads_where_it_goes(store, services_of: Make, install, sealing: Sealing, plugin: str):
    store.keep_facts(facts(), 1)
    services = services_of(sealing=sealing)
    installation = install(plugin, CONFIG if plugin == "remote" else TARIFF)
    services.order_shipments(a_day).order_confirmed(sealed(accepted(installation, plugin=plugin), sealing))
    found = the_shipment(store)
    assert (found.state, found.address) == (State.LABELED, None)
    assert ShipmentView.shown(services.recipients, found).address == LONDON
    assert LONDON.lines[0] not in json.dumps([item.shipment for item in ShipmentItem.scan() if getattr(item, "shipment", None)])


def test_the_courier_is_told_the_address_and_customs_papers_have_it(store, services_of: Make, install, remote, sealing: Sealing):
    store.keep_facts(facts(), 1)
    services = services_of(sealing=sealing)
    remote.able = Capability(labels=True, max_packages=5, customs=False)
    tokyo = LONDON.model_copy(update={"country": "JP", "city": "Tokyo", "postal_code": "100-0001"})
    services.order_shipments(a_day).order_confirmed(sealed(accepted(install("remote", CONFIG), plugin="remote"), sealing, tokyo))
    found = the_shipment(store)
    assert remote.requests[-1].address == tokyo
    assert [document.kind for document in found.documents] == ["label", "commercial_invoice", "cn23"]


@pytest.fixture
def erased_order(store, services_of: Make, install, sealing: Sealing):
    """Confirm an order by this plug-in whose buyer is erased by then; answers shipping's parts."""
    store.keep_facts(facts(), 1)
    services = services_of(sealing=sealing)

    def confirmed(plugin: str, before: Callable[[], object] = lambda: None) -> Services:
        event = sealed(accepted(install(plugin, CONFIG if plugin == "remote" else TARIFF), plugin=plugin), sealing)
        sealing.erase(event.sealed_address)
        before()
        services.order_shipments(a_day).order_confirmed(event)
        return services

    return confirmed


@pytest.mark.parametrize("plugin", ["remote", "table_rate"])
def test_where_it_is_erased_no_label_is_bought_and_the_merchant_reads_why(store, remote, erased_order: Any, plugin: str):
    services = erased_order(plugin)
    found = the_shipment(store)
    assert (found.state, found.due, remote.bought, found.setback.message) == (State.DRAFT, "", 0, ERASED)
    assert (found.untold, ShipmentView.shown(services.recipients, found).address) == (False, None)
    services.order_shipments(a_day).order_cancelled(cancelled())
    assert the_shipment(store).state is State.VOIDED


def test_where_it_is_erased_and_bought_again_none_is_bought_either(store, remote, erased_order: Any):
    services = erased_order("remote")
    again = services.manual_labels(a_day).provide(the_shipment(store), BuyLabel().wish(), key("1"))
    assert (again.state, remote.bought, again.setback.message) == (State.DRAFT, 0, ERASED)


def test_a_draft_that_awaits_a_courier_which_computes_is_told_once_that_it_is_erased(store, couriers, clock, remote, *, erased_order: Any):
    remote.manifest = replace(remote.manifest, allowed_hosts=())
    services = erased_order("remote", before=lambda: couriers.registry.remove("remote"))
    assert the_shipment(store).awaits_courier
    couriers.registry.add("remote", remote)
    clock.tick(days=1)
    services.sweep(a_day).run(store.due(clock(), 100))
    found = the_shipment(store)
    assert (found.state, found.awaits_courier, found.due, found.setback.message) == (State.DRAFT, False, "", ERASED)


def test_a_page_of_sealed_and_older_parcels_is_opened_in_one_read(services_of: Make, sealing: Sealing, order):
    older = order()
    texts = [sealing.seal(TENANT, LONDON.model_dump_json())[0] for _ in range(3)]
    page = [older, *(older.model_copy(update={"address": None, "sealed_address": text}) for text in texts)]
    asked: list[int] = []

    class Counting:
        def open(self, texts: Any) -> Any:
            asked.append(len(texts))
            return sealing.open(texts)

    shown = services_of(sealing=Counting()).recipients.shown(page)
    assert [one.address for one in shown] == [older.address, LONDON, LONDON, LONDON]
    assert asked == [3]
