"""Quotes: what couriers ask, bound to lines and address, in two calls."""

from datetime import timedelta
from typing import Any

import pytest
from pynamodb.connection.base import Connection

from functions.shipping.bootstrap import Services
from functions.shipping.quotes.quote import AddressIncomplete, NotSentThere, UnknownOffer
from functions.shipping.quotes.quote_views import Converted, QuoteLine, QuotesView, WantQuotes
from monsoon_plugin.courier import Capability
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Amount
from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.api.tickets import TicketRefused
from shared.errors import Invalid, NotFound, Unavailable
from shared.providers.installations import InstallationChange
from shared.trade.fx import Rates
from tests.fakes import NOON, TICKETS, caller
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import LONDON, OWNER, PICKUP, STOREFRONT, TARIFF, TENANT, accepted, facts
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier

ANN = caller(OWNER, "client_site", storefront_id=STOREFRONT)


@pytest.fixture
def quoting(store: Any, services: Services) -> Services:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_2", supplier="acc_s2", weight=1500), 1)
    return services


def ask(services: Services, want: WantQuotes, by: Any = ANN, storefront: str = STOREFRONT) -> QuotesView:
    return QuotesView.of(services.quotes.quote(by, storefront, want.request()))


def wanted(*lines: tuple[str, int], currency: str = "GBP", country: str = "GB") -> WantQuotes:
    address = LONDON.model_copy(update={"country": country})
    return WantQuotes(lines=[QuoteLine(offer_id=o, quantity=n) for o, n in lines or [("off_1", 2)]], address=address, currency=currency)


def test_every_enabled_courier_answers_the_preferred_first_for_one_parcel_a_supplier(quoting, install):
    install("table_rate", TARIFF, rank=2)
    install("local_pickup", PICKUP, rank=1)
    found = ask(quoting, wanted(("off_1", 2), ("off_2", 1)))
    assert [(rate.plugin, rate.price.amount, rate.pickup) for rate in found.items] == [
        ("local_pickup", 0, True),
        ("table_rate", 1300, False),
    ]
    assert [(parcel.supplier_id, parcel.weight) for parcel in found.parcels] == [("acc_s1", 800), ("acc_s2", 1500)]


def test_swapping_the_preferred_courier_counts_from_the_next_quote_on(quoting, couriers, install):
    install("table_rate", TARIFF, rank=1)
    pickup = install("local_pickup", PICKUP, rank=2)
    assert ask(quoting, wanted()).items[0].plugin == "table_rate"
    couriers.change(TENANT, pickup, InstallationChange(rank=0))
    assert ask(quoting, wanted()).items[0].plugin == "local_pickup"


def test_a_ticket_is_bound_to_lines_address_and_price_and_lives_thirty_minutes(quoting, install):
    installation = install("table_rate", TARIFF)
    (rate,) = ask(quoting, wanted()).items
    quote = TICKETS.read(SHIPPING_QUOTE, rate.ticket, ShippingQuote, NOON + timedelta(minutes=29))
    assert (quote.account_id, quote.storefront_id, quote.quantities, quote.currency) == (OWNER, STOREFRONT, {"off_1": 2}, "GBP")
    assert quote.address == address_digest(LONDON)
    assert (quote.choice.installation_id, quote.choice.price, quote.choice.service) == (installation, 400, "Parcel")
    with pytest.raises(TicketRefused):
        TICKETS.read(SHIPPING_QUOTE, rate.ticket, ShippingQuote, NOON + timedelta(minutes=31))


def test_the_months_shipments_bring_the_next_tier_and_a_new_month_starts_again(quoting, clock, install):
    installation = install("table_rate", TARIFF)
    for order in ("ord_1", "ord_1", "ord_2"):
        assert ask(quoting, wanted()).items[0].price.amount == 400
        quoting.order_shipments(a_day).order_confirmed(accepted(installation, order_id=order))
    assert ask(quoting, wanted()).items[0].price.amount == 300
    clock.tick(days=30)
    assert ask(quoting, wanted()).items[0].price.amount == 400


def test_an_offer_that_is_unknown_or_recalled_is_named_by_its_line(quoting, store, install):
    install("table_rate", TARIFF)
    store.recall("off_2", 2, "lead in the glaze")
    with pytest.raises(UnknownOffer) as refusal:
        ask(quoting, wanted(("off_1", 1), ("off_2", 1), ("off_3", 1)))
    assert [error.pointer for error in refusal.value.errors] == ["/lines/1/offer_id", "/lines/2/offer_id"]


def test_an_offer_may_stand_in_one_line_only(quoting, install):
    install("table_rate", TARIFF)
    with pytest.raises(Invalid) as refusal:
        ask(quoting, wanted(("off_1", 1), ("off_1", 1)))
    assert refusal.value.errors[0].pointer == "/lines/1/offer_id"


def test_a_courier_that_does_not_go_there_or_whose_currency_no_rate_converts_is_not_asked(quoting, install):
    install("table_rate", TARIFF)
    install("local_pickup", PICKUP)
    assert ask(quoting, wanted(currency="EUR")).items == []
    assert [rate.plugin for rate in ask(quoting, wanted(country="FR")).items] == ["table_rate"]


def test_a_courier_that_needs_a_telephone_is_not_asked_before_the_address_has_one(quoting, install, remote):
    remote.able = Capability(needs=("phone",))
    needing = install("remote", CONFIG)
    with pytest.raises(AddressIncomplete) as refusal:
        ask(quoting, wanted())
    assert [error.pointer for error in refusal.value.errors] == ["/address/phone"]
    install("table_rate", TARIFF)
    found = ask(quoting, wanted())
    assert [rate.plugin for rate in found.items] == ["table_rate"]
    assert [(one.installation_id, [f.pointer for f in one.fields]) for one in found.asked] == [(needing, ["/address/phone"])]


def test_a_postcode_that_its_country_does_not_have_is_refused_before_anybody_pays(quoting, install):
    install("table_rate", TARIFF)
    want = wanted()
    with pytest.raises(Invalid) as refusal:
        ask(quoting, want.model_copy(update={"address": want.address.model_copy(update={"postal_code": "12345"})}))
    assert [error.pointer for error in refusal.value.errors] == ["/address/postal_code"]


def test_a_price_in_another_currency_is_converted_by_the_days_rates_rounded_up(quoting, services_of, install):
    install("table_rate", TARIFF)
    rates = Rates.of({"date": "2026-11-20", "per_euro": {"GBP": "0.8765", "JPY": "175.68"}})
    converting = services_of(rates=lambda: rates)
    (rate,) = ask(converting, wanted(currency="EUR")).items
    assert rate.price == Amount(amount=457, currency="EUR")  # 4.00 / 0.8765 = 4.5636
    assert rate.converted == Converted(price=Amount(amount=400, currency="GBP"), day="2026-11-20")
    ticket = TICKETS.read(SHIPPING_QUOTE, rate.ticket, ShippingQuote, NOON)
    assert (ticket.currency, ticket.choice.price) == ("EUR", 457)
    assert ask(converting, wanted(currency="JPY")).items[0].price.amount == 802
    assert ask(converting, wanted()).items[0].converted is None
    assert ask(converting, wanted(currency="CHF")).items == []


def test_a_price_that_is_beyond_all_amounts_once_converted_is_not_offered(quoting, services_of, install):
    install("local_pickup", PICKUP | {"price": 10**12})
    rates = Rates.of({"date": "2026-11-20", "per_euro": {"GBP": "0.8765"}})
    assert ask(services_of(rates=lambda: rates), wanted(currency="EUR")).items == []


def test_no_rates_are_read_where_nothing_is_converted(quoting, services_of, install):
    def unread() -> Rates:
        raise AssertionError

    install("table_rate", TARIFF)
    assert len(ask(services_of(rates=unread), wanted()).items) == 1


def test_an_offer_that_may_not_be_sent_to_the_country_is_named_by_its_line(quoting, store, install):
    install("table_rate", TARIFF)
    store.keep_facts(facts(offer_id="off_2", ships_to=("GB", "IE")), 2)
    lines = (("off_1", 1), ("off_2", 1))
    assert len(ask(quoting, wanted(*lines)).items) == 1
    with pytest.raises(NotSentThere) as refusal:
        ask(quoting, wanted(*lines, country="FR"))
    assert [(error.pointer, error.detail) for error in refusal.value.errors] == [("/lines/1/offer_id", "not sent to FR: leave it out")]


def test_a_storefront_without_a_courier_and_a_foreign_one_are_not_found(quoting, install):
    with pytest.raises(NotFound):
        ask(quoting, wanted())
    install("table_rate", TARIFF)
    with pytest.raises(NotFound):
        ask(quoting, wanted(), by=caller("acc_other", "storefront"))
    with pytest.raises(NotFound):
        ask(quoting, wanted(), storefront="sf_2")


def test_a_courier_that_fails_is_told_and_the_others_still_answer(quoting, couriers, install):
    class Broken(type(couriers.registry.get("local_pickup"))):
        def capability(self, config: Any) -> Capability:
            return Capability()

        def rates(self, ctx: Any, request: Any) -> Any:
            raise PluginError(ErrorKind.UNAVAILABLE, "down")

    install("table_rate", TARIFF)
    broken = install("local_pickup", PICKUP)
    couriers.registry.given["local_pickup"] = Broken()
    found = ask(quoting, wanted())
    assert ([rate.plugin for rate in found.items], found.silent) == (["table_rate"], [broken])


def test_a_quote_takes_two_calls(quoting, install, monkeypatch):
    install("table_rate", TARIFF)
    install("local_pickup", PICKUP)
    seen: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, operation, *more: seen.append(operation) or dispatch(self, operation, *more))
    ask(quoting, wanted(("off_1", 1), ("off_2", 1)))
    assert seen == ["Query", "BatchGetItem"]


def test_a_courier_that_the_hub_does_not_offer_any_more_is_passed_over(quoting, couriers, install):
    install("remote", CONFIG, rank=1)
    install("table_rate", TARIFF, rank=2)
    couriers.registry.remove("remote")
    assert [rate.plugin for rate in ask(quoting, wanted()).items] == ["table_rate"]


def test_a_courier_whose_function_does_not_say_what_it_is_is_silent(quoting, couriers, install):
    class Mute(FakeCourier):
        @property
        def config_model(self):
            raise Unavailable

    mute = install("remote", CONFIG, rank=1)
    install("table_rate", TARIFF, rank=2)
    couriers.registry.add("remote", Mute())
    found = ask(quoting, wanted())
    assert ([rate.plugin for rate in found.items], found.silent) == (["table_rate"], [mute])
