"""Several parcels as one price."""

from functions.shipping.quotes.combined_rates import combined_rates
from monsoon_plugin.courier import Rate


def rate(name: str, price: int, days: tuple[int, int] = (2, 3), currency: str = "EUR") -> Rate:
    return Rate(id=name, service=name, price=price, days=days, currency=currency, carrier="DHL")


def test_prices_add_up_and_the_slowest_parcel_counts() -> None:
    assert combined_rates([{"a": rate("a", 100, (1, 2))}, {"a": rate("a", 250, (2, 5))}]) == [rate("a", 350, (2, 5))]


def test_a_service_that_one_parcel_does_not_have_is_none() -> None:
    assert combined_rates([{"a": rate("a", 100), "b": rate("b", 90)}, {"a": rate("a", 250)}]) == [rate("a", 350)]


def test_prices_of_two_currencies_are_not_added() -> None:
    assert combined_rates([{"a": rate("a", 100)}, {"a": rate("a", 250, currency="USD")}]) == []
