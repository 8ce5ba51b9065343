"""Every event on the bus: past tense, versioned, in the order of the way. Fields are only ever added; a change of meaning is a v2.

Each event carries its aggregate's `version`, so that a consumer drops what is older than what it holds.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.money import Amount
from shared.bounds.fields import MAX_INTEGER, Code, Day, Id, Minor, Moment, Reason, Title, Version
from shared.buyers.seller import Seller
from shared.goods.stock_mode import BackorderBound, StockCounts
from shared.pictures.by_address import Addresses
from shared.pictures.product_pictures import Blurs, ShownLines
from shared.trade.product import Product, StockUnits
from shared.trade.selection import PriceRule, Selection
from shared.variants.offer_lists import DroppedOffers, LowestBefore, NamedVariants, VariantItems, VariantOffers, VariantUnits, Withheld
from shared.variants.offered import Offered, offers_of
from shared.variants.sale import Priced


class Message(BaseModel):
    """The data of one event. `subject` names the aggregate; `version` rises with each of its events."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    type: ClassVar[str]
    source: ClassVar[str]
    version: Version

    @property
    def subject(self) -> str:
        """The id of the aggregate that the event is about: by convention the first field."""
        return str(getattr(self, next(name for name in type(self).model_fields if name != "version")))


class ProductSubmitted(Message):
    """uploads → audit, pictures: a supplier sent a product, or a new version of it."""

    type, source = "monsoon.product.submitted.v1", "uploads"
    product_id: Id
    supplier_id: Id
    product: Product
    submitted_at: Moment
    filled: dict[Code, Code] = Field(default={}, max_length=50, description="what its supplier's defaults filled: field → their category")
    priced_at: Moment = Field(default="", description="when its prices were sent, where that is later than the rest; audit needs it not")
    picture_urls: Addresses = []


class ProductApproved(Message):
    """audit → catalog, uploads: it may be sold. The version is the submission's."""

    type, source = "monsoon.product.approved.v1", "audit"
    product_id: Id
    supplier_id: Id
    product: Product
    decided_by: Id = Field(description="`rules`, or the auditor's account id")


class ProductRefused(Message):
    """audit → uploads, catalog, notices: it may not be sold, and why."""

    type, source = "monsoon.product.refused.v1", "audit"
    product_id: Id
    supplier_id: Id
    code: Code
    evidence: Reason
    remedy: Reason
    decided_by: Id
    title: Title = ""


class ProductDelisted(Message):
    """audit → catalog, uploads: its supplier wants it off sale, a draft or archived: no rule was asked. The version is the submission's."""

    type, source = "monsoon.product.delisted.v1", "audit"
    product_id: Id
    supplier_id: Id
    product: Product


class ProductHeld(Message):
    """audit → uploads, notices: a person will look at it."""

    type, source = "monsoon.product.held.v1", "audit"
    product_id: Id
    supplier_id: Id
    code: Code
    evidence: Reason
    title: Title = ""


class StockCounted(Message):
    """uploads → orders: a supplier counted an offer's stock. It needs no audit. The version orders the counts of one product."""

    type, source = "monsoon.stock.counted.v1", "uploads"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    stock: StockUnits
    stock_counts: StockCounts
    counted_at: Moment = Field(description="the moment that the number is of")
    received_at: Moment
    variants: VariantUnits = {}

    def units(self) -> dict[str, int]:
        """Offer id → units of each offer that was counted."""
        return self.variants or {self.offer_id: self.stock}


class OfferPublished(Message):
    """catalog → storefronts, fanout, orders, shipping: a supplier's offer is on sale, or has changed. The version is the catalog's."""

    type, source = "monsoon.offer.published.v1", "catalog"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    product: Product
    first_published_at: Moment = Field(default="", description="when it was first on sale, RFC 3339: listings show the newest first")
    gone: DroppedOffers = Field(default=[], description="offers of variants of earlier versions, the latest: off sale, not recalled")
    trade_item: Annotated[str, Field(max_length=40)] = Field(default="", description="what it is by a person's word; empty: by its codes")
    named: bool = Field(default=False, description="whether others were linked with it, by a person: it is known by its own id, too")
    variant_items: VariantItems = []
    variants_named: NamedVariants = []
    withheld: Withheld = []
    withheld_for: Title = Field(default="", description="why the goods were recalled")
    more_gone: bool = Field(default=False, description="whether more is gone than is named")
    priced_at: Moment = Field(default="", description="as of when its prices are told: sales that are on then are on. Empty: no sale is")
    lowest: LowestBefore = []
    shown: ShownLines = []
    blurs: Blurs = []

    def offers(self) -> list[Offered]:
        """What the product is sold as, at what is asked now: the offer named, or one for each variant."""
        return offers_of(self.offer_id, self.product_id, self.product, Priced.told(self.priced_at, self.lowest))


class OfferRecalled(Message):
    """catalog → storefronts, fanout, orders, shipping: it is no longer on sale, from now on, anywhere."""

    type, source = "monsoon.offer.recalled.v1", "catalog"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    reason: Reason
    variants: VariantOffers = Field(default=[], description="all offers of a product with variants, those of `gone` among them")
    more_gone: bool = Field(default=False, description="whether more is gone than is named: it is recalled too, by its product")

    def offer_ids(self) -> list[str]:
        """The offers that are recalled."""
        return self.variants or [self.offer_id]


class OfferDelisted(Message):
    """catalog → storefronts, fanout, orders, shipping: its supplier took it off sale. It is not recalled: who ordered it gets it."""

    type, source = "monsoon.offer.delisted.v1", "catalog"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    offers: VariantOffers = Field(description="all that the product was ever sold as, as far as it is known")
    withheld: Withheld = []
    withheld_for: Title = Field(default="", description="why the goods were recalled")
    more_gone: bool = Field(default=False, description="whether more is gone than is named")


class SupplierSuspended(Message):
    """catalog → catalog, storefronts, orders: nothing of this supplier is sold from now on. Its offers are recalled one by one after it."""

    type, source = "monsoon.supplier.suspended.v1", "catalog"
    supplier_id: Id
    reason: Reason


class SupplierReinstated(Message):
    """catalog → catalog, storefronts, orders: what the suspension took off sale is published again, one by one after it."""

    type, source = "monsoon.supplier.reinstated.v1", "catalog"
    supplier_id: Id


class OfferAvailabilityChanged(Message):
    """orders → storefronts, fanout, notices: the last unit was sold, or units are there again. The version counts these changes alone."""

    type, source = "monsoon.offer.availability_changed.v1", "orders"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    in_stock: bool
    title: Title = ""
    variant: bool = Field(default=False, description="whether it is one of several offers of its product, and tells nothing of the others")
    backorder: BackorderBound = ""


class StockOwed(Message):
    """orders → shipping, notices: more was ordered than the supplier counts (or no more: 0). The version counts these alone."""

    type, source = "monsoon.stock.owed.v1", "orders"
    offer_id: Id
    product_id: Id
    supplier_id: Id
    owed: int = Field(ge=0, le=MAX_INTEGER, description="units")
    title: Title = ""


class StorefrontConfigured(Message):
    """storefronts → orders, fanout, notices: what a storefront sells, at which price, and whether it is open."""

    type, source = "monsoon.storefront.configured.v1", "storefronts"
    storefront_id: Id
    account_id: Id
    name: Title
    open: bool
    suspended: Reason = Field(default="", description="why an operator has closed it; empty if none has")
    selection: Selection
    price_rule: PriceRule
    repriced_at: Moment = Field(default="", description="when its price rule last became another, RFC 3339; empty: never")
    slug: Code = Field(default="", description="by which its pages are found; empty: it has none")
    accent: Code = ""
    style: Code = Field(default="", description="what its owner chose of the pages' style, in words; empty: nothing")
    host: Code = Field(default="", description="of its own, at whose root its pages lie; empty: they lie below the hub's address")
    seller: Seller | None = Field(default=None, description="who sells there, as papers name them; absent: its owner has not said")


class PaymentEvent(Message):
    """What every event about a payment says. The version counts the payment's changes."""

    payment_id: Id
    order_id: Id
    storefront_id: Id
    account_id: Id
    plugin: Code
    amount: Amount
    test: bool = Field(default=False, description="no real money moves: nothing of it is ever payable, sent live, or counted")


class PaymentAuthorized(PaymentEvent):
    """payments → orders: the amount is promised: an authorization is held, or a courier will collect it."""

    type, source = "monsoon.payment.authorized.v1", "payments"


class PaymentCaptured(PaymentEvent):
    """payments → orders: the amount has been received (cumulative)."""

    type, source = "monsoon.payment.captured.v1", "payments"
    provider_fee: Minor


class PaymentRefunded(PaymentEvent):
    """payments → orders: `amount` has been paid back for `refund_id`."""

    type, source = "monsoon.payment.refunded.v1", "payments"
    refund_id: Id


class PaymentRefundFailed(PaymentEvent):
    """payments → orders: `amount` was not paid back for `refund_id`, or came back after it was: it is owed still."""

    type, source = "monsoon.payment.refund_failed.v1", "payments"
    refund_id: Id
    reason: Reason = Field(description="what the provider says, for people")
    was_paid: bool = Field(description="whether PaymentRefunded had been told of it before")


MOST_TOLD = 10
"""Rounds of a dispute that one event tells of, the last ones: those before were told when they were."""


class PaymentDisputed(PaymentEvent):
    """payments → settlement, pictures: the shopper's bank takes `amount` back (open, then lost), or has given it up (won)."""

    type, source = "monsoon.payment.disputed.v1", "payments"
    dispute_ref: Code
    state: Literal["open", "won", "lost"]
    reason: Reason
    round: int = Field(default=0, ge=0, le=99, description="how often what it took was given back before: a second chargeback is 1")
    taken: list[Minor] = Field(default=[], max_length=MOST_TOLD, description="of each of the last rounds, `amount` last; empty: as much")


class StatementLineBooked(Message):
    """settlement → payments: money came in with a creditor reference (ISO 11649): perhaps of a bank transfer that is awaited."""

    type, source = "monsoon.statement.line_booked.v1", "settlement"
    line_id: Id
    account_id: Id
    storefront_id: Id
    reference: Code = Field(description="RF…, without spaces, its check digits verified")
    amount: Amount
    booked_on: Day = Field(description="YYYY-MM-DD")


class SubscriptionDisabled(Message):
    """fanout → notices, its owner's other endpoints: an endpoint failed for days and is sent nothing any more."""

    type, source = "monsoon.subscription.disabled.v1", "fanout"
    subscription_id: Id
    account_id: Id
    storefront_id: Id
    reason: Reason
