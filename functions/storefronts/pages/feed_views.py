"""What is new in a shop, as a feed that readers and other shops' tools follow (Atom, RFC 4287)."""

from collections.abc import Iterator
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

from functions.storefronts.listings.listing_page import START
from functions.storefronts.listings.listing_views import Listing
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import window_of
from functions.storefronts.pages.shop_parts import ShopParts
from shared.api.answers import Page
from shared.pages.content_security import HEADERS
from shared.pages.figures import figures

NEWEST = 30
LONG_AGO = "2026-01-01T00:00:00Z"
"""Of a shop of nothing, and of what was published before its moment was kept."""


def feed(shop: Shop, services: ShopParts) -> Page:
    """The newest, each with its price and picture."""
    shown, _ = services.reader.page(window_of(shop, services), START, NEWEST)
    entries = [(each.card.changed_at or LONG_AGO, Listing.of(each, shop.language, services.media_url)) for each in shown]
    own, address = shop.absolute("feed.xml", **shop.wished), shop.canonical()
    latest = max((at for at, _ in entries), default=LONG_AGO)
    head = f"<id>{escape(shop.absolute())}</id><title>{escape(shop.name)}</title><updated>{latest}</updated>"
    links = f'<link rel="self" href={quoteattr(own)}/><link href={quoteattr(address)}/><author><name>{escape(shop.name)}</name></author>'
    body = "".join(_entry(at, listing, shop) for at, listing in entries)
    root = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{shop.language}">'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{head}{links}{body}</feed>\n'
    return Page(text, headers={"Content-Type": "application/atom+xml; charset=utf-8", **HEADERS})


def _entry(at: str, shown: Listing, shop: Shop) -> str:
    url = shop.absolute(f"products/{shown.product_id}", **shop.wished)
    return f"<entry><id>{escape(shop.absolute(f'products/{shown.product_id}'))}</id>{''.join(_told(at, shown, shop, url))}</entry>"


def _told(at: str, shown: Listing, shop: Shop, url: str) -> Iterator[str]:
    yield f"<title>{escape(shown.title)}</title><updated>{at}</updated><link href={quoteattr(url)}/>"
    if shown.image:
        yield f'<link rel="enclosure" type="image/jpeg" href={quoteattr(urljoin(shop.address, shown.image.jpeg))}/>'
    yield f"<summary>{escape(figures(shop.interface).money(shown.price.amount, shown.price.currency))}</summary>"
