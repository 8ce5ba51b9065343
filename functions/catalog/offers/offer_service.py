"""Every change that an offer can undergo: decided on what is held, kept, and decided again if somebody was quicker."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from functions.catalog.offers.audited import after_approval, after_delisting, after_pictures, after_refusal
from functions.catalog.offers.offer import ChangedMeanwhile, Link, Offer, OfferChange, Party, Recall
from functions.catalog.offers.recalled import after_recall, after_reinstatement, after_sanction
from functions.catalog.offers.sale_sweep import after_sale_moment
from functions.catalog.offers.trade_item_link import Thing, after_link, after_naming
from functions.catalog.offers.trade_item_link import alone as standing_alone
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.api.paging import Read, one_beyond
from shared.errors import NotFound
from shared.messages import ProductApproved, ProductDelisted, ProductRefused
from shared.optimistic_retry import Contended, Retry
from shared.pictures.product_pictures import Shown
from shared.trade.product import Product

Decide = Callable[[Offer | None], OfferChange | None]


class Offers(Protocol):
    """Where offers are kept: the store, or a dict in a test."""

    def get(self, supplier_id: str, product_id: str) -> Offer | None: ...

    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        """At most `limit` offers of the supplier, by product id, after the one named."""
        ...

    def save(self, change: OfferChange, held: Offer | None, now: datetime) -> bool:
        """Keep `change` if what is kept is still `held`. Answers whether it was."""
        ...


class Standings(Protocol):
    """Who may sell."""

    def standing(self, supplier_id: str) -> SupplierStanding: ...


class Pictures(Protocol):
    """Which of a product's pictures are shown."""

    def shown(self, supplier_id: str, product: Product) -> Shown: ...

    def wait(self, offer: Offer) -> bool:
        """Let the product, as it is kept, wait for the pictures that it goes without; False if one of them is shown meanwhile."""
        ...


class OfferService:
    """What audit, suppliers, operators, sanctions and pictures do to offers."""

    def __init__(self, offers: Offers, standings: Standings, pictures: Pictures, clock: Clock, retry: Retry) -> None:
        self._offers, self._standings, self._pictures, self._clock, self._retry = offers, standings, pictures, clock, retry

    def approve(self, message: ProductApproved, standing: SupplierStanding | None = None) -> None:
        """audit approved a version. Most products are new, so that nothing but the supplier's standing is read before the first write.

        `standing`: the supplier's, if it was read less than sanction_rollout's AGAIN before this ends.
        """
        reason = (standing or self._standings.standing(message.supplier_id)).reason
        shown = self._pictures.shown(message.supplier_id, message.product)
        decide: Decide = lambda held: after_approval(held, message, self._clock(), reason, shown)  # noqa: E731
        offer = self._change(message.supplier_id, message.product_id, None, decide)
        if offer and not self._pictures.wait(offer):
            self.join_pictures(message.supplier_id, message.product_id)

    def join_pictures(self, supplier_id: str, product_id: str) -> Offer | None:
        """Publish the product with those of its pictures that are shown by now, and let it wait for the others; answers what is held then.
        Raises ChangedMeanwhile."""

        def decide(held: Offer | None) -> OfferChange | None:
            return after_pictures(held, self._pictures.shown(supplier_id, held.product), self._clock()) if held else None

        offer, level = self._offers.get(supplier_id, product_id), False
        while offer and not level:
            offer = self._change(supplier_id, product_id, offer, decide)
            level = offer is None or self._pictures.wait(offer)
        return offer

    def refuse(self, message: ProductRefused) -> None:
        """audit refused a version."""
        held = self._offers.get(message.supplier_id, message.product_id)
        self._change(message.supplier_id, message.product_id, held, lambda held: after_refusal(held, message, self._clock()))

    def delist(self, message: ProductDelisted) -> None:
        """Its supplier wants it off sale."""
        held = self._offers.get(message.supplier_id, message.product_id)
        self._change(message.supplier_id, message.product_id, held, lambda held: after_delisting(held, message, self._clock()))

    def offer(self, supplier_id: str, product_id: str) -> Offer:
        """The supplier's offer. Raises NotFound."""
        return _found(self._offers.get(supplier_id, product_id))

    def pages_of(self, supplier_id: str, limit: int) -> Read[Offer]:
        """The supplier's offers by product id."""
        return one_beyond(
            limit,
            lambda after, most: self._offers.page(supplier_id, after, most),
            lambda offer: offer.product_id,
            lambda offer: len(offer.product.model_dump_json().encode()),
        )

    def recall(self, supplier_id: str, product_id: str, recall: Recall, request: Idempotency) -> Offer:
        """Take it off sale. Raises NotFound, NotOnSale, KeyReused, ChangedMeanwhile."""
        return self._change_own(supplier_id, product_id, lambda held: after_recall(held, recall, request, self._clock()))

    def reinstate(self, supplier_id: str, product_id: str, by: Party, request: Idempotency) -> Offer:
        """Put it back on sale. Raises NotFound, OnSale, NotYourRecall, KeyReused, ChangedMeanwhile."""
        reason = self._standings.standing(supplier_id).reason
        return self._change_own(supplier_id, product_id, lambda held: after_reinstatement(held, by, request, self._clock(), reason))

    def link(self, thing: Thing, by: Party, other: Thing | None, *, alone: bool) -> Offer:
        """Let a product, or a variant, be the same thing as the `other`, none but its own, or what its codes say.

        The other is told that it is known by its own id, so that who lists it knows of company; it is bound by nothing. Sent again, it is
        answered alike. Raises NotFound, NotYourLink, SeveralItems, ChangedMeanwhile.
        """
        link: Link | None = None

        def decide(held: Offer) -> OfferChange | None:
            variant = thing.variant_of(held)
            return after_link(held, standing_alone(held, by, variant) if alone else link, by, self._clock(), variant)

        if other:
            link = standing_alone(found := self.offer(*other[:2]), by, other.variant_of(found))
            decide(self.offer(*thing[:2]))  # what is refused changes the other no more than this one
            self._change_own(*other[:2], lambda found: after_naming(found, self._clock(), other.variant_of(found)))
        return self._change_own(*thing[:2], decide)

    def apply_sanction(self, offer: Offer, standing: SupplierStanding) -> None:
        """Take one offer off sale for its supplier's suspension, or put it back after it. Raises ChangedMeanwhile."""
        decide: Decide = lambda held: after_sanction(_found(held), standing.reason, self._clock())  # noqa: E731
        self._change(offer.supplier_id, offer.product_id, offer, decide)

    def look_at_sales(self, supplier_id: str, product_id: str) -> Offer | None:
        """Tell what is asked from now on, if one of the product's sales has begun or ended; answers what is held then. Raises
        ChangedMeanwhile."""
        held = self._offers.get(supplier_id, product_id)
        if held is None:
            return None
        return self._change(supplier_id, product_id, held, lambda held: after_sale_moment(_found(held), self._clock()))

    def _change_own(self, supplier_id: str, product_id: str, decide: Callable[[Offer], OfferChange | None]) -> Offer:
        held = self.offer(supplier_id, product_id)
        return _found(self._change(supplier_id, product_id, held, lambda found: decide(_found(found))))

    def _change(self, supplier_id: str, product_id: str, held: Offer | None, decide: Decide) -> Offer | None:
        """Decide on `held` as if it were still kept; if it is not, look and decide anew."""
        try:
            return self._attempt(held, decide)
        except Contended:
            return self._retry(lambda: self._attempt(self._offers.get(supplier_id, product_id), decide), ChangedMeanwhile)

    def _attempt(self, held: Offer | None, decide: Decide) -> Offer | None:
        change = decide(held)
        if change is None:
            return held
        if not self._offers.save(change, held, self._clock()):
            raise Contended
        return change.offer


def _found(offer: Offer | None) -> Offer:
    if offer is None:
        raise NotFound("no such product among this supplier's approved ones")
    return offer
