"""What sending a product costs, by country, before anybody says where he lives: by the storefront's own tariff, if its rule has one."""

from dataclasses import dataclass

from functions.storefronts.configuration.storefront import Storefront
from functions.storefronts.listings.listing_views import ListingDetail
from monsoon_plugin.money import Amount
from shared.goods.sending import SendingZone

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class SendingRow:
    """`countries`: of ISO 3166-1; empty: all others. `price`: None where such a parcel is not sent there."""

    countries: tuple[str, ...]
    price: Amount | None


def sending_rows(storefront: Storefront, shown: ListingDetail) -> list[SendingRow]:
    """A row a zone of the tariff; none where the rule has no tariff, the product no weight, or nothing is sent."""
    sending = storefront.configuration.selection.offers.sending
    if sending is None or shown.weight is None or shown.requires_shipping is False:
        return []
    prices = [(zone, _price(zone, shown.weight)) for zone in sending.zones]
    return [
        SendingRow(_countries(zone, shown), Amount(amount=p, currency=sending.currency) if p is not None else None) for zone, p in prices
    ]


def _price(zone: SendingZone, weight: int) -> int | None:
    return next((band.price for band in zone.bands if weight <= band.max_weight), None)


def _countries(zone: SendingZone, shown: ListingDetail) -> tuple[str, ...]:
    """Those that the supplier sends to, of a zone that names any."""
    named = () if EVERYWHERE in zone.countries else tuple(zone.countries)
    return tuple(country for country in named if not shown.ships_to or country in shown.ships_to) or named
