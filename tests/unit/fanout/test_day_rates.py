"""Which rates prices are converted by."""

from functions.fanout.day_rates import DayRates
from shared.trade.fx import NO_RATES
from shared.trade.reference_data import load
from tests.fakes import FakeObjects


def loaded(objects: FakeObjects, day: str) -> None:
    load(objects, "fx", day, {"date": day, "per_euro": {"USD": "1.1172"}})


def test_without_rates_nothing_is_converted() -> None:
    assert DayRates(FakeObjects())() == NO_RATES


def test_rates_that_another_process_has_told_of_are_looked_up_at_once() -> None:
    objects = FakeObjects()
    loaded(objects, "2026-11-01")
    rates = DayRates(objects)
    assert rates().day == "2026-11-01"
    loaded(objects, "2026-11-02")
    assert rates().day == "2026-11-01", "known for a minute"
    assert rates("2026-11-02").day == rates().day == "2026-11-02"


def test_an_earlier_days_list_that_is_put_back_counts_as_of_the_day_that_was_told() -> None:
    objects = FakeObjects()
    loaded(objects, "2026-11-01")
    found = DayRates(objects)("2026-11-02")
    assert (found.day, found.per_euro) == ("2026-11-02", {"USD": "1.1172"})
