"""A shipping quote: what is asked, and what the couriers' answers come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from functions.shipping.parcels.goods_needs import Unsaid
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.quotes.address_needs import postcode_flaw
from functions.shipping.quotes.rate_conversion import ConvertedRate
from functions.shipping.quotes.rate_reasons import RateReason
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Parcel
from shared.errors import FieldError, Invalid
from shared.goods.order_quantity import quantity_flaw
from shared.goods.safety import MEMBERS


class UnknownOffer(Invalid):
    code, title = "offer-not-on-sale", "An offer of these lines is not on sale"


class AddressIncomplete(Invalid):
    code, title = "address-incomplete", "No courier can take the parcel before the address says more"


class GoodsIncomplete(Invalid):
    code, title = "goods-incomplete", "No courier can take these goods before their suppliers say more of them"


class NotSentThere(Invalid):
    code, title = "offer-not-sent-there", "An offer of these lines is not sent to this country"


class SafetyUnanswered(Invalid):
    code, title = "safety-unanswered", "An offer of these lines may not be sold to people in the EU yet: its supplier says more of it"


@dataclass(frozen=True, slots=True)
class OnSale:
    """What one read brought."""

    facts: Mapping[str, ParcelFacts]
    counts: Mapping[str, int]
    """Installation id → shipments of the month."""


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What a client site asks."""

    quantities: Mapping[str, int]
    """Offer id → units, in the order of the request's lines, one line an offer."""
    address: Address
    currency: str
    """In which prices are wanted."""

    def check_address(self) -> None:
        """Raises Invalid for a postcode that its country does not have."""
        if flaw := postcode_flaw(self.address):
            raise Invalid.field("/address/postal_code", flaw)

    def check(self, facts: Mapping[str, ParcelFacts]) -> None:
        """Raises UnknownOffer, Invalid for quantities in which goods are not sold, and NotSentThere, which name the lines."""
        offers, country = list(self.quantities), self.address.country
        if unknown := [i for i, offer in enumerate(offers) if offer not in facts]:
            raise UnknownOffer(errors=[FieldError(f"/lines/{i}/offer_id", "this offer is not on sale") for i in unknown])
        flaws = ((i, quantity_flaw(units, facts[offer].order_quantity)) for i, (offer, units) in enumerate(self.quantities.items()))
        if wrong := [FieldError(f"/lines/{i}/quantity", flaw) for i, flaw in flaws if flaw]:
            raise Invalid(wrong[0].detail, wrong)
        if kept := [i for i, offer in enumerate(offers) if not facts[offer].goes_to(country)]:
            raise NotSentThere(errors=[FieldError(f"/lines/{i}/offer_id", f"not sent to {country}: leave it out") for i in kept])

    def check_safety(self, facts: Mapping[str, ParcelFacts]) -> None:
        """Raises SafetyUnanswered, which names the lines, for goods to the EU of which nobody said who answers for their safety there."""
        if self.address.country not in MEMBERS:
            return
        detail = "its supplier has not said who made it and who is responsible in the EU (Regulation (EU) 2023/988, art. 19): leave it out"
        if unsafe := [i for i, offer in enumerate(self.quantities) if not (facts[offer].answered or facts[offer].virtual)]:
            raise SafetyUnanswered(errors=[FieldError(f"/lines/{i}/offer_id", detail) for i in unsafe])

    def shipped(self, facts: Mapping[str, ParcelFacts]) -> dict[str, int]:
        """Those of the lines that travel: offer id → units. What is not known of may."""
        return {offer: units for offer, units in self.quantities.items() if offer not in facts or not facts[offer].virtual}

    def goods_incomplete(self, lacking: Iterable[Unsaid]) -> GoodsIncomplete:
        """The refusal that names each line's goods and what is not said of them."""
        offers = list(self.quantities)
        told = dict.fromkeys((offers.index(one.offer_id), one.detail) for one in lacking)
        return GoodsIncomplete(errors=[FieldError(f"/lines/{i}/offer_id", detail) for i, detail in sorted(told)])


@dataclass(frozen=True, slots=True)
class QuotedRate:
    """A rate with what is to be known of it, and the ticket that an order carries."""

    converted: ConvertedRate
    reasons: Sequence[RateReason]
    """The first says whether it is the cheapest."""
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    request: QuoteRequest
    rates: Sequence[QuotedRate]
    """The storefront's preferred courier first."""
    parcels: Sequence[Parcel]
    silent: Sequence[str]
    """Installations whose courier did not answer."""
    expires_at: datetime
    asked: Mapping[str, Sequence[FieldError]] = field(default_factory=dict)
    """Installation id → what its courier needs of the address before it says a price."""
    lacking: Mapping[str, Sequence[Unsaid]] = field(default_factory=dict)
    """Installation id → what its courier needs to know of the goods."""
    virtual_ticket: str = field(default="", repr=False)
    """Of virtual goods alone, of which nothing is to be shipped: the ticket that an order of them may carry."""
