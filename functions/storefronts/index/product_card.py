"""A card: the little that a listing shows of a product. What only its own page shows is its detail."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, field, fields
from functools import cached_property
from typing import Any, NamedTuple, Self

from functions.storefronts.index.described_term import as_narrowed, described_term, narrows
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Money
from shared.goods.identity import Condition
from shared.goods.stock_mode import backorder_days
from shared.goods.trade_item import by_gtin, by_part, ids_of, own_trade_item
from shared.goods.unit_measure import UnitMeasure
from shared.messages import OfferPublished
from shared.trade.folding import fold
from shared.trade.product import Product
from shared.trade.selection import branches
from shared.trade.selling_rule import Facts
from shared.variants.offered import Offered, cheapest_of
from shared.variants.sale import Reduced

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
    reduced: Reduced | None = None
    """What its price is compared with, in its currency."""
    measure: UnitMeasure | None = None
    """How much a unit of what has its price holds."""
    named: bool = False
    """Whether others were linked with it: they are known by its own id."""
    weight: int | None = None
    """Grams, packed; None where nobody said it, and of what is no trade item that others could sell. So is `origin`, where it was made."""
    origin: str | None = None

    @classmethod
    def of(cls, message: OfferPublished, now: str) -> Self:
        """The card of a publication; `now` (RFC 3339) is when it changed, and stands for the first sale where that is not told."""
        product, offers = message.product, message.offers()
        cheapest = cheapest_of(offers)
        is_shared = bool(ids_of(message.product_id, product, message.trade_item, named=message.named))
        return cls(
            product_id=message.product_id, offer_id=cheapest.offer_id, supplier_id=message.supplier_id, version=message.version,
            category=product.category, cost=cheapest.product.price.money, titles={tag: text.title for tag, text in product.texts.items()},
            picture=product.pictures[0] if product.pictures else None, rank=rank(message.first_published_at or now, message.product_id),
            tags=tuple(product.tags), ships_to=tuple(product.ships_to), changed_at=now, in_stock=product.is_there,
            options=Choice.all_of(product), highest=_highest(offers) if product.variants else None,
            gtin=product.gtin, gtins=tuple(v.gtin for v in product.variants if v.gtin), brand=product.brand,
            mpns=tuple(dict.fromkeys(mpn for mpn in (product.mpn, *(v.mpn for v in product.variants)) if mpn)), condition=product.condition,
            categories=tuple(product.categories), attributes=tuple(Described(a.name, tuple(a.values), a.id) for a in product.attributes),
            linked=message.trade_item, named=message.named, weight=product.weight if is_shared else None,
            origin=product.origin if is_shared else None,
            backorder_days=max((days for each in offers if (days := backorder_days(each.product.stock_mode))), default=None),
            reduced=cheapest.reduced, measure=cheapest.product.unit_measure,
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
        """The thing that it is an offer of by its surest id, whoever else sells it; empty if nobody says so, or it is several."""
        return next(iter(self.items), "")

    @cached_property
    def items(self) -> tuple[str, ...]:
        """All ids of that thing, the surest first: by a person's word, else by its GTIN, and by its part number; and its own, where others
        were linked with it."""
        codes = (self.linked,) if self.linked else (self.gtin_item, self.part_item)
        own = own_trade_item(self.product_id) if self.named and not self.options else ""
        return tuple(dict.fromkeys(each for each in (*codes, own) if each))

    @cached_property
    def gtin_item(self) -> str:
        return "" if self.options or self.linked else by_gtin(self.gtin, self.condition)

    @cached_property
    def part_item(self) -> str:
        return "" if self.options or self.linked else by_part(self.brand, next(iter(self.mpns), None), self.condition)

    @property
    def branches(self) -> list[str]:
        """All its categories, with all above them."""
        return sorted({branch for category in (self.category, *self.categories) for branch in branches(category)})

    @property
    def option_terms(self) -> list[str]:
        return _terms((option.name, value) for option in self.options for value in option.values)

    @property
    def attribute_terms(self) -> list[str]:
        return _terms((each.name, value) for each in self.attributes for value in each.values)

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
        if self.measure:
            told["measure"] = list(self.measure.model_dump().values())
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
    "brand", "mpns", "condition", "categories", "attributes", "linked", "backorder_days", "named", "weight", "origin",
    "reduced", "measure",
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
    if "reduced" in added:
        added["reduced"] = Reduced(*added["reduced"])
    if "measure" in added:
        added["measure"] = UnitMeasure.model_construct(**dict(zip(UnitMeasure.model_fields, added["measure"], strict=True)))
    return {"options": options, "highest": highest, "gtins": tuple(told["gtins"]), **added}


def _highest(offers: Iterable[Offered]) -> Money:
    return max((each.product.price for each in offers), key=lambda price: price.amount).money


def _terms(described: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(term for name, value in described if narrows(term := described_term(name, value))))


def rank(first_published_at: str, product_id: str) -> int:
    """Milliseconds since 1970, then bits of the product's id: two products share a rank once in a million in one millisecond."""
    moment = int(from_rfc3339(first_published_at).timestamp() * 1000)
    mark = int.from_bytes(hashlib.blake2b(product_id.encode(), digest_size=4).digest(), "big") >> (32 - RANK_BITS)
    return moment << RANK_BITS | mark
