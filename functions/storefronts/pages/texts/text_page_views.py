"""A shop's own texts: who runs it, its terms, what it does with what it knows of people. What is not written yet says so."""

from functions.storefronts.configuration.shop_texts import TOPICS, Topic
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import shop_page
from functions.storefronts.pages.shop_parts import ShopParts
from shared.api.answers import Page
from shared.errors import NotFound


def text_page(shop: Shop, topic: str, services: ShopParts) -> Page:
    """Raises NotFound for what is no topic."""
    known: Topic | None = next((each for each in TOPICS if each == topic), None)
    if known is None:
        raise NotFound("there is no such page", back=shop.link())
    tag, text = shop.pages.texts.text_in(known, shop.language)
    path, seller = f"about/{known}", shop.pages.seller if known == "imprint" else None
    return shop_page(
        "texts/text.html", shop, path, services.media_url, topic=known, text=text, text_language=tag, indexed=bool(text or seller),
        seller=seller,
        canonical=shop.canonical(path), alternates=shop.alternates(path),
    )  # fmt: skip
