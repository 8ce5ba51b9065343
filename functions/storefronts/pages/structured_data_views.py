"""What search engines read of a page: schema.org's Product, Offer, BreadcrumbList and WebSite, as JSON-LD."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from functions.storefronts.listings.listing_views import ListingDetail
from monsoon_plugin.money import Amount
from shared.pages.figures import Figures

SCHEMA = "https://schema.org"
CONDITIONS = {"new": "NewCondition", "refurbished": "RefurbishedCondition", "used": "UsedCondition", "damaged": "DamagedCondition"}
ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def as_script(document: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: nothing in it ends the element, or begins a comment."""
    text = json.dumps({"@context": SCHEMA, **document}, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in ESCAPED.items():
        text = text.replace(sign, escape)
    return text


def product_document(shown: ListingDetail, url: str, images: Sequence[str], figures: Figures) -> dict[str, Any]:
    """A product as it is sold on its page: one offer, or the span of its variants'."""
    told = {
        "@type": "Product", "name": shown.title, "url": url, "description": shown.description[:5000], "image": list(images),
        "sku": shown.offer_id, "gtin": shown.gtin, "mpn": shown.mpn,
        "brand": {"@type": "Brand", "name": shown.brand} if shown.brand else None,
        "offers": _offers(shown, url, figures),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _offers(shown: ListingDetail, url: str, figures: Figures) -> dict[str, Any]:
    common = {
        "priceCurrency": shown.price.currency, "availability": f"{SCHEMA}/{availability(shown)}", "url": url,
        "itemCondition": f"{SCHEMA}/{CONDITIONS.get(shown.condition or 'new', 'NewCondition')}",
    }  # fmt: skip
    price = _plain(shown.price, figures)
    if shown.highest_price and shown.variants:
        high = _plain(shown.highest_price, figures)
        return {"@type": "AggregateOffer", "lowPrice": price, "highPrice": high, "offerCount": len(shown.variants), **common}
    return {"@type": "Offer", "price": price, **common}


def availability(shown: ListingDetail) -> str:
    return "InStock" if shown.in_stock else "BackOrder" if shown.backorder_days else "OutOfStock"


def trail_document(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`trail`: names with absolute addresses, the first page first."""
    items = [{"@type": "ListItem", "position": n, "name": name, "item": url} for n, (name, url) in enumerate(trail, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def site_document(name: str, url: str, search: str) -> dict[str, Any]:
    """A shop, and the address by which it is searched: `search` ends where the words go."""
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": search + "{words}"},
        "query-input": "required name=words",
    }
    return {"@type": "WebSite", "name": name, "url": url, "potentialAction": action}


def _plain(amount: Amount, figures: Figures) -> str:
    return figures.plain(amount.amount, amount.currency)
