"""Quotes of virtual goods: alone they are for nothing and by nobody; beside others they weigh nothing."""

from typing import Any

import pytest

from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote
from shared.errors import NotFound
from shared.order_messages import SHIPS_NOTHING
from tests.fakes import NOON, TICKETS
from tests.unit.shipping.conftest import Make
from tests.unit.shipping.events import TARIFF, facts
from tests.unit.shipping.quotes.test_quote_service import ask, wanted


@pytest.fixture
def known(store: Any) -> None:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_3", requires_shipping=False), 1)


def test_a_client_site_that_always_asks_gets_one_rate_for_nothing_though_no_courier_is_installed(known: None, services: Any) -> None:
    found = ask(services, wanted(("off_3", 2)))
    (rate,) = found.items
    assert (rate.plugin, rate.price.amount, found.parcels) == ("virtual", 0, [])
    assert TICKETS.read(SHIPPING_QUOTE, rate.ticket, ShippingQuote, NOON).choice == SHIPS_NOTHING


def test_installed_couriers_are_not_offered_for_what_does_not_travel(known: None, services: Any, install: Any) -> None:
    install("table_rate", TARIFF)
    assert [rate.plugin for rate in ask(services, wanted(("off_3", 2))).items] == ["virtual"]


def test_beside_goods_that_travel_they_weigh_nothing_and_are_in_no_parcel(known: None, services: Any, install: Any) -> None:
    install("table_rate", TARIFF)
    with_it, without = (ask(services, wanted(*lines)) for lines in ([("off_1", 1), ("off_3", 9)], [("off_1", 1)]))
    assert with_it.items[0].price == without.items[0].price
    assert [[content.offer_id for content in parcel.contents] for parcel in with_it.parcels] == [["off_1"]]
    ticket = TICKETS.read(SHIPPING_QUOTE, with_it.items[0].ticket, ShippingQuote, NOON)
    assert ticket.quantities == {"off_1": 1, "off_3": 9}


def test_a_missing_courier_is_said_where_something_travels(known: None, services: Any) -> None:
    with pytest.raises(NotFound):
        ask(services, wanted(("off_1", 1), ("off_3", 1)))


def test_nobody_is_asked_for_the_safety_of_a_thing_that_is_none(known: None, services_of: Make) -> None:
    request = wanted(("off_3", 1), country="DE")
    request = request.model_copy(update={"address": request.address.model_copy(update={"postal_code": "10115"})})
    assert ask(services_of(demands_safety=True), request).items[0].plugin == "virtual"
