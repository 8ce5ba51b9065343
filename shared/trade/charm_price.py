"""Charm prices: how a storefront's prices look, such as 9.99 or 12.50, and the way back from a price to what may be asked for it.

Integers in the minor units of one currency.
"""

from shared.trade.selection import Rounding


def charm_price(wanted: int, rounding: Rounding, least: int) -> int:
    """`wanted` rounded up to a step and a little taken off, as `rounding` says; never below its floor, nor below `least`.

    Of two amounts the larger never has the smaller price (monotone).
    """
    rounded = -(-wanted // rounding.round_to) * rounding.round_to - rounding.minus
    return max(rounded, rounding.floor, least)


def most_wanted(price: int, rounding: Rounding) -> int:
    """The largest amount whose charm price is at most `price`, whatever the least; -1 where there is none: `charm_price` undone."""
    if price < rounding.floor:
        return -1
    return (price + rounding.minus) // rounding.round_to * rounding.round_to
