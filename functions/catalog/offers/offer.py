"""What is on sale: an audited product with its supplier's offer, one aggregate with one version counter."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from functions.catalog.offers.asked_prices import UNTOLD, AskedPrices, Asks, asks_of
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Conflict
from shared.goods.trade_item import own_trade_item
from shared.ids import offer_id_of
from shared.messages import Message, ProductApproved, ProductDelisted
from shared.pictures.product_pictures import Shown
from shared.trade.product import MOST_VARIANTS, Product
from shared.variants.offered import Offered, offers_of
from shared.variants.sale import Priced

Party = Literal["supplier", "operator", "sanction"]
"""Who recalled an offer; `sanction`: an operator suspended its supplier."""
REMEMBERED = 8
"""So many requests that recalled or reinstated an offer are known again when they are replayed."""


class ChangedMeanwhile(Conflict):
    code, title = "changed-meanwhile", "The product is being changed by others: try again"


@dataclass(frozen=True, slots=True)
class Recall:
    """Who took an offer off sale, and why."""

    by: Party
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """Which trade item a product is an offer of, by whose word, where its codes are not to say it."""

    item: str
    by: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A supplier's product as it was last approved. `version` counts the catalog's changes, `submission` the supplier's."""

    product_id: str
    supplier_id: str
    product: Product
    submission: int
    version: int
    changed_at: str
    first_published_at: str = ""
    """When it was first on sale; empty if it has not been yet."""
    recall: Recall | None = None
    gone: tuple[str, ...] = ()
    """Offers of variants that earlier versions had and this one has not, the latest first; at most MOST_VARIANTS."""
    more_gone: bool = False
    """Whether there were more of them: whoever sends goods then asks each by its product."""
    withheld: tuple[str, ...] = ()
    """Offers of variants that a new version dropped while the goods themselves were recalled, the latest first; at most MOST_VARIANTS. They
    may be what was wrong, and stay recalled when the rest is on sale again."""
    withheld_for: str = ""
    """Why the goods were recalled from which the latest of them was dropped."""
    link: Link | None = None
    named: bool = False
    """Whether an operator said of another product that it is the same thing: that one bears this one's own id (`own_trade_item`)."""
    variant_links: Mapping[str, Link] = field(default_factory=dict)
    """The same of single variants, by their offers' ids; at most MOST_VARIANTS. One that its product has no more is kept, for it may come
    back with the next feed."""
    variants_named: tuple[str, ...] = ()
    """The offers of variants with which others were linked, the latest first; at most MOST_VARIANTS."""
    prices: AskedPrices = UNTOLD
    """As of when its prices are told, and what was asked before."""
    shown: Shown = ()
    """Those of its pictures that are shown."""
    requests: Mapping[str, str] = field(default_factory=dict)
    """The ids and fingerprints of the latest requests that recalled or reinstated it."""
    told: str = field(default="", compare=False, repr=False)
    """The event that was told of it last, as it was written: who asks the table what was told finds it."""

    @property
    def id(self) -> str:
        """The product's own offer's id: the same for every version of the product."""
        return offer_id_of(self.product_id)

    @property
    def offered(self) -> list[Offered]:
        """What it is sold as: the one offer, or one a variant."""
        return offers_of(self.id, self.product_id, self.product, self.prices.priced)

    @property
    def asks(self) -> Asks:
        """What is asked for each, and what it is compared with."""
        return asks_of(self.offered)

    def next_sale(self, after: datetime | None = None) -> datetime | None:
        """When the next of its sales begins or ends after that moment, or its last change; None if none does."""
        moment = after or from_rfc3339(self.changed_at)
        sales = (self.product.sale, *(variant.sale for variant in self.product.variants))
        return min((found for sale in sales if sale and (found := sale.next_change(moment))), default=None)

    def followed_by(self, product: Product, submission: int, now: datetime, shown: Shown = ()) -> "Offer":
        """The next version, which is `product`, with those of its pictures that are `shown`. What it has no more is gone, or withheld if
        the goods are recalled at this moment."""
        kept = {each.offer_id for each in offers_of(self.id, self.product_id, product)}
        dropped = [each.offer_id for each in self.offered if each.offer_id not in kept]
        withheld = (*dropped, *self.withheld) if self.is_withdrawn else self.withheld
        gone = self.gone if self.is_withdrawn else (*dropped, *self.gone)
        left = _others(gone, kept.union(withheld))
        reason = self.recall.reason if self.recall and self.is_withdrawn and dropped else self.withheld_for
        return next_of(
            self, now, product=product, shown=shown, submission=submission, withheld_for=reason, gone=left[:MOST_VARIANTS],
            withheld=_others(withheld, kept)[:MOST_VARIANTS], more_gone=self.more_gone or len(left) > MOST_VARIANTS,
        )  # fmt: skip

    @property
    def known_offers(self) -> list[str]:
        """All that it was ever sold as, as far as it is known, and that is to be had once it is on sale again."""
        return [*(each.offer_id for each in self.offered), *self.gone]

    @property
    def stands_alone(self) -> bool:
        """Whether a person said that it is nobody else's thing, nor is any variant of it."""
        return self.link is not None and self.link.item == own_trade_item(self.product_id)

    def link_of(self, variant: str = "") -> Link | None:
        """What a person said of it, or of the variant of this offer's id."""
        return self.variant_links.get(variant) if variant else self.link

    def linked_as(self, link: Link | None, variant: str) -> Mapping[str, Link]:
        """What is kept of its variants once this was said of one. Of too many those go first that the product has no more."""
        others = {offer_id: each for offer_id, each in self.variant_links.items() if offer_id != variant}
        if len(others) >= MOST_VARIANTS:
            there = {each.offer_id for each in self.offered}
            others = {offer_id: each for offer_id, each in others.items() if offer_id in there}
        return others | {variant: link} if link else others

    @property
    def is_delisted(self) -> bool:
        """Whether its supplier keeps it off sale: a draft, or archived."""
        return self.product.status != "active"

    @property
    def awaits_picture(self) -> bool:
        """Whether its supplier wants it on sale with a picture alone, and none is shown yet. What has been on sale stays there: that its
        pictures change, or are taken down, leaves a placeholder."""
        return self.product.requires_picture and not self.shown and not self.first_published_at and not self.is_delisted

    @property
    def is_withdrawn(self) -> bool:
        """Whether the goods themselves were recalled, by their supplier or an operator: a sanction on the supplier says nothing of them."""
        return self.recall is not None and self.recall.by != "sanction"

    def remembers(self, request: Idempotency) -> bool:
        """Whether `request` has been carried out before. Raises KeyReused if its key came with another payload."""
        found = self.requests.get(request.id("op"))
        if found is not None:
            request.same(found)
        return found is not None


@dataclass(frozen=True, slots=True)
class OfferChange:
    """An offer as it shall be kept, and the event that tells of it; None if nobody but the supplier need know."""

    offer: Offer
    event: Message | None


def _others(offer_ids: Iterable[str], than: Container[str]) -> tuple[str, ...]:
    """What of a product may be on sale or recalled somewhere still, though messages were lost: the latest first."""
    return tuple(offer_id for offer_id in dict.fromkeys(offer_ids) if offer_id not in than)


def next_of(held: Offer, now: datetime, **changes: object) -> Offer:
    """The next version of `held`, with these fields changed, and with what is asked as of now: what was asked before is kept."""
    newer = replace(held, version=held.version + 1, changed_at=rfc3339(now), **changes)  # type: ignore[arg-type]
    return _asked(newer, held.offered if held.first_published_at else (), now)


def first_of(message: ProductApproved | ProductDelisted, now: datetime, shown: Shown = ()) -> Offer:
    """The first version of a product's offer."""
    new = Offer(
        product_id=message.product_id, supplier_id=message.supplier_id, product=message.product, submission=message.version,
        version=1, changed_at=rfc3339(now), shown=shown,
    )  # fmt: skip
    return _asked(new, (), now)


def _asked(offer: Offer, before: Iterable[Offered], now: datetime) -> Offer:
    asked = offers_of(offer.id, offer.product_id, offer.product, Priced(now))
    return replace(offer, prices=offer.prices.at(asked, before, now))


def with_request(held: Offer, request: Idempotency) -> Mapping[str, str]:
    """What the offer remembers once `request` was carried out, too; at most REMEMBERED."""
    known = [*held.requests.items(), (request.id("op"), request.fingerprint)]
    return dict(known[-REMEMBERED:])
