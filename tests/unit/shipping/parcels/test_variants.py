"""Each variant is packed as it is: its weight, size and title; one that its product has no more is sent, but not quoted."""

from typing import Any

import pytest
from pynamodb.connection.base import Connection

from functions.shipping.bootstrap import Services
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.shipping.quotes.quote import UnknownOffer
from functions.shipping.quotes.quote_views import QuoteLine, WantQuotes
from shared.messages import OfferRecalled
from shared.trade.product import Size
from tests.fakes import caller
from tests.unit.orders.inventory.test_variants import BLUE, PRODUCT, RED, scarf
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import LONDON, ORDER, OWNER, STOREFRONT, SUPPLIER, TARIFF, TENANT, accepted, line


def published(version: int = 1, gone: tuple[str, ...] = (), **stock: int) -> Any:
    message = scarf(version, gone, **stock)
    heavy = [v.model_copy(update={"weight": 900, "size": Size(length=9, width=9, height=9)}) if v.sku == "S-blue" else v
             for v in message.product.variants]  # fmt: skip
    return message.model_copy(update={"supplier_id": SUPPLIER, "product": message.product.model_copy(update={"variants": heavy})})


def recalled(version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id=RED, product_id="prd", supplier_id=SUPPLIER, reason="dye", variants=[RED, BLUE])


def quote(services: Services) -> Any:
    lines = [QuoteLine(offer_id=offer_id, quantity=1) for offer_id in (RED, BLUE)]
    want = WantQuotes(lines=lines, address=LONDON, currency="GBP")
    return services.quotes.quote(caller(OWNER, "client_site", storefront_id=STOREFRONT), STOREFRONT, want.request())


def test_a_parcel_holds_each_variant_by_its_title_weight_and_size():
    facts = {each.offer_id: ParcelFacts.of(each, SUPPLIER) for each in published(red=1, blue=1).offers()}
    (parcel,) = parcels({RED: 1, BLUE: 2}, facts)
    assert [(content.title, content.weight) for content in parcel.contents] == [
        ("Blue mug, 300 ml — red", 400), ("Blue mug, 300 ml — blue", 1800),
    ]  # fmt: skip
    assert parcel.volume == 100 * 100 * 120 + 2 * 9**3


def test_a_variant_that_is_gone_is_not_quoted_and_a_parcel_with_it_is_not_held(services, install):
    installation = install("table_rate", TARIFF)
    services.recall_walks.product_published(published(red=1, blue=1))
    quote(services)
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(RED), line(BLUE)))
    services.recall_walks.product_published(published(2, gone=(BLUE,), red=1))
    with pytest.raises(UnknownOffer) as refusal:
        quote(services)
    assert [error.pointer for error in refusal.value.errors] == ["/lines/1/offer_id"]
    (parcel,) = services.store.shipments(services.store.plan(TENANT, ORDER))
    assert parcel.held == ()


def test_a_recall_holds_parcels_with_any_variant_and_a_publication_frees_them_those_with_what_is_gone_too(services, install):
    installation = install("table_rate", TARIFF)
    services.recall_walks.product_published(published(red=1, blue=1))
    services.order_shipments(a_day).order_confirmed(accepted(installation, line(BLUE)))
    services.recall_walks.product_published(published(2, gone=(BLUE,), red=1))

    def held() -> list[str]:
        (parcel,) = services.store.shipments(services.store.plan(TENANT, ORDER))
        return [hold.offer_id for hold in parcel.held]

    services.recall_walks.offer_recalled(recalled(3))
    assert held() == [BLUE]
    services.recall_walks.product_published(published(4, gone=(BLUE,), red=1))
    assert held() == []


def test_a_parcel_with_what_was_dropped_while_it_was_recalled_stays_held_or_is_if_the_recall_was_never_heard(services, install):
    installation = install("table_rate", TARIFF)
    services.recall_walks.product_published(published(red=1, blue=1))
    for order, offer_id in (("ord_1", RED), ("ord_2", BLUE)):
        services.order_shipments(a_day).order_confirmed(accepted(installation, line(offer_id), order_id=order))
    back = published(3, red=1).model_copy(update={"withheld": [BLUE], "withheld_for": "lead"})
    for _ in range(2):
        services.recall_walks.product_published(back)
    services.recall_walks.offer_recalled(recalled(2))
    parcels = [services.store.shipments(services.store.plan(TENANT, order)) for order in ("ord_1", "ord_2")]
    assert [(hold.offer_id, hold.reason) for (parcel,) in parcels for hold in parcel.held] == [(BLUE, "lead")]


def test_a_recall_reaches_what_is_gone_since_so_long_that_no_event_names_it_and_parcels_that_are_made_after_it(services, install):
    installation = install("table_rate", TARIFF)
    services.recall_walks.product_published(published(red=1, blue=1))
    ship = services.order_shipments(a_day).order_confirmed
    ship(accepted(installation, line(BLUE), order_id="ord_1"))
    services.recall_walks.product_published(published(2, gone=(BLUE,), red=1))
    more = {"more_gone": True}
    services.recall_walks.product_published(published(3, red=1).model_copy(update=more))

    def held() -> list[str]:
        plans = (services.store.plan(TENANT, order) for order in ("ord_1", "ord_2"))
        return [hold.offer_id for plan in plans if plan for parcel in services.store.shipments(plan) for hold in parcel.held]

    for _ in range(2):
        services.recall_walks.offer_recalled(recalled(4).model_copy(update={"product_id": PRODUCT, "variants": [RED], **more}))
    assert held() == [BLUE]
    ship(accepted(installation, line(BLUE), order_id="ord_2"))
    assert held() == [BLUE, BLUE]
    services.recall_walks.product_published(published(5, red=1).model_copy(update=more))
    assert held() == []


def test_what_was_recalled_by_its_product_alone_and_is_a_variant_again_when_that_is_on_sale_is_free(services, install):
    services.recall_walks.product_published(published(red=1, blue=1))
    accept = accepted(install("table_rate", TARIFF), line(BLUE))
    services.order_shipments(a_day).order_confirmed(accept)
    more = {"more_gone": True}
    services.recall_walks.product_published(published(2, gone=(BLUE,), red=1).model_copy(update=more))
    services.recall_walks.offer_recalled(recalled(3).model_copy(update={"product_id": PRODUCT, "variants": [RED], **more}))

    def held() -> list[str]:
        return [hold.offer_id for parcel in services.store.shipments(services.store.plan(TENANT, "ord_1")) for hold in parcel.held]

    assert held() == [BLUE]
    services.recall_walks.product_published(published(4, red=1, blue=1).model_copy(update=more))
    assert held() == []


def test_what_a_supplier_has_unsent_is_read_once_for_all_offers_of_a_product(services, install, monkeypatch):
    installation = install("table_rate", TARIFF)
    services.recall_walks.product_published(published(red=1, blue=1))
    for order, offer_id in (("ord_1", RED), ("ord_2", BLUE)):
        services.order_shipments(a_day).order_confirmed(accepted(installation, line(offer_id), order_id=order))
    queries: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, name, *more: queries.append(name) or dispatch(self, name, *more))

    def held() -> list[str]:
        queries.clear()
        parcels = [services.store.shipments(services.store.plan(TENANT, order)) for order in ("ord_1", "ord_2")]
        return [hold.offer_id for (parcel,) in parcels for hold in parcel.held]

    services.recall_walks.offer_recalled(recalled(2))
    assert queries.count("Query") == 1
    assert held() == [RED, BLUE]
    services.recall_walks.product_published(published(3, red=1, blue=1))
    assert queries.count("Query") == 1
    assert held() == []
