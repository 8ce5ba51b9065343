"""What nobody said of goods is asked for before anybody pays, by the couriers that need it and by no other; nothing is guessed."""

from typing import Any

import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.labels.label_views import BuyLabel, NamedCourier
from functions.shipping.parcels.goods_needs import unsaid_of_boxes, unsaid_to_customs
from functions.shipping.quotes.quote import GoodsIncomplete
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.courier import Capability, CarrierConfig, Content, Parcel, Rate
from monsoon_plugin.errors import ErrorKind
from shared.errors import Invalid
from shared.goods.order_quantity import OrderQuantity
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import ORDER, PICKUP, SUPPLIER, TARIFF, TENANT, accepted, facts, key, line, question
from tests.unit.shipping.fake_courier import CONFIG, SHENZHEN, failing
from tests.unit.shipping.quotes.test_quote_service import ask, wanted

PRICE = Rate(id="post", service="Post", price=700, days=(3, 5))


@pytest.fixture
def known(store: Any, services: Services) -> Any:
    """Keeps facts of an offer of which this is not said."""

    def keep(*names: str, version: int = 1) -> Services:
        store.keep_facts(facts(version=version, **dict.fromkeys(names)), version)
        return services

    return keep


def refused(services: Services, **want: Any) -> list[tuple[str, str]]:
    with pytest.raises(GoodsIncomplete) as refusal:
        ask(services, wanted(**want))
    return [(error.pointer, error.detail.split(":")[0]) for error in refusal.value.errors]


def planned(store: Any) -> Any:
    (shipment,) = store.shipments(store.plan(TENANT, ORDER))
    return shipment


def test_a_tariff_by_weight_says_whose_weight_is_missing_and_a_pick_up_place_does_not_care(known, install):
    services, tariff = known("weight", "size", "hs_code", "origin"), install("table_rate", TARIFF)
    assert refused(services) == [("/lines/0/offer_id", "its supplier has not said its weight")]
    install("local_pickup", PICKUP)
    found = ask(services, wanted())
    assert [rate.plugin for rate in found.items] == ["local_pickup"]
    assert found.lacking is not None
    assert [(one.installation_id, [(g.offer_id, g.field) for g in one.goods]) for one in found.lacking] == [(tariff, [("off_1", "weight")])]
    assert (found.parcels[0].weight, found.parcels[0].contents[0].hs_code) == (0, "")


def test_a_size_is_asked_for_by_a_tariff_that_weighs_bulk_alone(known, install):
    services = known("size")
    install("table_rate", TARIFF)
    assert [rate.plugin for rate in ask(services, wanted()).items] == ["table_rate"]
    install("table_rate", TARIFF | {"cubic_mm_per_gram": 5000})
    assert [len(one.goods) for one in ask(services, wanted()).lacking or ()] == [1]


def test_an_hs_code_and_an_origin_are_asked_for_at_a_border_alone(known, install, remote):
    services, remote.prices = known("hs_code", "origin"), [PRICE]
    home = SHENZHEN.model_copy(update={"country": "GB"}).model_dump()
    install("remote", {"origin": home})
    assert [rate.rate_id for rate in ask(services, wanted()).items] == ["post"]
    assert refused(services, country="US") == [
        ("/lines/0/offer_id", "its supplier has not said its HS code, which customs ask for"),
        ("/lines/0/offer_id", "its supplier has not said its country of origin, which customs ask for"),
    ]


def test_a_courier_that_does_not_ask_for_them_is_asked_abroad_too(known, install, remote):
    services, remote.prices = known("hs_code", "origin"), [PRICE]
    remote.able = Capability(labels=True, needs_of_goods=("weight", "size"))
    install("remote", CONFIG)
    assert [rate.rate_id for rate in ask(services, wanted()).items] == ["post"]


def test_what_a_supplier_took_back_after_the_quote_is_no_guess_on_the_label_and_buys_none_until_it_is_said(known, store, install, remote):
    services, installation = known(), install("remote", CONFIG)
    known("weight", version=2)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(), plugin="remote"))
    shipment = planned(store)
    assert (shipment.state, shipment.parcel.weight, remote.bought) == (State.DRAFT, 0, 0)
    assert shipment.setback.message == (
        "Cup off_1: its supplier has not said its weight; "
        "ask the supplier to send it with the product's next version, then have the parcel labelled"
    )
    known(version=3)
    assert services.awaited_couriers(a_day)._packed(shipment, services.courier_calls(a_day).of_shipment(shipment)).weight == 800


def test_a_parcel_that_no_box_takes_says_whose_weight_is_missing_and_is_too_heavy_only_where_all_is_said(known, store, install, remote):
    services, installation = known("size"), install("remote", CONFIG)
    shown = []
    for lacking in ((), ("weight", "size")):
        store.keep_facts(facts(offer_id="off_3", version=2 + len(lacking), **dict.fromkeys(lacking)), 2 + len(lacking))
        remote.able = Capability(labels=True, max_weight=100, max_packages=1)
        order = accepted(installation, line(), line("off_3"), plugin="remote", order_id=f"ord_{len(lacking)}")
        services.order_shipments(a_day).order_confirmed(order)
        (shipment,) = store.shipments(store.plan(TENANT, order.order_id))
        shown.append(shipment.setback.message.partition("; ask")[0])
    known(version=9)
    store.keep_facts(facts(offer_id="off_3", version=9), 9)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(), plugin="remote", order_id="ord_9"))
    (shipment,) = store.shipments(store.plan(TENANT, "ord_9"))
    assert [*shown, shipment.setback.message] == [
        "Cup off_1: its supplier has not said its packed size",
        "Cup off_1: its supplier has not said its packed size; Cup off_3: its supplier has not said its weight and its packed size",
        "too heavy, or too many parcels, for this courier",
    ]


def test_of_many_things_and_of_long_titles_some_is_said(store):
    contents = tuple(Content(offer_id=f"o{n}", title=f"{n}" * 500, quantity=1, weight=0, hs_code="", origin="") for n in range(5))
    known = {c.offer_id: facts(weight=None).model_copy(update={"offer_id": c.offer_id}) for c in contents}
    said = unsaid_of_boxes(Parcel(supplier_id=SUPPLIER, weight=0, volume=0, contents=contents), known)
    assert said.startswith(f"{'0' * 80}: its supplier has not said its weight; {'1' * 80}: ")
    assert "; and of 2 things more; ask the supplier" in said
    assert len(said) < 600


@pytest.mark.parametrize("unsaid", ["weight", "size"])
def test_what_a_supplier_took_back_after_the_plan_makes_no_box_of_a_gram_when_units_leave_the_parcel(known, store, install, remote, unsaid):
    """It is labelled anew in the boxes that were planned, and no other courier is told of boxes that nobody knows."""
    services, installation = known(), install("remote", CONFIG)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(quantity=3), plugin="remote"))
    before = remote.requests[-1].parcel.packages[0]
    known(unsaid, version=2)
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}))
    (after,) = remote.requests[-1].parcel.packages
    assert (remote.bought, after.weight * 3, after.contents[0].weight * 3) == (2, before.weight * 2, before.weight * 2)
    assert (after.length, after.width, after.height) == (before.length, before.width, before.height)


def test_a_label_that_was_refused_is_bought_again_with_what_was_planned_and_of_another_courier_only_by_what_is_said(
    known, store, install, remote
):
    services, installation, other = known(), install("remote", CONFIG), install("remote", CONFIG, rank=7)
    remote.before = failing(ErrorKind.DECLINED, "buy")
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(), plugin="remote"))
    known("weight", version=2)
    labels, named = services.manual_labels(a_day), NamedCourier(installation_id=other, rate_id="post")
    with pytest.raises(Invalid, match="Cup off_1: its supplier has not said its weight; ask the supplier"):
        labels.provide(planned(store), BuyLabel(courier=named).wish(), key("1"))
    assert labels.provide(planned(store), BuyLabel().wish(), key("2")).state is State.LABELED
    assert remote.requests[-1].parcel.packages[0].weight == 800


def test_a_label_over_a_border_is_not_bought_without_what_customs_ask_for(known, store, install, remote):
    services, installation = known("origin"), install("remote", CONFIG)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(), plugin="remote"))
    shipment = planned(store)
    assert (shipment.state, remote.bought) == (State.DRAFT, 0)
    assert shipment.setback.message.startswith(
        "Cup off_1: its supplier has not said its country of origin, which customs ask for; ask the supplier"
    )
    config = CarrierConfig.model_validate(CONFIG)
    assert unsaid_to_customs(shipment.parcel, Capability(needs_of_goods=()), config, "GB") == ""
    assert unsaid_to_customs(shipment.parcel, Capability(), config, "CN") == ""
    assert shipment.supplier_id == SUPPLIER


def test_a_quote_of_a_quantity_that_is_not_sold_is_refused_with_what_to_order(store, services, install):
    install("local_pickup", PICKUP)
    store.keep_facts(facts().model_copy(update={"order_quantity": OrderQuantity(minimum=4, multiple=2)}), 1)
    with pytest.raises(Invalid) as refusal:
        ask(services, wanted(("off_1", 5)))
    assert [(e.pointer, e.detail.rpartition(": ")[2]) for e in refusal.value.errors] == [("/lines/0/quantity", "order 4 or 6")]
    assert ask(services, wanted(("off_1", 6))).items
