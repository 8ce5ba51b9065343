"""A card: the little that a listing shows of a product, and the detail that only the product's own page shows."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, NamedTuple, Self

from pydantic import Field

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Amount, Money
from monsoon_plugin.value import Value
from shared.goods.identity import Condition
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import Safety
from shared.goods.stock_mode import backorder_days
from shared.goods.trade_item import by_codes
from shared.goods.unit_measure import UnitMeasure
from shared.messages import OfferPublished
from shared.trade.folding import fold
from shared.trade.product import Product, Size, Text, Tier
from shared.trade.selection import branches
from shared.trade.selling_rule import Facts
from shared.variants.offered import Offered, cheapest_of

RANK_BITS = 20
"""Of a rank that tell products of one millisecond apart."""
CODE = "#"
"""Begins the GTIN where a card is kept: among the tags, none of which begins so. The release before, which runs beside this one for a
quarter of an hour, reads no card with a field that it does not know; a field of its own is for the release after."""
MORE = "##"
"""Begins what a card says of its variants, its maker and its state, in the same place for the same reason."""


@dataclass(frozen=True)
class Choice:
    """An option of a product with variants, and its values in the order in which variants first have them."""

    name: str
    values: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)
    """By BCP 47 language tag."""

    @classmethod
    def all_of(cls, product: Product) -> "tuple[Choice, ...]":
        """A value that another has, by the one folding, is that one."""

        def values(name: str) -> tuple[str, ...]:
            first: dict[str, str] = {}
            for variant in product.variants:
                first.setdefault(fold(variant.options[name]), variant.options[name])
            return tuple(first.values())

        return tuple(cls(option.name, values(option.name), dict(option.names)) for option in product.options)

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.names.get(language.split("-")[0]) or self.name


class Described(NamedTuple):
    """An attribute of a product, and its id where it is of the taxonomy's list."""

    name: str
    values: tuple[str, ...]
    id: str | None = None


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
    """Within how many days what is ordered beyond the stock can be sent, the longest of its variants; None if nothing is sold so."""

    @classmethod
    def of(cls, message: OfferPublished, now: str) -> Self:
        """The card of a publication; `now` (RFC 3339) is when it changed, and stands for the first sale where that is not told."""
        product, cheapest = message.product, cheapest_of(message.offers())
        return cls(
            product_id=message.product_id, offer_id=cheapest.offer_id, supplier_id=message.supplier_id, version=message.version,
            category=product.category, cost=product.lowest.money, titles={tag: text.title for tag, text in product.texts.items()},
            picture=product.pictures[0] if product.pictures else None, rank=rank(message.first_published_at or now, message.product_id),
            tags=tuple(product.tags), ships_to=tuple(product.ships_to), changed_at=now, in_stock=product.is_there,
            options=Choice.all_of(product), highest=product.highest.money if product.variants else None,
            gtin=product.gtin, gtins=tuple(v.gtin for v in product.variants if v.gtin), brand=product.brand,
            mpns=tuple(dict.fromkeys(mpn for mpn in (product.mpn, *(v.mpn for v in product.variants)) if mpn)), condition=product.condition,
            categories=tuple(product.categories), attributes=tuple(Described(a.name, tuple(a.values), a.id) for a in product.attributes),
            linked=message.trade_item,
            backorder_days=max((days for each in message.offers() if (days := backorder_days(each.product.stock_mode))), default=None),
        )  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        """What a storefront's rule looks at."""
        return Facts.of_replica(
            self.product_id, self.supplier_id, category=self.category, cost=self.cost, tags=self.tags, ships_to=self.ships_to,
            titles=self.titles.values(), categories=self.categories,
        )  # fmt: skip

    @cached_property
    def trade_item(self) -> str:
        """The thing that it is an offer of, whoever else sells it; empty if nobody says so, or it is several."""
        codes = "" if self.options else by_codes(self.gtin, self.brand, next(iter(self.mpns), None), self.condition)
        return self.linked or codes

    @property
    def branches(self) -> list[str]:
        """All its categories, with all above them."""
        return sorted({branch for category in (self.category, *self.categories) for branch in branches(category)})

    @property
    def option_terms(self) -> list[str]:
        return [option_term(option.name, value) for option in self.options for value in option.values]

    @property
    def attribute_terms(self) -> list[str]:
        return list(dict.fromkeys(attribute_term(each.name, value) for each in self.attributes for value in each.values))

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
ADDED: dict[str, Any] = {each.name: each.default for each in fields(Card) if each.name in (
    "brand", "mpns", "condition", "categories", "attributes", "linked", "backorder_days",
)}  # fmt: skip
"""What is kept beside what a card says of variants, where it is not this."""
LATER = {"gtin", "gtins", "options", "highest", *ADDED}
"""What is kept among the tags."""


def _more(told: dict[str, Any]) -> dict[str, Any]:
    """What a card says of its variants, its maker and its state."""
    options = tuple(Choice(each["name"], tuple(each["values"]), each["names"]) for each in told["options"])
    highest = Money(**told["highest"]) if told["highest"] else None
    added = {name: tuple(told[name]) if isinstance(told[name], list) else told[name] for name in ADDED if name in told}
    if "attributes" in added:
        added["attributes"] = tuple(Described(name, tuple(values), known) for name, values, known in added["attributes"])
    return {"options": options, "highest": highest, "gtins": tuple(told["gtins"]), **added}


class VariantDetail(Value):
    """A variant, as its product's own page shows it. What is as the product's is left out, but for its price and tiers."""

    offer_id: str
    choice: list[str]
    price: Amount
    tiers: list[Tier] = Field(default=[])
    weight: int | None = None
    size: Size | None = None
    pictures: list[str] = Field(default=[])
    in_stock: bool = True
    gtin: str | None = None
    mpn: str | None = None
    backorder_days: int | None = None
    unit_measure: UnitMeasure | None = None

    @classmethod
    def of(cls, offered: Offered, product: Product) -> Self:
        one = offered.product
        return cls(
            offer_id=offered.offer_id, choice=list(offered.choice), price=one.price, tiers=one.tiers, in_stock=one.is_there,
            weight=None if one.weight == product.weight else one.weight, size=None if one.size == product.size else one.size,
            pictures=[] if one.pictures == product.pictures else one.pictures, gtin=one.gtin, mpn=one.mpn,
            backorder_days=backorder_days(one.stock_mode), unit_measure=one.unit_measure,
        )  # fmt: skip


class Detail(Value):
    """What a product's own page shows besides its card."""

    texts: dict[str, Text]
    pictures: list[str]
    tiers: list[Tier]
    weight: int | None = None
    size: Size | None = None
    origin: str | None = None
    variants: list[VariantDetail] = Field(default=[])
    mpn: str | None = None
    item_group: str | None = None
    safety: Safety | None = None
    order_quantity: OrderQuantity | None = None
    handling_days: int | None = None
    unit_measure: UnitMeasure | None = None

    @classmethod
    def of(cls, message: OfferPublished) -> Self:
        """Its tiers are those of what costs the least, as the card's price is."""
        product, offers = message.product, message.offers()
        return cls(
            variants=[VariantDetail.of(each, product) for each in offers] if product.variants else [],
            texts=product.texts,
            pictures=product.pictures,
            tiers=cheapest_of(offers).product.tiers,
            weight=product.weight,
            size=product.size,
            origin=product.origin,
            mpn=product.mpn,
            item_group=product.item_group,
            safety=product.safety,
            order_quantity=product.order_quantity,
            handling_days=product.handling_days,
            unit_measure=cheapest_of(offers).product.unit_measure,
        )


def option_term(option: str, value: str) -> str:
    """An option's value as the index keeps it, the same however they are written."""
    return f"{fold(option)}:{fold(value)}"


def attribute_term(name: str, value: str) -> str:
    """An attribute's value as the index keeps it, the same however they are written. What separates terms in an address is a space."""
    return f"{_plain(name)}:{_plain(value)}"


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("|", " ").replace(":", " ").split())


def rank(first_published_at: str, product_id: str) -> int:
    """Milliseconds since 1970, then bits of the product's id: two products share a rank once in a million in one millisecond."""
    moment = int(from_rfc3339(first_published_at).timestamp() * 1000)
    mark = int.from_bytes(hashlib.blake2b(product_id.encode(), digest_size=4).digest(), "big") >> (32 - RANK_BITS)
    return moment << RANK_BITS | mark
