"""What answers to requests for listings carry."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field

from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail, VariantDetail
from functions.storefronts.listings.listing_page import Window
from functions.storefronts.offers.priced_card import PricedCard
from monsoon_plugin.money import Amount, Money
from shared.api.payload import View
from shared.errors import NotFound
from shared.goods.identity import Condition
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import Safety
from shared.goods.unit_measure import UnitPrice
from shared.pictures.addresses import ProductPictureView, product_picture_view
from shared.pictures.product_pictures import alt_of
from shared.trade.product import Size, Tier
from shared.variants.announced import ReductionView
from shared.variants.offered import titled

WHOLE = 600
"""Characters of a variant's title on its own page: its product's, which has at most 500, and its values."""


VIRTUAL = "false: virtual or downloadable goods, which are delivered without a parcel and an address; absent: it is sent"
BACKORDER = (
    "it may be ordered although none is left (`in_stock` false): it is then sent within so many days. Absent as soon as as many are "
    "ordered so as its supplier allows: then it is sold out"
)


OFFERS = "where several suppliers sell it here, by itself or as a variant: all their offers, the rule's first choice first; at most 20"
REDUCTION = "what the price is compared with, in a sale or by its supplier's word; absent where there is nothing"


class OptionView(View):
    """In what a product's variants differ."""

    name: str
    label: str = Field(description="the name in the listing's language, if its supplier gave one")
    values: list[str] = Field(description="in the supplier's order")


class Listing(View):
    """A product as this storefront shows it: its own price, one language."""

    product_id: str
    offer_id: str
    supplier_id: str
    title: str
    language: str = Field(description="the language of the title")
    price: Amount
    category: str
    categories: list[str] | None = Field(default=None, description="others that it belongs to")
    tags: list[str]
    in_stock: bool
    picture: str | None = Field(default=None, description="the id of its first picture, shown or not")
    image: ProductPictureView | None = Field(default=None, description="what stands for it: the first of its pictures that is shown")
    placeholder: bool | None = Field(
        default=None, description="true: it names pictures, and none is shown (yet, or any more): show a placeholder of your own"
    )
    options: list[OptionView] | None = Field(
        default=None,
        description="of a product with variants alone: `price` is then the lowest, `offer_id` is what has it, `in_stock` is of any variant",
    )
    highest_price: Amount | None = Field(default=None, description="of a product with variants alone")
    brand: str | None = None
    condition: Condition | None = Field(default=None, description="absent: new")
    trade_item: str | None = Field(default=None, description="the thing that it is: other suppliers' offers of it have the same")
    backorder_days: int | None = Field(default=None, description=BACKORDER)
    unit_price: UnitPrice | None = Field(default=None, description="of what `price` is of, where its supplier says how much a unit holds")
    reduction: ReductionView | None = Field(default=None, description=REDUCTION)

    @classmethod
    def of(cls, shown: PricedCard, language: str, media_url: str) -> "Listing":
        """`media_url`: what stands before each picture's key."""
        card, price = shown.card, _amount(shown.sale.price)
        tag, title = card.title(language)
        return Listing.model_construct(
            product_id=card.product_id, offer_id=card.offer_id, supplier_id=card.supplier_id, title=title, language=tag,
            price=price, category=card.category, tags=list(card.tags), in_stock=card.in_stock, picture=card.picture,
            image=product_picture_view(card.image, media_url, alt_of(card.image_alts or {}, tag, title)) if card.image else None,
            placeholder=True if card.picture and not card.image else None,
            options=[OptionView(name=o.name, label=o.name_in(tag), values=list(o.values)) for o in card.options] or None,
            highest_price=_amount(shown.highest.price) if shown.highest else None, brand=card.brand,
            categories=list(card.categories) or None,
            condition=None if card.condition == "new" else card.condition, trade_item=shown.thing or card.trade_item or None,
            backorder_days=card.backorder_days, unit_price=UnitPrice.of(price, card.measure), reduction=ReductionView.of(shown.reduction),
        )  # fmt: skip


class ListingsPage(View):
    items: list[Listing]
    currency_day: str | None = Field(default=None, description="the day of the European Central Bank's rates, where prices are converted")
    next: str | None = Field(default=None, description="read on with it, even after a page with few items or none")


class TierView(View):
    min_quantity: int
    price: Amount


class OfferView(View):
    """One supplier's offer of a trade item that several sell: any of them may be ordered."""

    product_id: str
    offer_id: str
    supplier_id: str
    price: Amount
    in_stock: bool
    reduction: ReductionView | None = Field(default=None, description=REDUCTION)

    @classmethod
    def of(cls, shown: PricedCard) -> Self:
        card = shown.card
        return cls(
            product_id=card.product_id, offer_id=card.offer_id, supplier_id=card.supplier_id, price=_amount(shown.sale.price),
            in_stock=card.in_stock, reduction=ReductionView.of(shown.reduction),
        )  # fmt: skip


class VariantView(View):
    """One of the things that a product is sold as; the address of its page is the product's with `?offer=` and its offer_id."""

    offer_id: str = Field(description="what to order it by")
    options: dict[str, str] = Field(description="its value of each option", examples=[{"colour": "red", "size": "M"}])
    price: Amount
    tiers: list[TierView] = Field(description="prices for business buyers")
    in_stock: bool
    weight: int | None = Field(default=None, description="grams, packed; the product's if absent")
    size: Size | None = Field(default=None, description="the product's if absent")
    pictures: list[str] | None = Field(default=None, description="the product's if absent")
    gtin: str | None = None
    mpn: str | None = Field(default=None, description="the manufacturer's part number")
    backorder_days: int | None = Field(default=None, description=BACKORDER)
    unit_price: UnitPrice | None = None
    requires_shipping: bool | None = Field(default=None, description=VIRTUAL)
    reduction: ReductionView | None = Field(default=None, description=REDUCTION)
    trade_item: str | None = Field(default=None, description="the thing that it is: other suppliers' offers of it have the same")
    offers: list[OfferView] | None = Field(default=None, description=OFFERS)

    @classmethod
    def of(cls, variant: VariantDetail, names: Sequence[str], window: Window, card: Card) -> Self | None:
        """None where the day's rates cannot convert its price."""
        category, currency = card.category, variant.price.currency
        sale = window.price(variant.price.money, category)
        if sale is None:
            return None
        return cls(
            offer_id=variant.offer_id, options=dict(zip(names, variant.choice, strict=True)), price=_amount(sale.price),
            tiers=_tiers(variant.tiers, currency, window, category), in_stock=variant.in_stock, weight=variant.weight,
            size=variant.size, pictures=variant.pictures or None, gtin=variant.gtin, mpn=variant.mpn,
            backorder_days=variant.backorder_days, unit_price=UnitPrice.of(_amount(sale.price), variant.unit_measure),
            requires_shipping=None if variant.requires_shipping else False,
            reduction=ReductionView.of(window.announced(variant.reduced, currency, sale, card)),
            trade_item=card.things.get(variant.offer_id) or None,
        )  # fmt: skip


class AttributeView(View):
    """What a product is like: `Material: Cotton`."""

    name: str
    values: list[str]
    id: str | None = Field(default=None, description="where it is of the taxonomy's list: GET /v1/attributes/{id} has its names")


class ListingDetail(Listing):
    description: str = Field(description="plain text: escape it")
    description_html: str | None = Field(
        default=None,
        description="the same with a few tags, none with an attribute: safe to show as it is",
    )
    bullets: list[str] | None = Field(default=None, description="what matters most of it, a line each")
    pictures: list[str] = Field(description="the ids of all its pictures, in order")
    shown: list[ProductPictureView] | None = Field(
        default=None,
        description="those of its and its variants' pictures that are shown, its own first in their order. A variant's are "
        "those that it names, in its order",
    )
    tiers: list[TierView] = Field(description="prices for business buyers")
    weight: int | None = Field(default=None, description="grams, packed; absent if its supplier has not said it, as are size and origin")
    size: Size | None = None
    origin: str | None = None
    ships_to: list[str] = Field(description="ISO 3166-1 alpha-2; empty: everywhere")
    currency_day: str | None = Field(default=None, description="the day of the European Central Bank's rates, where prices are converted")
    variants: list[VariantView] | None = Field(default=None, description="of a product with variants alone; at most 250")
    offers: list[OfferView] | None = Field(default=None, description=OFFERS)
    gtin: str | None = None
    mpn: str | None = Field(default=None, description="the manufacturer's part number")
    item_group: str | None = Field(default=None, description="the same on products of one supplier that differ in little")
    order_quantity: OrderQuantity | None = Field(default=None, description="in which quantities it is ordered; absent: in any")
    handling_days: int | None = Field(default=None, description="days until it is sent, from the order on, as its supplier says")
    requires_shipping: bool | None = Field(default=None, description=VIRTUAL)
    attributes: list[AttributeView] | None = Field(default=None, description="what it is like")
    safety: Safety | None = Field(
        default=None, description="who made it, who is responsible in the EU, and its warnings: show them to people there"
    )

    @classmethod
    def of_product(cls, shown: PricedCard, detail: Detail, window: Window, language: str, media_url: str) -> Self:
        listing = Listing.of(shown, language, media_url)
        text = detail.texts[listing.language]
        card, names = shown.card, [option.name for option in shown.card.options]
        tiers = _tiers(detail.tiers, card.cost.currency, window, card.category)
        variants = [v for each in detail.variants if (v := VariantView.of(each, names, window, card))]
        return cls(
            **{name: getattr(listing, name) for name in Listing.model_fields if name != "unit_price"},
            description=text.description, description_html=text.description_html, bullets=text.bullets,
            pictures=detail.pictures, shown=_shown(detail, listing, media_url) or None, tiers=tiers,
            weight=detail.weight, size=detail.size, origin=detail.origin,
            ships_to=sorted(shown.card.ships_to), currency_day=window.day or None,
            variants=variants or None, gtin=card.gtin, mpn=detail.mpn, item_group=detail.item_group, order_quantity=detail.order_quantity,
            handling_days=detail.handling_days, unit_price=UnitPrice.of(listing.price, detail.unit_measure), safety=detail.safety,
            requires_shipping=None if detail.requires_shipping else False,
            attributes=[AttributeView(name=a.name, values=list(a.values), id=a.id) for a in card.attributes] or None,
        )  # fmt: skip


def _shown(detail: Detail, listing: Listing, media_url: str) -> list[ProductPictureView]:
    """With the product's title for words, and for a variant's pictures with its values."""
    titles = dict.fromkeys(detail.pictures, listing.title)
    for variant in detail.variants:
        for each in variant.pictures:
            titles.setdefault(each, titled(listing.title, tuple(variant.choice), WHOLE))
    return [
        product_picture_view(each, media_url, alt_of(detail.alt_texts.get(each.picture_id, {}), listing.language, titles[each.picture_id]))
        for each in detail.shown_pictures
    ]  # fmt: skip


def with_offers(shown: ListingDetail, offers: Mapping[str, Sequence[PricedCard]]) -> ListingDetail:
    """The product with others' offers of its variants, by the variants' own."""

    def told(variant: VariantView) -> VariantView:
        found = offers.get(variant.offer_id, ())
        views = [OfferView.of(each) for each in found]
        own = [view if view.offer_id != variant.offer_id else view.model_copy(update={"reduction": variant.reduction}) for view in views]
        thing = found[0].thing if found else variant.trade_item
        return variant.model_copy(update={"offers": own if len(own) > 1 else None, "trade_item": thing})

    return shown.model_copy(update={"variants": [told(each) for each in shown.variants or ()]}) if offers else shown


def as_variant(shown: ListingDetail, offer_id: str) -> ListingDetail:
    """The product as one of its offers is sold; as it is, where its only offer is named. Raises NotFound."""
    if shown.variants is None and shown.offer_id == offer_id:
        return shown
    found = next((variant for variant in shown.variants or () if variant.offer_id == offer_id), None)
    if found is None:
        raise NotFound("this product has no such variant here")
    pictures = found.pictures or shown.pictures
    known = {each.picture_id: each for each in shown.shown or ()}
    own = [known[each] for each in pictures if each in known]
    told = {
        "image": own[0] if own else None, "shown": own or None, "placeholder": True if pictures and not own else None,
        "offer_id": offer_id, "price": found.price, "tiers": found.tiers, "in_stock": found.in_stock, "pictures": pictures,
        "title": titled(shown.title, tuple(found.options.values()), WHOLE), "weight": found.weight or shown.weight,
        "size": found.size or shown.size, "picture": pictures[0] if pictures else None, "highest_price": None,
        "unit_price": found.unit_price, "reduction": found.reduction, "backorder_days": found.backorder_days,
        "gtin": found.gtin, "mpn": found.mpn, "requires_shipping": found.requires_shipping,
        "trade_item": found.trade_item, "offers": found.offers,
    }  # fmt: skip
    return shown.model_copy(update=told)


def _tiers(tiers: Sequence[Tier], currency: str, window: Window, category: str) -> list[TierView]:
    costs = [(tier.min_quantity, tier.price.money) for tier in tiers if tier.price.currency == currency]
    priced = [(quantity, window.price(cost, category)) for quantity, cost in costs]
    return [TierView(min_quantity=quantity, price=_amount(sale.price)) for quantity, sale in priced if sale]


def _amount(money: Money) -> Amount:
    """What the hub itself priced is not validated again."""
    return Amount.model_construct(amount=money.amount, currency=money.currency)
