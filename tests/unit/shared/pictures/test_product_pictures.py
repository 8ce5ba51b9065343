"""A product's pictures that are shown, from its publication to listings, a product's page, the feed and webhooks."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.fanout.feed.feed_views import ChangeView
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, SiteView, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.listing_views import ListingDetail, as_variant
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.clock import rfc3339
from shared.bounds.kept import kept
from shared.bus import envelope, opened_as
from shared.ids import derived_id
from shared.messages import OfferPublished
from shared.pictures.product_pictures import MOST_BLURRED, MOST_SHOWN, lines_of, named_pictures, of_lines, shown_of
from shared.pictures.shown_picture import ShownPicture
from shared.trade.fx import NO_RATES
from shared.trade.product import Product
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from shared.variants.offered import variant_offer_id
from tests.fakes import MEDIA, NOON

FIRST, SECOND, RED, BLUE, LOST = (derived_id("pic", name) for name in ("first", "second", "red", "blue", "lost"))
SCARF: dict[str, Any] = {
    "sku": "S", "texts": {"en": {"title": "Scarf"}, "zh": {"title": "围巾"}}, "category": "hg", "stock": 5,
    "price": {"amount": 900, "currency": "GBP"},
}  # fmt: skip
COLOURED: dict[str, Any] = {
    "options": [{"name": "colour"}], "pictures": [LOST, FIRST],
    "variants": [
        {"sku": f"S-{colour}", "options": {"colour": colour}, "stock": 1, "pictures": pictures}
        for colour, pictures in (("red", [RED, FIRST]), ("blue", [BLUE]), ("plain", []))
    ],
}  # fmt: skip
RULE = Rule(Selection(), PriceRule())
VIEW = SiteView("sf_1", "acc_1", 1, RULE, NO_RATES)


def read(picture_id: str) -> ShownPicture:
    return ShownPicture(content=derived_id("img", picture_id), width=1200, height=1600, colour="#a1b2c3", blur="UklGRg==")


def scarf(**more: Any) -> Product:
    return kept(Product, SCARF | more)


def published(product: Product, *lost: str, version: int = 1) -> OfferPublished:
    """With all its pictures shown but those that are lost, once through the bus."""
    lines, blurs = lines_of(shown_of(product, {each: read(each) for each in product.all_pictures if each not in lost}))
    told = {"offer_id": "off_1", "product_id": "prd_1", "supplier_id": "acc_1", "first_published_at": rfc3339(NOON)}
    return opened_as(OfferPublished, envelope(OfferPublished(**told, version=version, product=product, shown=lines, blurs=blurs), NOON))


def listed(message: OfferPublished, language: str = "en") -> ListingDetail:
    """Its page, from the card and the detail as they are kept."""
    card = Card.from_json(Card.of(message, rfc3339(NOON)).to_json())
    assert card == Card.of(message, rfc3339(NOON))
    window = Window(Pricing(RULE, NO_RATES, frozenset({"GBP"})), Narrowing())
    priced, detail = window.priced(card), kept(Detail, Detail.of(message).model_dump_json(exclude_defaults=True))
    assert priced is not None
    return ListingDetail.of_product(priced, detail, window, language, MEDIA)


def change(message: OfferPublished, at: datetime = NOON) -> ProductChange:
    return kept_change(ProductChange.published(message, at))


def kept_change(told: ProductChange) -> ProductChange:
    return ProductChange(**{name: getattr(told, name) for name in ProductChange.__slots__} | {"media_url": MEDIA})


def test_a_listings_image_is_the_first_that_is_shown_with_addresses_and_widths_for_srcset():
    image = listed(published(scarf(pictures=[LOST, FIRST, SECOND]), LOST)).image
    assert image is not None
    where = f"{MEDIA}/{derived_id('img', FIRST)}"
    assert (image.picture_id, image.width, image.height, image.colour) == (FIRST, 1200, 1600, "#a1b2c3")
    sizes = [(each.url, each.width) for each in image.sizes]
    assert sizes == [(f"{where}/320.webp", 240), (f"{where}/640.webp", 480), (f"{where}/1280.webp", 960)]
    assert (image.jpeg, image.blur) == (f"{where}/1280.jpg", "data:image/webp;base64,UklGRg==")


def test_without_one_that_is_shown_a_placeholder_is_asked_for_and_without_any_nothing_is():
    one = listed(published(scarf(pictures=[LOST]), LOST))
    assert (one.picture, one.image, one.placeholder, one.shown) == (LOST, None, True, None)
    none = listed(published(scarf()))
    assert (none.image, none.placeholder) == (None, None)


@pytest.mark.parametrize(("language", "alt"), [("en", "Hems, rolled by hand"), ("en-GB", "Hems, rolled by hand"), ("zh", "围巾")])
def test_its_words_are_its_suppliers_in_the_readers_language_or_the_title(language: str, alt: str):
    image = listed(published(scarf(pictures=[FIRST], alt_texts={FIRST: {"en": "Hems, rolled by hand"}})), language).image
    assert image
    assert image.alt == alt


def test_a_variants_page_shows_its_own_in_its_order_and_one_without_any_the_products():
    page = listed(published(scarf(**COLOURED), LOST))
    assert [each.picture_id for each in page.shown or ()] == [FIRST, RED, BLUE]
    assert [each.alt for each in page.shown or ()] == ["Scarf", "Scarf — red", "Scarf — blue"]
    shows = {}
    for sku in ("S-red", "S-blue", "S-plain"):
        variant = as_variant(page, variant_offer_id("prd_1", "S", sku))
        shows[sku] = [each.picture_id for each in variant.shown or ()]
        assert variant.image
        assert [variant.image.picture_id] == shows[sku][:1]
    assert shows == {"S-red": [RED, FIRST], "S-blue": [BLUE], "S-plain": [FIRST]}


def test_the_feed_and_webhooks_tell_the_same_addresses_ready_for_srcset_and_words_by_language():
    product = scarf(**COLOURED, alt_texts={RED: {"zh": "红色"}})
    told = entry(ParsedChange(change(published(product, LOST))), VIEW)
    assert json.loads(ChangeJson(change(published(product, LOST))).entry(VIEW) or b"") == told
    shown = ChangeView.model_validate(told).product.shown  # type: ignore[union-attr]
    where = f"{MEDIA}/{derived_id('img', RED)}"
    assert shown
    assert [each.picture_id for each in shown] == [FIRST, RED, BLUE]
    assert shown[1].srcset == f"{where}/320.webp 240w, {where}/640.webp 480w, {where}/1280.webp 960w"
    assert (shown[0].alt, shown[1].alt) == (None, {"zh": "红色"})
    assert told["product"]["pictures"] == [LOST, FIRST], "ids mean what they did"
    gone = entry(ParsedChange(change(published(product, *product.all_pictures))), VIEW)["product"]
    assert ("shown" in gone, gone["placeholder"]) == (False, True)


def test_a_picture_that_comes_or_goes_is_news_to_every_site_though_no_price_has_changed():
    product = scarf(pictures=[FIRST])
    without, later = change(published(product, FIRST)), published(product, version=2)
    newer = kept_change(ProductChange.published(later, NOON + timedelta(seconds=1)).following(without))
    assert ChangeJson(newer, since=rfc3339(NOON)).news(VIEW) is not None


def test_all_that_a_product_may_name_travel_its_own_first_then_each_variants_first_and_some_with_their_blur():
    variants = [
        {"sku": f"S-{n}", "options": {"colour": f"c{n}"}, "stock": 1, "pictures": [derived_id("pic", str(n), str(k)) for k in range(2)]}
        for n in range(119)
    ]
    product = scarf(options=[{"name": "colour"}], variants=variants, pictures=[derived_id("pic", str(n)) for n in range(12)])
    named = named_pictures(product)
    assert (len(named), named[:12]) == (MOST_SHOWN, product.pictures)
    assert named[12:131] == [variant.pictures[0] for variant in product.variants]
    shown = shown_of(product, {each: read(each) for each in product.all_pictures})
    assert [bool(each.blur) for each in shown] == [True] * MOST_BLURRED + [False] * (MOST_SHOWN - MOST_BLURRED)
    assert of_lines(*lines_of(shown)) == shown


def test_an_event_a_card_and_a_change_of_before_say_of_pictures_what_they_did():
    message = published(scarf(pictures=[FIRST]), FIRST)
    assert not {"shown", "blurs"} & json.loads(envelope(message, NOON))["data"].keys()
    assert "image" not in Card.of(message, rfc3339(NOON)).to_json()
    assert ProductChange.published(message, NOON).shown is None
