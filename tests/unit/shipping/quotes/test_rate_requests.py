"""Couriers asked side by side: the slow, the broken and the failing keep nobody waiting; the quote says why a rate is cheap."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from functions.shipping.quotes.quote_service import QuoteService
from functions.shipping.quotes.quote_ticket import QuoteTickets
from functions.shipping.quotes.quote_views import QuoteLine, QuotesView, WantQuotes
from functions.shipping.quotes.rate_reasons import ComparedRate, break_even, rate_reasons
from functions.shipping.quotes.rate_requests import LONGEST_CALL
from monsoon_plugin.courier import Rate
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.trade.fx import NO_RATES, Rates
from tests.fakes import TICKETS, caller
from tests.unit.shipping.events import LONDON, OWNER, STOREFRONT, TARIFF, facts
from tests.unit.shipping.fake_courier import CONFIG, failing

ANN = caller(OWNER, "client_site", storefront_id=STOREFRONT)
WANTED = WantQuotes(lines=[QuoteLine(offer_id="off_1", quantity=2)], address=LONDON, currency="GBP")


@pytest.fixture
def quote(store: Any, couriers: Any, clock: Any, remote: Any) -> Any:
    store.keep_facts(facts(), 1)
    remote.prices = [Rate(id="express", service="Express", price=350, days=(1, 2), carrier="UPS")]

    def ask(rates: Rates = NO_RATES, within: timedelta = LONGEST_CALL) -> QuotesView:
        service = QuoteService(store, couriers, tickets=QuoteTickets(TICKETS, clock), rates=lambda: rates, within=within)
        return QuotesView.of(service.quote(ANN, STOREFRONT, WANTED.request()))

    return ask


def test_the_cheapest_is_marked_and_each_says_why_in_numbers_and_words(quote, install):
    install("table_rate", TARIFF, rank=1)
    install("remote", CONFIG, rank=2)
    table, remote = quote().items
    assert (table.cheapest, remote.cheapest, remote.carrier) == (False, True, "UPS")
    assert [(r.code, r.amount, r.shipments, r.days) for r in table.why] == [("dearer", 50, None, None), ("cheaper_from", 50, 2, None)]
    assert [(r.code, r.amount, r.days) for r in remote.why] == [("cheapest", 50, None), ("fastest", None, 2)]
    assert table.why[1].words["en"] == "from 2 shipments a month on, it would cost 0.50 GBP less than the cheapest does now"
    assert "2 单" in table.why[1].words["zh"]


def test_a_courier_that_hangs_does_not_delay_the_others_beyond_its_time(quote, install, remote, couriers):
    end = threading.Event()
    remote.before = lambda call: end.wait(10)
    install("table_rate", TARIFF)
    hanging = install("remote", CONFIG)
    started = time.monotonic()
    found = quote(within=timedelta(seconds=0.3))
    took = time.monotonic() - started
    end.set()
    assert ([rate.plugin for rate in found.items], found.silent) == (["table_rate"], [hanging])
    assert took < 1.5
    assert couriers.heard == [(hanging, ErrorKind.UNAVAILABLE)]


def test_slow_couriers_are_asked_at_the_same_time(quote, install, remote):
    together = threading.Barrier(4, timeout=3)
    remote.before = lambda call: together.wait()
    for rank in range(4):
        install("remote", CONFIG, rank=rank)
    assert len(quote().items) == 4


def test_a_courier_that_failed_or_is_left_alone_is_named_as_silent(quote, install, remote, couriers):
    remote.before = failing(ErrorKind.UNAVAILABLE, "rates")
    one = install("remote", CONFIG)
    assert (quote().silent, couriers.heard) == ([one], [(one, ErrorKind.UNAVAILABLE)])
    assert quote().silent == []
    couriers.broken.add(one)
    asked: list[str] = []
    remote.before = asked.append
    assert (quote().silent, asked) == ([one], [])


def test_a_parcel_too_heavy_for_a_courier_is_not_asked_of_it(quote, install, remote):
    remote.able = remote.able.model_copy(update={"max_weight": 399})
    install("remote", CONFIG)
    found = quote()
    assert (found.items, found.silent) == ([], [])


def test_a_rate_in_its_own_currency_is_converted_or_left_out(quote, install, remote):
    remote.prices = [Rate(id="r", service="R", price=1000, days=(1, 2), currency="USD")]
    install("remote", CONFIG)
    assert quote().items == []
    (rate,) = quote(Rates.of({"date": "2026-10-30", "per_euro": {"GBP": "0.8", "USD": "1.0"}})).items
    assert (rate.price.amount, rate.converted.price.currency) == (800, "USD")


def test_a_tier_that_is_reached_says_what_it_saves():
    (said,) = rate_reasons([ComparedRate(300, 5, 2, lambda n: 300 if n >= 2 else 400)], "GBP")
    assert [(r.code, r.amount, r.shipments) for r in said] == [("cheapest", 0, None), ("volume_tier", 100, 2)]


@pytest.mark.parametrize("start", [1, 7, 500, 99_999])
def test_the_break_even_is_the_first_shipment_at_which_it_is_cheaper(start):
    assert break_even(ComparedRate(400, 5, 0, lambda n: 300 if n >= start else 400), 350) == (start, 300)


def test_there_is_no_break_even_where_no_volume_makes_it_cheaper():
    assert break_even(ComparedRate(400, 5, 0, lambda n: 350), 350) is None
    assert break_even(ComparedRate(400, 5, 0, lambda n: None), 350) is None
    assert break_even(ComparedRate(400, 5), 350) is None


def test_of_equal_prices_the_preferred_is_the_cheapest_and_nothing_is_said_of_no_rate():
    first, second = rate_reasons([ComparedRate(400, 5), ComparedRate(400, 3)], "JPY")
    assert ([r.code for r in first], [r.code for r in second]) == (["cheapest"], ["dearer", "fastest"])
    assert second[0].words["en"] == "0 JPY more than the cheapest"
    assert rate_reasons([], "GBP") == []


def test_a_plug_in_that_breaks_is_silent_and_its_words_are_not_logged(quote, install, remote, couriers, caplog):
    one, secret = install("remote", CONFIG), "sk_live_1"

    def breaks(call: str) -> None:
        raise ValueError(f"the key is {secret}")

    remote.before = breaks
    assert (quote().silent, couriers.heard) == ([one], [(one, ErrorKind.PROTOCOL)])
    assert "ValueError" in caplog.text
    assert secret not in caplog.text


def test_a_plug_in_elsewhere_that_does_not_say_what_it_can_do_is_silent(quote, install, remote, monkeypatch):
    one = install("remote", CONFIG)

    def unsaid(config: object) -> None:
        raise PluginError(ErrorKind.UNAVAILABLE, "the plug-in does not answer")

    monkeypatch.setattr(remote, "capability", unsaid)
    assert quote().silent == [one]
