"""What one piece costs a business, by how many it orders."""

from functions.storefronts.listings.listing_views import ListingDetail
from shared.pages.charts.chart import Chart, Value
from shared.pages.figures import Figures

LEAST = 2
"""Tiers: one is said by its own line."""


def price_chart(shown: ListingDetail, ways: Figures) -> Chart | None:
    """The price of one, then each tier's; None where there is nothing to see, or a reader wants no pictures."""
    prices = [(tier.min_quantity, tier.price) for tier in shown.tiers]
    if len(prices) < LEAST:
        return None
    fewest = shown.order_quantity.minimum if shown.order_quantity else 1
    usual = [(fewest, shown.price)] if fewest < prices[0][0] else []
    return Chart([Value(f"{ways.number(units)}+", each.amount, ways.money(each.amount, each.currency)) for units, each in usual + prices])
