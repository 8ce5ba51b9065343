"""What is on sale: an audited product with its supplier's offer, one aggregate with one version counter."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.clock import rfc3339
from shared.errors import Conflict, Forbidden
from shared.idempotency import Idempotency
from shared.ids import derived_id
from shared.messages import Message, OfferPublished, OfferRecalled, ProductApproved, ProductRefused
from shared.product import Product

Party = Literal["supplier", "operator"]
RECALL = "recall"
"""An auditor who refuses a version with this code also takes the goods themselves, in their older version, off sale."""
REMEMBERED = 8
"""So many requests that recalled or reinstated an offer are known again when they are replayed."""


class NotOnSale(Conflict):
    code, title = "not-on-sale", "The product is recalled already"


class OnSale(Conflict):
    code, title = "on-sale", "The product is on sale: there is nothing to reinstate"


class NotYourRecall(Forbidden):
    code, title = "not-your-recall", "Only the party that recalled a product may reinstate it"


@dataclass(frozen=True, slots=True)
class Recall:
    """Who took an offer off sale, and why."""

    by: Party
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A supplier's product as it was last approved. `version` counts the catalog's changes, `submission` the supplier's."""

    product_id: str
    supplier_id: str
    product: Product
    submission: int
    version: int
    changed_at: str
    recall: Recall | None = None
    requests: Mapping[str, str] = field(default_factory=dict)
    """The ids and fingerprints of the latest requests that recalled or reinstated it."""

    @property
    def id(self) -> str:
        """The offer's id: the same for every version of the product."""
        return derived_id("off", self.product_id)

    def remembers(self, request: Idempotency) -> bool:
        """Whether `request` has been carried out before. Raises KeyReused if its key came with another payload."""
        found = self.requests.get(request.id("op"))
        if found is not None:
            request.same(found)
        return found is not None


@dataclass(frozen=True, slots=True)
class Change:
    """An offer as it shall be kept, and the event that tells of it; None if nobody but the supplier need know."""

    offer: Offer
    event: Message | None


def approved(held: Offer | None, message: ProductApproved, now: datetime) -> Change | None:
    """Put the approved version on sale; None if this version or a newer one is held.

    A recalled product takes the new version but stays recalled: a feed that is sent every night must not undo a recall.
    """
    if held is None:
        return _published(Offer(message.product_id, message.supplier_id, message.product, message.version, 1, rfc3339(now)))
    if message.version <= held.submission:
        return None
    newer = _next(held, now, product=message.product, submission=message.version)
    return Change(newer, None) if held.recall else _published(newer)


def refused(held: Offer | None, message: ProductRefused, now: datetime) -> Change | None:
    """What a refused version does to the one on sale: nothing, unless the auditor's code is RECALL.

    The goods of the approved version are as good as they were: only the new words or prices were refused. An approval
    and a refusal of one version come from an appeal, which approval ends; so a refusal that is not newer is dropped.
    """
    if held is None or held.recall or message.version <= held.submission or message.code != RECALL:
        return None
    return _recalled(_next(held, now, submission=message.version, recall=Recall("operator", message.evidence)))


def recalled(held: Offer, recall: Recall, request: Idempotency, now: datetime) -> Change | None:
    """Take the offer off sale everywhere; None if this very request did so before. Raises NotOnSale, KeyReused."""
    if held.remembers(request):
        return None
    if held.recall:
        raise NotOnSale(f"recalled by the {held.recall.by}: {held.recall.reason}")
    return _recalled(_next(held, now, recall=recall, requests=_with(held, request)))


def reinstated(held: Offer, by: Party, request: Idempotency, now: datetime) -> Change | None:
    """Put a recalled offer back on sale in its newest approved version; None if this very request did so before.

    Raises OnSale, NotYourRecall, KeyReused.
    """
    if held.remembers(request):
        return None
    if held.recall is None:
        raise OnSale
    if held.recall.by != by:
        raise NotYourRecall(f"the {held.recall.by} recalled it: ask them to reinstate it")
    return _published(_next(held, now, recall=None, requests=_with(held, request)))


def _next(held: Offer, now: datetime, **changes: object) -> Offer:
    return replace(held, version=held.version + 1, changed_at=rfc3339(now), **changes)  # type: ignore[arg-type]


def _with(held: Offer, request: Idempotency) -> Mapping[str, str]:
    known = [*held.requests.items(), (request.id("op"), request.fingerprint)]
    return dict(known[-REMEMBERED:])


def _published(offer: Offer) -> Change:
    event = OfferPublished(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, product=offer.product, version=offer.version
    )
    return Change(offer, event)


def _recalled(offer: Offer) -> Change:
    reason = offer.recall.reason if offer.recall else ""
    event = OfferRecalled(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, reason=reason, version=offer.version
    )
    return Change(offer, event)
