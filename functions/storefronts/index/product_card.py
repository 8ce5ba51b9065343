"""A card: the little that a listing shows of a product. What only its own page shows is its detail."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Self

from functions.storefronts.index.described_term import Described, as_narrowed, terms
from functions.storefronts.offers.option_choice import Choice
from functions.storefronts.offers.variant_item import Codes, VariantItem, packed, unpacked
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Money
from shared.goods.identity import Condition
from shared.goods.stock_mode import backorder_days
from shared.goods.trade_item import by_gtin, by_part, ids_of, own_trade_item
from shared.goods.unit_measure import UnitMeasure
from shared.messages import OfferPublished
from shared.pictures.product_pictures import ProductPicture, main_picture, of_lines
from shared.trade.selection import branches
from shared.trade.selling_rule import Facts
from shared.variants.offered import Offered, cheapest_of
from shared.variants.sale import Reduced
from shared.variants.variant_words import VariantWords

RANK_BITS = 20
"""Of a rank that tell products of one millisecond apart."""
CODE = "#"
"""Begins the GTIN where a card is kept: among the tags, none of which begins so. The release before, which runs beside this one for a
quarter of an hour, reads no card with a field that it does not know; a field of its own is for the release after."""
MORE = "##"
"""Begins what a card says of its variants, its maker and its state, in the same place for the same reason."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One product, for every storefront alike; its price is the supplier's, the lowest of its variants'."""

    product_id: str
    offer_id: str
    """Of a product with variants: the one that costs the least."""
    supplier_id: str
    version: int
    category: str
    cost: Money
    titles: dict[str, str]
    picture: str | None
    rank: int
    """The later a product was first on sale, the higher; it never changes."""
    tags: tuple[str, ...] = ()
    ships_to: tuple[str, ...] = ()
    """Countries; empty: everywhere."""
    changed_at: str = ""
    """RFC 3339."""
    in_stock: bool = True
    gtin: str | None = None
    stock_version: int = 0
    """Of the availability that was last heard; 0: only the publication's own stock is known. Of variants: the sum of theirs."""
    options: tuple[Choice, ...] = ()
    highest: Money | None = None
    """The highest price of its variants."""
    gtins: tuple[str, ...] = ()
    """Its variants' own."""
    brand: str | None = None
    mpns: tuple[str, ...] = ()
    """The manufacturer's part numbers, its own and its variants'."""
    condition: Condition = "new"
    categories: tuple[str, ...] = ()
    """Others beside the main one."""
    attributes: tuple[Described, ...] = ()
    linked: str = ""
    """The thing that it is an offer of, by a person's word; empty: what its codes say."""
    backorder_days: int | None = None
    """Within how many days what is ordered beyond the stock can be sent, the longest of its variants; None if nothing is sold so, or as
    much as may be is ordered already."""
    full_days: int | None = None
    """What that was before as much as may be was ordered; of a product without variants alone."""
    reduced: Reduced | None = None
    """What its price is compared with, in its currency."""
    measure: UnitMeasure | None = None
    """How much a unit of what has its price holds."""
    named: bool = False
    """Whether others were linked with it: they are known by its own id."""
    weight: int | None = None
    """Grams, packed; None where nobody said it, and of what is no trade item that others could sell. So is `origin`, where it was made."""
    origin: str | None = None
    variant_items: tuple[VariantItem, ...] = ()
    """Those of its variants that are trade items of their own, which others could sell."""
    more_variants: bool = False
    """Whether there are others beside them."""
    variant_links: dict[str, str] = field(default_factory=dict)
    """What a person said that variants are, by their offers' ids."""
    variants_named: tuple[str, ...] = ()
    """The offers of variants with which others were linked."""
    image: ProductPicture | None = None
    """What stands for it in a listing; None where none of its pictures is shown."""
    image_alts: dict[str, str] | None = None
    """What that shows, by language, in its supplier's words."""
    lowest: Money | None = None
    """Of a variant alone, which is no card that is kept: its product's price, by which storefronts' rules choose."""

    @classmethod
    def of(cls, message: OfferPublished, now: str) -> Self:
        """The card of a publication; `now` (RFC 3339) is when it changed, and stands for the first sale where that is not told."""
        product, offers = message.product, message.offers()
        cheapest = cheapest_of(offers)
        image = main_picture(product, cheapest.product, of_lines(message.shown, message.blurs))
        gtins = tuple(v.gtin for v in product.variants if v.gtin)
        mpns = tuple(dict.fromkeys(mpn for mpn in (product.mpn, *(v.mpn for v in product.variants)) if mpn))
        codes = Codes(product.brand, product.condition, (product.gtin, *gtins), mpns)
        words = VariantWords.told(offers, message.variant_items, message.variants_named)
        known = {*words.items, *words.named}
        several = codes.items_of(offers, product.sku, known, mute=bool(message.trade_item)) if product.variants else ()
        is_shared = bool(several or ids_of(message.product_id, product, message.trade_item, named=message.named))
        return cls(
            product_id=message.product_id, offer_id=cheapest.offer_id, supplier_id=message.supplier_id, version=message.version,
            category=product.category, cost=cheapest.product.price.money, titles={tag: text.title for tag, text in product.texts.items()},
            picture=product.pictures[0] if product.pictures else None, rank=rank(message.first_published_at or now, message.product_id),
            tags=tuple(product.tags), ships_to=tuple(product.ships_to), changed_at=now, in_stock=product.is_there,
            options=Choice.all_of(product), highest=_highest(offers) if product.variants else None,
            gtin=product.gtin, gtins=gtins, brand=product.brand, mpns=mpns, condition=product.condition,
            variant_items=several, more_variants=0 < len(several) < len(offers),
            variant_links=dict(words.items), variants_named=tuple(words.named),
            categories=tuple(product.categories), attributes=tuple(Described(a.name, tuple(a.values), a.id) for a in product.attributes),
            linked=message.trade_item, named=message.named, weight=product.weight if is_shared else None,
            origin=product.origin if is_shared else None,
            backorder_days=max((days for each in offers if (days := backorder_days(each.product.stock_mode))), default=None),
            reduced=cheapest.reduced, measure=cheapest.product.unit_measure, image=image,
            image_alts=product.alt_texts.get(image.picture_id) if image else None,
        )  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        """What a storefront's rule looks at."""
        return Facts.of_replica(
            self.product_id, self.supplier_id, category=self.category, cost=self.lowest or self.cost, tags=self.tags,
            ships_to=self.ships_to, titles=self.titles.values(), categories=self.categories,
        )  # fmt: skip

    @cached_property
    def trade_item(self) -> str:
        """The thing that it is an offer of by its surest id, whoever else sells it; empty if nobody says so, or it is several."""
        return "" if self.options else next(iter(self.items), "")

    @cached_property
    def items(self) -> tuple[str, ...]:
        """All ids of that thing, the surest first: by a person's word, else by its GTIN, and by its part number; and its own, where others
        were linked with it. Of a product with variants those of each."""
        if self.options:
            return tuple(dict.fromkeys(item for each in self.trade_offers for item in each.items))
        codes = (self.linked,) if self.linked else (self.gtin_item, self.part_item)
        own = own_trade_item(self.offer_id if self.lowest else self.product_id) if self.named else ""
        return tuple(dict.fromkeys(each for each in (*codes, own) if each))

    @cached_property
    def trade_offers(self) -> "tuple[Card, ...]":
        """Its offers of things that others could sell too: itself, or each such variant as if it were a product of its own."""
        if not self.options:
            return (self,) if self.items else ()
        gtins, lowest = (self.gtin, *self.gtins), self.lowest or self.cost
        return tuple(
            replace(
                self, offer_id=offer_id, cost=Money(each.price, self.cost.currency), in_stock=each.in_stock,
                gtin=gtins[each.gtin] if each.gtin >= 0 else None, gtins=(), mpns=(self.mpns[each.mpn],) if each.mpn >= 0 else (),
                options=(), variant_items=(), highest=None, reduced=None, measure=None, lowest=lowest,
                linked=self.variant_links.get(offer_id, ""), named=offer_id in self.variants_named, variant_links={}, variants_named=(),
            )
            for each in self.variant_items
            for offer_id in (each.offer_id(self.product_id),)
        )  # fmt: skip

    @cached_property
    def things(self) -> dict[str, str]:
        """Of its variants that are trade items of their own: offer id → the surest id."""
        return {each.offer_id: each.trade_item for each in self.trade_offers} if self.options else {}

    @cached_property
    def gtin_item(self) -> str:
        return "" if self.options or self.linked else by_gtin(self.gtin, self.condition)

    @cached_property
    def part_item(self) -> str:
        return "" if self.options or self.linked else by_part(self.brand, next(iter(self.mpns), None), self.condition)

    def with_stock(self, left: Callable[[str, bool], bool]) -> Self:
        """With what is known by now of each variant's stock: `left` answers it by its offer and what was published."""
        now = tuple(each._replace(in_stock=left(each.offer_id(self.product_id), each.in_stock)) for each in self.variant_items)
        return replace(self, variant_items=now)

    @property
    def branches(self) -> list[str]:
        """All its categories, with all above them."""
        return sorted({branch for category in (self.category, *self.categories) for branch in branches(category)})

    @property
    def option_terms(self) -> list[str]:
        return terms((option.name, value) for option in self.options for value in option.values)

    @property
    def attribute_terms(self) -> list[str]:
        return terms((each.name, value) for each in self.attributes for value in each.values)

    @property
    def brand_terms(self) -> list[str]:
        """One, or none."""
        return [term] if self.brand and (term := as_narrowed(self.brand)) else []

    def title(self, language: str) -> tuple[str, str]:
        """The language and the title in `language`, else in its base language, else in English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if tag in self.titles:
                return tag, self.titles[tag]
        return next(iter(self.titles.items()))

    def to_json(self) -> str:
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in LATER} | {"cost": asdict(self.cost)}
        codes = [CODE + self.gtin] if self.gtin else []
        if more := self._more():
            codes.append(MORE + json.dumps(more, ensure_ascii=False, separators=(",", ":")))
        if codes:
            values["tags"] = [*self.tags, *codes]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    def _more(self) -> dict[str, Any]:
        """What is told of variants, maker and state; a release that knows variants alone reads of it what it knows."""
        told = {name: value for name in ADDED if (value := getattr(self, name)) != ADDED[name]}
        if self.reduced:
            told["reduced"] = astuple(self.reduced)
        if self.image:
            told["image"] = [self.image.line, self.image.blur]
        if self.measure:
            told["measure"] = list(self.measure.model_dump().values())
        if self.variant_items:
            told["variant_items"] = packed(self.variant_items)
        if not told and not self.options:
            return {}
        options, highest = [asdict(option) for option in self.options], asdict(self.highest) if self.highest else None
        return {"options": options, "highest": highest, "gtins": self.gtins, **told}

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """What `to_json` wrote."""
        held = json.loads(text)
        codes = [tag for tag in held["tags"] if tag.startswith(CODE)]
        held |= {"cost": Money(**held["cost"]), "ships_to": tuple(held["ships_to"])}
        held["tags"] = tuple(tag for tag in held["tags"] if tag not in codes)
        known = {name: value for name, value in held.items() if name in KNOWN}
        for code in codes:
            known |= _more(json.loads(code[len(MORE) :])) if code.startswith(MORE) else {"gtin": code[len(CODE) :]}
        return cls(**known)


KNOWN = frozenset(each.name for each in fields(Card))
"""What else a card tells was written by a later release, and is passed over."""
ADDED: dict[str, Any] = {each.name: {} if each.name == "variant_links" else each.default for each in fields(Card) if each.name in (
    "brand", "mpns", "condition", "categories", "attributes", "linked", "backorder_days", "named", "weight", "origin",
    "reduced", "measure", "variant_items", "more_variants", "image", "image_alts", "variant_links", "variants_named",
    "full_days",
)}  # fmt: skip
"""What is kept beside what a card says of variants, where it is not this."""
LATER = {"gtin", "gtins", "options", "highest", "lowest", *ADDED}
"""What is kept among the tags."""


def _more(told: dict[str, Any]) -> dict[str, Any]:
    """What a card says of its variants, its maker and its state."""
    options = tuple(Choice(each["name"], tuple(each["values"]), each["names"]) for each in told["options"])
    highest = Money(**told["highest"]) if told["highest"] else None
    added: dict[str, Any] = {name: tuple(told[name]) if isinstance(told[name], list) else told[name] for name in ADDED if name in told}
    if "attributes" in added:
        added["attributes"] = tuple(Described(name, tuple(values), known) for name, values, known in added["attributes"])
    if "variant_items" in added:
        added["variant_items"] = unpacked(added["variant_items"])
    if "reduced" in added:
        added["reduced"] = Reduced(*added["reduced"])
    if "image" in added:
        added["image"] = ProductPicture.of_line(*added["image"])
    if "measure" in added:
        added["measure"] = UnitMeasure.model_construct(**dict(zip(UnitMeasure.model_fields, added["measure"], strict=True)))
    return {"options": options, "highest": highest, "gtins": tuple(told["gtins"]), **added}


def _highest(offers: Iterable[Offered]) -> Money:
    return max((each.product.price for each in offers), key=lambda price: price.amount).money


def rank(first_published_at: str, product_id: str) -> int:
    """Milliseconds since 1970, then bits of the product's id: two products share a rank once in a million in one millisecond."""
    moment = int(from_rfc3339(first_published_at).timestamp() * 1000)
    mark = int.from_bytes(hashlib.blake2b(product_id.encode(), digest_size=4).digest(), "big") >> (32 - RANK_BITS)
    return moment << RANK_BITS | mark
