"""What is on sale: an audited product with its supplier's offer, one aggregate with one version counter."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypedDict

from monsoon_plugin.clock import rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Forbidden
from shared.ids import offer_id_of
from shared.messages import Message, OfferDelisted, OfferPublished, OfferRecalled, ProductApproved, ProductDelisted, ProductRefused
from shared.trade.product import MOST_VARIANTS, Product
from shared.variants.offered import Offered, offers_of
from shared.variants.unseen import as_seen

Party = Literal["supplier", "operator", "sanction"]
"""Who recalled an offer; `sanction`: an operator suspended its supplier."""
RECALL = "recall"
"""An auditor who refuses a version with this code also takes the goods themselves, in their older version, off sale."""
REMEMBERED = 8
"""So many requests that recalled or reinstated an offer are known again when they are replayed."""


class NotOnSale(Conflict):
    code, title = "not-on-sale", "The product is recalled already"


class OnSale(Conflict):
    code, title = "on-sale", "The product is on sale: there is nothing to reinstate"


class ChangedMeanwhile(Conflict):
    code, title = "changed-meanwhile", "The product is being changed by others: try again"


class NotYourRecall(Forbidden):
    code, title = "not-your-recall", "Only the party that recalled a product may reinstate it"


class Withheld(TypedDict):
    """What stays recalled, and why; and whether more is gone than is named."""

    withheld: list[str]
    withheld_for: str
    more_gone: bool


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
        return offers_of(self.id, self.product_id, self.product)

    def followed_by(self, product: Product, submission: int, now: datetime) -> "Offer":
        """The next version, which is `product`. What it has no more is gone, or withheld if the goods are recalled at this moment."""
        kept = {each.offer_id for each in offers_of(self.id, self.product_id, product)}
        dropped = [each.offer_id for each in self.offered if each.offer_id not in kept]
        withheld = (*dropped, *self.withheld) if self.is_withdrawn else self.withheld
        gone = self.gone if self.is_withdrawn else (*dropped, *self.gone)
        left = _others(gone, kept.union(withheld))
        reason = self.recall.reason if self.recall and self.is_withdrawn and dropped else self.withheld_for
        return _next(
            self, now, product=product, submission=submission, withheld_for=reason, withheld=_others(withheld, kept)[:MOST_VARIANTS],
            gone=left[:MOST_VARIANTS], more_gone=self.more_gone or len(left) > MOST_VARIANTS,
        )  # fmt: skip

    @property
    def known_offers(self) -> list[str]:
        """All that it was ever sold as, as far as it is known, and that is to be had once it is on sale again."""
        return [*(each.offer_id for each in self.offered), *self.gone]

    @property
    def is_delisted(self) -> bool:
        """Whether its supplier keeps it off sale: a draft, or archived."""
        return self.product.status != "active"

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


def after_approval(held: Offer | None, message: ProductApproved, now: datetime, sanction: str = "") -> OfferChange | None:
    """Put the approved version on sale; None if this version or a newer one is held. `sanction`: why its supplier is suspended, if it is.

    A recalled product takes the new version but stays recalled: a feed that is sent every night must not undo a recall. Of another
    number of units nothing is told: what is sold is counted by orders (`StockCounted`), and nobody is shown how many there are.
    """
    if held is None:
        new = Offer(
            product_id=message.product_id, supplier_id=message.supplier_id, product=message.product, submission=message.version,
            version=1, changed_at=rfc3339(now),
        )  # fmt: skip
        return OfferChange(replace(new, recall=Recall("sanction", sanction)), None) if sanction else _publication(new)
    if message.version <= held.submission:
        return None
    newer = held.followed_by(message.product, message.version, now)
    if sanction and not held.recall:
        return _withdrawal(replace(newer, recall=Recall("sanction", sanction)))
    seen_alike = as_seen(newer.product) == as_seen(held.product)
    return OfferChange(newer, None) if held.recall or seen_alike else _publication(newer)


def after_delisting(held: Offer | None, message: ProductDelisted, now: datetime) -> OfferChange | None:
    """Take the product off sale as its supplier asks; None if this version or a newer one is held.

    It is not recalled: who ordered it gets it. The same version back as an active one is a publication.
    """
    if held is None:
        new = Offer(
            product_id=message.product_id, supplier_id=message.supplier_id, product=message.product, submission=message.version,
            version=1, changed_at=rfc3339(now),
        )  # fmt: skip
        return OfferChange(new, None)
    if message.version <= held.submission:
        return None
    newer = held.followed_by(message.product, message.version, now)
    return OfferChange(newer, None) if held.recall or held.is_delisted else _publication(newer)


def after_refusal(held: Offer | None, message: ProductRefused, now: datetime) -> OfferChange | None:
    """What a refused version does to the one on sale: nothing, unless the auditor's code is RECALL.

    The goods of the approved version are as good as they were: only the new words or prices were refused. An approval
    and a refusal of one version come from an appeal, which approval ends; so a refusal that is not newer is dropped.
    """
    if held is None or held.is_withdrawn or message.version <= held.submission or message.code != RECALL:
        return None
    return _withdrawal(_next(held, now, submission=message.version, recall=Recall("operator", message.evidence)))


def after_recall(held: Offer, recall: Recall, request: Idempotency, now: datetime) -> OfferChange | None:
    """Take the offer off sale everywhere; None if this very request did so before. Raises NotOnSale, KeyReused.

    What a sanction took off sale may still be recalled: it then does not come back with its supplier.
    """
    if held.remembers(request):
        return None
    if held.recall and held.is_withdrawn:
        raise NotOnSale(f"recalled by the {held.recall.by}: {held.recall.reason}")
    return _withdrawal(_next(held, now, recall=recall, requests=_with(held, request)))


def after_reinstatement(held: Offer, by: Party, request: Idempotency, now: datetime, sanction: str = "") -> OfferChange | None:
    """Put a recalled offer back on sale in its newest approved version; None if this very request did so before.

    `sanction`: why its supplier is suspended, if it is; the offer then comes back with its supplier.
    Raises OnSale, NotYourRecall, KeyReused.
    """
    if held.remembers(request):
        return None
    if held.recall is None:
        raise OnSale
    if held.recall.by != by:
        raise NotYourRecall(_who(held.recall))
    if sanction:
        return _withdrawal(_next(held, now, recall=Recall("sanction", sanction), requests=_with(held, request)))
    return _publication(_next(held, now, recall=None, requests=_with(held, request)))


def after_sanction(held: Offer, reason: str, now: datetime) -> OfferChange | None:
    """The offer after its supplier was suspended for `reason`, or reinstated if it is empty; None if that changes nothing.

    What the supplier or an operator recalled stays recalled.
    """
    if reason and held.recall is None:
        return _withdrawal(_next(held, now, recall=Recall("sanction", reason)))
    if not reason and held.recall and held.recall.by == "sanction":
        return _publication(_next(held, now, recall=None))
    return None


def changed_alike(held: Offer, now: datetime) -> OfferChange:
    """The next version of an offer of which something changed that is told with it; told when it is on sale again, if it is not."""
    newer = _next(held, now)
    return OfferChange(newer, None) if newer.recall or newer.is_delisted else _publication(newer)


SUSPENDED = "its supplier is suspended"
"""What sellers, sites and shoppers are told of a suspension."""


def _who(recall: Recall) -> str:
    if recall.by == "sanction":
        return f"{SUSPENDED} ({recall.reason}): it comes back when an operator reinstates the supplier"
    return f"the {recall.by} recalled it: ask them to reinstate it"


def _others(offer_ids: Iterable[str], than: Container[str]) -> tuple[str, ...]:
    """What of a product may be on sale or recalled somewhere still, though messages were lost: the latest first."""
    return tuple(offer_id for offer_id in dict.fromkeys(offer_ids) if offer_id not in than)


def _next(held: Offer, now: datetime, **changes: object) -> Offer:
    return replace(held, version=held.version + 1, changed_at=rfc3339(now), **changes)  # type: ignore[arg-type]


def _with(held: Offer, request: Idempotency) -> Mapping[str, str]:
    known = [*held.requests.items(), (request.id("op"), request.fingerprint)]
    return dict(known[-REMEMBERED:])


def _publication(offer: Offer) -> OfferChange:
    """On sale; or off sale, and not recalled, where its supplier keeps it so."""
    if offer.is_delisted:
        return OfferChange(offer, _delisting(offer))
    offer = replace(offer, first_published_at=offer.first_published_at or offer.changed_at)
    event = OfferPublished(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, product=offer.product, version=offer.version,
        first_published_at=offer.first_published_at, gone=list(offer.gone),
        trade_item=offer.link.item if offer.link and not offer.product.variants else "", **_withheld(offer),
    )  # fmt: skip
    return OfferChange(offer, event)


def _delisting(offer: Offer) -> OfferDelisted:
    return OfferDelisted(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, version=offer.version, offers=offer.known_offers,
        **_withheld(offer),
    )  # fmt: skip


def _withheld(offer: Offer) -> Withheld:
    return {"withheld": list(offer.withheld), "withheld_for": offer.withheld_for, "more_gone": offer.more_gone}


def _withdrawal(offer: Offer) -> OfferChange:
    """The reason for a recall is told to all who sell the goods; that for a suspension to the supplier alone."""
    recall = offer.recall
    reason = "" if recall is None else SUSPENDED if recall.by == "sanction" else recall.reason
    several = [*offer.known_offers, *offer.withheld] if offer.product.variants or offer.gone or offer.withheld else []
    event = OfferRecalled(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, reason=reason, version=offer.version,
        variants=several, more_gone=offer.more_gone,
    )  # fmt: skip
    return OfferChange(offer, event)
