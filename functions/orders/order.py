"""An order: what was bought, at which price, from whom, and what has become of it. Knows no AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import Field

from functions.orders.buyers.buyer import Buyer
from functions.orders.counts.running_totals import Move
from functions.orders.lifecycle.review_reason import ReviewReason
from functions.orders.part import Part
from functions.orders.withdrawals.withdrawal import Withdrawal
from monsoon_plugin.address import Address
from shared.bounds.kept import within_bounds
from shared.buyers.order_number import order_number
from shared.messages import Message
from shared.order_messages import CancelReason, OrderLine, ShippingChoice
from shared.sealing.sealed_text import SealedText
from shared.trade.line_money import goods_money, line_money

State = Literal["unpaid", "accepted", "paid", "review", "cancelled"]
"""unpaid: awaits payment until `pay_by`. accepted: payment is promised. paid: captured in full. review: what was promised or captured
is not what was owed, and a person decides. cancelled: nothing will be delivered; whatever was captured goes back."""
Fulfilment = Literal["waiting", "under_way", "dispatched", "delivered"]
FULFILMENT: tuple[Fulfilment, ...] = ("waiting", "under_way", "dispatched", "delivered")


class Payment(Part):
    """What the payments service has told of one payment for this order. Amounts in minor units of `currency`."""

    id: str
    plugin: str
    version: int
    currency: str
    promised: int = 0
    """What is authorized of it, until that ends or its capture is taken back; 0 of payments that were promised before this was kept."""
    uncancelled: str = ""
    """Why its provider would not give back what it promises, in its own words."""
    captured: int = 0
    fee: int = 0
    test: bool = False
    """No real money moves by it."""


class Refund(Part):
    """Money on its way back. `lines` (offer id → units) and `shipping` are what it is for; both empty: money beyond what was owed."""

    id: str
    payment_id: str
    amount: int
    currency: str
    lines: Mapping[str, int] = {}
    left: Mapping[str, int] = {}
    """Those of `lines` that had left: a return, or a gift."""
    asked_first: bool = False
    """Whether all others of `lines` were released by shipping. Refunds of before shipping was asked, and of cancelled orders, say no."""
    shipping: int = 0
    state: Literal["requested", "paid", "failed"] = "requested"
    """failed: the provider could not pay it, or it came back; what it was for is owed again."""
    reason: str = ""
    fingerprint: str = ""
    covered: int = 0
    """How much of what it is for had gone back before, and is not paid a second time: no more goes back than was captured."""
    borne: int = 0
    """Of one without lines and shipping: how much had been booked as the order's; below 0: what stays makes up for a lack."""
    elsewhere: bool = False
    """It was made at the provider, and not because we asked."""

    @property
    def of_goods(self) -> bool:
        """Whether it is for units or shipping, and not of money beyond what was owed."""
        return bool(self.lines or self.shipping)


class Order(Part):
    """One order of one storefront. All amounts in minor units of `currency`."""

    id: str
    account_id: str
    storefront_id: str
    placed_at: str
    version: int = 1
    fingerprint: str
    currency: str
    language: str
    buyer: Buyer
    note: str = Field(default="", repr=False)
    """What the buyer tells the merchant; empty: nothing."""
    gift: bool = False
    """It is for somebody else: nothing in the parcel should tell a price."""
    address: Address | None = Field(default=None, repr=False)
    """None where it is sealed; and of virtual goods alone that were placed with a country."""
    sealed: SealedText | None = None
    sealed_address: SealedText | None = None
    """Under one key, what is not in the clear of `buyer`, `note` and `address`; `to_country` is (buyers/buyer_sealing.py)."""
    erased: bool = False
    forgotten: bool = False
    """erased: of an order that was opened, its key is; never kept. forgotten: nobody finds it by its buyer's e-mail any more."""
    to_country: str = ""
    """Of an order without an address in the clear: where its goods go, or are used, ISO 3166-1 alpha-2."""
    lines: tuple[OrderLine, ...]
    shipping: ShippingChoice
    pay_by: str
    state: State = "unpaid"
    reason: CancelReason | None = None
    fulfilment: Fulfilment = "waiting"
    payments: tuple[Payment, ...] = ()
    paid_by: str | None = None
    test: bool = False
    """Its payment is in test mode, and so is all of it from then on."""
    review: ReviewReason | None = None
    """Why it is in review; None of one that is not, or that was so before this was kept."""
    promise_over: str = ""
    """While it is in review because its promise has ended: until when it may be paid anew, before its units are withdrawn (RFC 3339)."""
    lost: int = 0
    """How much of what paid it the provider has taken back: it is paid no more until that is there anew."""
    refunds: tuple[Refund, ...] = ()
    rates_day: str | None = None
    """Of the exchange rates that the lines with a `supplier_price` were converted at; None if no line was."""
    flags: Mapping[str, str] = {}
    """Offer id → why its goods are recalled: of what shipping holds, and while it is unpaid, of what is not on sale."""
    holds: Mapping[str, int] = {}
    """Shipment id → version of the last news of its being held or free."""
    flags_end: str = ""
    """While it is flagged and confirmed: when patience ends, and what is recalled is withdrawn (RFC 3339)."""
    recalled: Mapping[str, str] = {}
    """Offer id → why, of goods that were recalled before they were paid for: they are withdrawn at once."""
    withdrawals: tuple[Withdrawal, ...] = ()
    shipping_waived: int = 0
    """How much of the shipping price was taken off before the order was paid."""
    tracked: bool = False
    """Whether its units count among those of its offers that wait for dispatch; orders of before there were counts do not."""
    by_parcel: bool = False
    """Of orders of several parts: whether the units of each wait for its own parcel to leave; those of before wait until all have."""
    sent: Mapping[str, str] = {}
    """Part (shared.variants.order_part; of parcels, the supplier's id) → when it left, or when that was heard, RFC 3339."""
    parcels: Mapping[str, Mapping[str, int]] = {}
    """Part → offer id → units in its parcel when it left, where they were fewer than we knew of: others had been taken out."""

    @property
    def number(self) -> str:
        """By which people name it."""
        return order_number(self.id)

    @property
    def country(self) -> str:
        """Where it goes, ISO 3166-1 alpha-2."""
        return self.address.country if self.address else self.to_country

    @property
    def requires_shipping(self) -> bool:
        """Whether anything of it travels."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def goods(self) -> int:
        """What the shopper pays for the goods alone."""
        return goods_money(self.owed_lines).price

    @property
    def total(self) -> int:
        """What the shopper pays: without what was taken back before it was paid."""
        return self.goods + self.shipping.price - self.shipping_waived

    @property
    def owed_lines(self) -> list[OrderLine]:
        """The lines with what the shopper pays for."""
        return self.units(_some({line.offer_id: line.quantity - self.dropped_units(line.offer_id) for line in self.lines}))

    @property
    def remaining(self) -> dict[str, int]:
        """Offer id → units that the shopper pays for and for which no refund was requested, where there are any."""
        bought = {line.offer_id: line.quantity for line in self.lines}
        return _some({offer_id: n - self.dropped_units(offer_id) - self.refunded_units(offer_id) for offer_id, n in bought.items()})

    @property
    def confirmed(self) -> bool:
        """Whether its payment is promised or received: shipping has been told of it."""
        return self.state in ("accepted", "paid")

    @property
    def has_payment(self) -> bool:
        """Whether money for it was promised or has arrived."""
        return bool(self.payments)

    @property
    def flagged(self) -> dict[str, str]:
        """The flags of goods that the shopper still awaits; a cancelled order awaits none."""
        left = {} if self.state == "cancelled" else self.remaining
        return {offer_id: why for offer_id, why in self.flags.items() if offer_id in left}

    @property
    def shipping_left(self) -> int:
        """How much of the shipping price was not requested back."""
        return self.shipping.price - self.shipping_waived - sum(refund.shipping for refund in self.valid_refunds)

    @property
    def valid_refunds(self) -> tuple[Refund, ...]:
        """The refunds that have not failed."""
        return tuple(refund for refund in self.refunds if refund.state != "failed")

    def in_review(self, why: ReviewReason, promise_over: str = "") -> Self:
        """The order, for a person to look at."""
        return self.model_copy(update={"state": "review", "review": why, "promise_over": promise_over})

    def out_of_review(self, state: State, **changes: Any) -> Self:
        """The order in another state than that."""
        return self.model_copy(update={"state": state, "review": None, "promise_over": "", **changes})

    def held_by(self, payment_id: str) -> int:
        """What the provider still holds of a payment: captured, and not paid back or on its way back."""
        payment = self.payment(payment_id)
        back = sum(refund.amount for refund in self.valid_refunds if refund.payment_id == payment_id)
        return max((payment.captured if payment else 0) - back, 0)

    def refunded_units(self, offer_id: str) -> int:
        return sum(refund.lines.get(offer_id, 0) for refund in self.valid_refunds)

    def released_units(self, offer_id: str) -> int:
        """Units that were taken back before they were sent."""
        return sum(withdrawal.released.get(offer_id, 0) for withdrawal in self.withdrawals)

    def dropped_units(self, offer_id: str) -> int:
        """Those of the released units that were taken back before the order was paid."""
        return sum(withdrawal.released.get(offer_id, 0) for withdrawal in self.withdrawals if withdrawal.unpaid)

    def worth(self, lines: Mapping[str, int]) -> int:
        """What the shopper paid for these units of the order's lines."""
        return sum(line_money(line, lines.get(line.offer_id, 0)).price for line in self.lines)

    def units(self, lines: Mapping[str, int]) -> list[OrderLine]:
        """The order's lines with these quantities instead of those bought."""
        return [line.model_copy(update={"quantity": lines[line.offer_id]}) for line in self.lines if line.offer_id in lines]

    def payment(self, payment_id: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.id == payment_id), None)

    def refund(self, refund_id: str) -> Refund | None:
        return next((refund for refund in self.refunds if refund.id == refund_id), None)

    def withdrawal(self, withdrawal_id: str) -> Withdrawal | None:
        return next((withdrawal for withdrawal in self.withdrawals if withdrawal.id == withdrawal_id), None)

    def with_withdrawal(self, withdrawal: Withdrawal) -> tuple[Withdrawal, ...]:
        """The withdrawals with this one as it now is, in its place or at the end."""
        if self.withdrawal(withdrawal.id) is None:
            return (*self.withdrawals, withdrawal)
        return tuple(withdrawal if held.id == withdrawal.id else held for held in self.withdrawals)

    def next(self, **changes: Any) -> Self:
        """The order after one more change."""
        return self.model_copy(update={**changes, "version": self.version + 1})

    def with_payment(self, payment: Payment) -> tuple[Payment, ...]:
        return (*(p for p in self.payments if p.id != payment.id), payment)

    def event_fields(self) -> dict[str, Any]:
        """What every event of this order says."""
        return {"version": self.version, "order_id": self.id, "storefront_id": self.storefront_id,
                "account_id": self.account_id, "currency": self.currency, "test": self.test}  # fmt: skip

    def refund_fields(self, refund: Refund) -> dict[str, Any]:
        """What every event of one of its refunds says: in the currency and the mode of the payment that it goes back by."""
        payment = self.payment(refund.payment_id)
        return self.event_fields() | {"currency": refund.currency, "test": payment.test if payment else self.test}

    def shipping_fields(self) -> dict[str, Any]:
        """What shipping must know of it: the lines and the shipping that are paid for."""
        taken_off = [withdrawal.id for withdrawal in self.withdrawals if withdrawal.unpaid]
        shipping = self.shipping.model_copy(update={"price": self.shipping.price - self.shipping_waived})
        goes = {"address": within_bounds(self.address) if self.address else None, "sealed_address": self.sealed_address}
        return self.event_fields() | goes | {"lines": self.owed_lines, "taken_off": taken_off, "shipping": shipping}


def _some(units: Mapping[str, int]) -> dict[str, int]:
    return {offer_id: n for offer_id, n in units.items() if n}


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order's next state, the event that tells of it, and what it moves of its offers' stock: one write. Units by offer id."""

    order: Order
    event: Message | None = None
    returned: Mapping[str, int] = field(default_factory=dict)
    """They go back on sale."""
    let_go: Mapping[str, int] = field(default_factory=dict)
    """They cease to wait for dispatch: sent, or taken back (negative: they wait again). `OrderService` works it out of every change."""

    @property
    def moves(self) -> dict[str, Move]:
        """By offer id."""
        offer_ids = sorted(self.returned.keys() | self.let_go.keys())
        return {offer_id: Move(self.returned.get(offer_id, 0), -self.let_go.get(offer_id, 0)) for offer_id in offer_ids}
