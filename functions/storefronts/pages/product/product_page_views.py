"""A product's page: what it is, what it costs, whether it is there, and what must be known before it is bought."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.listing_views import ListingDetail, VariantView, as_variant
from functions.storefronts.pages.attribute_words import AS_WRITTEN, AttributeWords, Word
from functions.storefronts.pages.cart.cart import MOST_UNITS
from functions.storefronts.pages.product.gallery_views import gallery
from functions.storefronts.pages.product.option_choices import MOST_LINKED, Variant, choices
from functions.storefronts.pages.product.price_chart_views import price_chart
from functions.storefronts.pages.product.sending_views import sending_rows
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import names_of, shop_page
from functions.storefronts.pages.shop_parts import ShopParts
from functions.storefronts.pages.shop_query_views import ProductQuery
from functions.storefronts.pages.structured_data_views import as_script, availability, product_document, trail_document
from shared.api.answers import Page
from shared.errors import NotFound
from shared.goods.order_quantity import OrderQuantity
from shared.pages.charts.chart_style import chart_css
from shared.pages.figures import figures
from shared.pages.forms.form_style import form_css
from shared.pages.page_answers import moved

DESCRIBED = 160
"""Characters of a page's description for search engines."""


def product_page(shop: Shop, product_id: str, query: ProductQuery, services: ShopParts) -> Page:
    """One of its variants where `query` names one; where there is no such, the way to the product. Raises NotFound, or Gone with the reason
    of a recall."""
    window, names = services.reader.window(shop.storefront, Narrowing(currency=shop.currency)), names_of(shop, services)
    shown = _shown(shop, window, product_id, services)
    path = f"products/{product_id}"
    try:
        one = as_variant(shown, query.offer) if query.offer else shown
    except NotFound:  # a link to what is not sold any more, of a product that is
        return moved(shop.link(path), 303)
    trail = names.trail(shown.category)
    steps = [
        (shop.name, shop.absolute()),
        *((name, shop.absolute("products", category=c)) for c, name in trail),
        (shown.title, shop.absolute(path)),
    ]
    url, ways, pictures = shop.canonical(path, offer=query.offer), figures(shop.interface), gallery(shown, one)
    chart = None if shop.view == "text" else price_chart(one, ways)
    images = [urljoin(url, each.jpeg) for each in pictures]
    words = services.attribute_words(shop.language) if one.attributes else AS_WRITTEN
    documents = [as_script(product_document(one, url, images, ways)), as_script(trail_document(steps))]
    return shop_page(
        "product/product.html", shop, path, services.media_url, pictures=pictures, query=query.own, product=one,
        css_more=form_css() + (chart_css() if chart else ""), chart=chart,
        whole=shown, trail=trail, canonical=url,
        alternates=shop.alternates(path, offer=query.offer), documents=documents, choices=_choices(shown, query.offer),
        availability=availability(one), summary=summary(one), linked=len(shown.variants or ()) <= MOST_LINKED,
        is_priced_from=shown.variants is not None and query.offer is None, warnings=_warnings(shown, shop.language),
        facts=_facts(one, words), sharing={"product": product_id, "offer": query.offer}, sending=sending_rows(shop.storefront, one),
        **_purchase(shown, one, query.offer),
    )  # fmt: skip


def _shown(shop: Shop, window: Window, product_id: str, services: ShopParts) -> ListingDetail:
    try:
        found, detail = services.reader.product(window, product_id)
    except NotFound as missing:
        raise services.shops.gone(product_id, shop.link()) from missing
    return ListingDetail.of_product(found, detail, window, shop.language, services.media_url)


def summary(shown: ListingDetail) -> str:
    """One line for search engines, from what its supplier wrote."""
    text = " ".join((" ".join(shown.bullets or ()) or shown.description or shown.title).split())
    return text if len(text) <= DESCRIBED else text[: DESCRIBED - 1].rpartition(" ")[0] + "…"


def _purchase(shown: ListingDetail, one: ListingDetail, chosen: str | None) -> dict[str, Any]:
    """What the form puts in the cart: what is shown, or a variant to be chosen; and in which quantities it is sold."""
    sold = one.order_quantity or OrderQuantity()
    open_choice = not chosen and 0 < len(shown.variants or ()) <= MOST_LINKED
    several = [each for each in shown.variants or () if _can_be_had(each)] if open_choice else []
    own = [one] if shown.variants is None or chosen else []
    fewest = sold.fewest_from(sold.minimum)
    return {
        "for_sale": several or [each for each in own if _can_be_had(each)],
        "fewest": fewest,
        "step": sold.multiple,
        "most_units": MOST_UNITS,
    }


def _can_be_had(sold: ListingDetail | VariantView) -> bool:
    return sold.in_stock or sold.backorder_days is not None


def _choices(shown: ListingDetail, offer_id: str | None) -> dict[str, list[object]]:
    variants = [Variant(each.offer_id, each.options, each.in_stock) for each in shown.variants or ()]
    chosen = next((each.options for each in variants if each.offer_id == offer_id), {})
    labels = {option.name: option.label for option in shown.options or ()}
    return {labels.get(name, name): list(values) for name, values in choices(variants, chosen).items()}


def _warnings(shown: ListingDetail, language: str) -> str:
    """In the reader's language, else its base, else English, else any: a warning is shown in whatever language there is."""
    told = shown.safety.warnings if shown.safety else {}
    wished = (told.get(tag) for tag in (language, language.split("-")[0], "en"))
    return next((text for text in wished if text), next(iter(told.values()), ""))


def _facts(shown: ListingDetail, words: AttributeWords) -> Sequence[tuple[Word, Sequence[Word]]]:
    """What it is like: names and values of its attributes."""
    return [
        (words.name(each.id, each.name), [words.value(each.id, value) for value in each.values]) for each in shown.attributes or ()
    ]  # fmt: skip
