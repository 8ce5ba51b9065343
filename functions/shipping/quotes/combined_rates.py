"""Rates of several parcels as one price, for couriers that are asked about each parcel."""

from collections.abc import Mapping, Sequence

from monsoon_plugin.courier import Rate


def combined_rates(quoted: Sequence[Mapping[str, Rate]]) -> list[Rate]:
    """The rates at which all parcels can travel, prices added up: those that every parcel has, in one currency.

    Args: `quoted`: of each parcel, at least one, its rates by their ids.
    """
    first, *others = quoted
    common = [[rate, *(other[rate.id] for other in others)] for rate in first.values() if all(rate.id in other for other in others)]
    return [_sum(rates) for rates in common if len({rate.currency for rate in rates}) == 1]


def _sum(rates: Sequence[Rate]) -> Rate:
    days = (max(rate.days[0] for rate in rates), max(rate.days[1] for rate in rates))
    one = rates[0]
    return Rate(
        id=one.id, service=one.service, price=sum(rate.price for rate in rates), days=days, currency=one.currency, carrier=one.carrier
    )
