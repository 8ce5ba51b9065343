"""Who earns what of an order: the journal entries that its events make. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.settlement.ledger.journal import PLATFORM, JournalEntry, Kind, Posting, provider_account
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import per_mille
from shared.ids import derived_id
from shared.order_messages import OrderEvent, OrderLine, OrderPaid, OrderRefunded, OrderRefundFailed


@dataclass(frozen=True, slots=True)
class Terms:
    """What the platform takes of an order, fixed when it is paid: a later change of the setting changes no refund."""

    per_mille: int
    introduced: frozenset[str]
    """The suppliers that this order brought to the storefront's owner for the first time."""


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry in its place in an order's book, with what the order's later entries need."""

    book: str
    """`account#storefront#order`."""
    slot: str
    """Its place in the book, written once: the payment's is `entry#0000`, refunds follow in the order they came."""
    entry: JournalEntry
    currency: str
    storefront_id: str
    terms: Terms
    commissionable: int
    """How much margin under commission this entry added (a payment) or took back (a refund, below 0)."""


def commission(margin: int, rate: int) -> int:
    """What the platform earns of `margin`, in the same minor units: `rate` thousandths, half rounded up, never below 0.

    The platform earns only for a first introduction: `margin` is that of the lines of suppliers whom the storefront's
    owner had never sold for before this order. Goods, shipping and every later order are free of commission.
    """
    return per_mille(max(margin, 0), rate)


def book_of(event: OrderEvent) -> str:
    """The key of the order's book."""
    return f"{event.account_id}#{event.storefront_id}#{event.order_id}"


def paid(event: OrderPaid, terms: Terms, now: datetime) -> Booking:
    """The first entry of an order: the provider owes what it captured; supplier, storefront, provider and platform share it.

    Raises Unbalanced if the captured total is not what the lines and the shipping cost.
    """
    base = _commissionable(event.lines, terms)
    provider = provider_account(event.account_id, event.payment_plugin)
    amounts = _shares(event.account_id, event.lines, event.shipping.price)
    amounts[provider, "receivable"] -= event.total
    amounts[provider, "fee_kept"] += event.provider_fee
    amounts[event.account_id, "provider_fee"] -= event.provider_fee
    _add_commission(amounts, event.account_id, commission(base, terms.per_mille))
    entry_id = derived_id("jrn", event.order_id, "paid")
    return _booking(event, slot=_slot(0), id=entry_id, amounts=amounts, terms=terms, commissionable=base, now=now)


def refunded(event: OrderRefunded, before: Sequence[Booking], now: datetime) -> Booking:
    """The reversal of the returned lines and shipping, after the bookings `before` (the payment's first).

    The provider keeps its fee. The commission falls to what the remaining margin bears, so that refunds in any parts
    give back exactly what was taken. Raises Unbalanced if `amount` is not what the lines and the shipping cost.
    """
    terms = before[0].terms
    base = _commissionable(event.lines, terms)
    left = sum(booking.commissionable for booking in before)
    returned: Counter[tuple[str, Kind]] = Counter()
    returned.subtract(_shares(event.account_id, event.lines, event.shipping))
    returned[provider_account(event.account_id, event.payment_plugin), "receivable"] += event.amount
    _add_commission(returned, event.account_id, commission(left - base, terms.per_mille) - commission(left, terms.per_mille))
    slot, entry_id = _slot(len(before)), _refund_id(event)
    return _booking(event, slot=slot, id=entry_id, amounts=returned, terms=terms, commissionable=-base, now=now)


def sent_back(event: OrderRefunded, now: datetime) -> Booking:
    """A payment that no order wanted (it came after the order's end, or twice) went back to the shopper: nobody earned."""
    provider = provider_account(event.account_id, event.payment_plugin)
    postings = (
        Posting(provider, "receivable", -event.amount, event.currency),
        Posting(provider, "receivable", event.amount, event.currency),
    )
    entry = JournalEntry(_refund_id(event), event.order_id, rfc3339(now), postings)
    return Booking(book_of(event), f"sent_back#{event.refund_id}", entry, event.currency, event.storefront_id, Terms(0, frozenset()), 0)


def refund_taken_back(event: OrderRefundFailed, refund: Booking, before: Sequence[Booking], now: datetime) -> Booking:
    """The reversal of a refund that came back after it had been booked; `before` are the order's bookings.

    The commission rises to what the margin bears that is left now, so that refunds and reversals in any order end alike.
    """
    amounts: Counter[tuple[str, Kind]] = Counter()
    for posting in refund.entry.postings:
        if posting.kind not in ("commission", "commission_earned"):
            amounts[posting.account, posting.kind] -= posting.amount
    left, rate = sum(booking.commissionable for booking in before), refund.terms.per_mille
    _add_commission(amounts, event.account_id, commission(left - refund.commissionable, rate) - commission(left, rate))
    slot = _slot(len(before)) if refund.slot.startswith("entry#") else f"{refund.slot}#taken_back"
    entry_id, base = _taken_back_id(event), -refund.commissionable
    return _booking(event, slot=slot, id=entry_id, amounts=amounts, terms=refund.terms, commissionable=base, now=now)


def is_order_refund(event: OrderRefunded) -> bool:
    """Whether the refund is of an order's lines or shipping, not of a payment without an order."""
    return bool(event.lines or event.shipping)


def has_entry(booking: Booking, event: OrderRefunded | OrderRefundFailed) -> bool:
    """Whether `booking` is the refund's that `event` tells of."""
    return booking.entry.id == _refund_id(event)


def has_reversal(booking: Booking, event: OrderRefundFailed) -> bool:
    """Whether `booking` is the reversal that `event` made."""
    return booking.entry.id == _taken_back_id(event)


def _refund_id(event: OrderRefunded | OrderRefundFailed) -> str:
    return derived_id("jrn", event.order_id, event.refund_id)


def _taken_back_id(event: OrderRefundFailed) -> str:
    return derived_id("jrn", event.order_id, event.refund_id, "taken_back")


def _slot(number: int) -> str:
    return f"entry#{number:04}"


def _shares(owner: str, lines: Sequence[OrderLine], shipping: int) -> Counter[tuple[str, Kind]]:
    amounts: Counter[tuple[str, Kind]] = Counter({(owner, "shipping"): shipping})
    for line in lines:
        amounts[line.supplier_id, "goods"] += line.unit_cost * line.quantity
        amounts[owner, "margin"] += (line.unit_price - line.unit_cost) * line.quantity
    return amounts


def _commissionable(lines: Sequence[OrderLine], terms: Terms) -> int:
    return sum((line.unit_price - line.unit_cost) * line.quantity for line in lines if line.supplier_id in terms.introduced)


def _add_commission(amounts: Counter[tuple[str, Kind]], owner: str, amount: int) -> None:
    amounts[owner, "commission"] -= amount
    amounts[PLATFORM, "commission_earned"] += amount


def _booking(
    event: OrderEvent, *, slot: str, id: str, amounts: Counter[tuple[str, Kind]], terms: Terms, commissionable: int, now: datetime
) -> Booking:
    postings = tuple(Posting(account, kind, amount, event.currency) for (account, kind), amount in amounts.items() if amount)
    entry = JournalEntry(id, event.order_id, rfc3339(now), postings)
    return Booking(book_of(event), slot, entry, event.currency, event.storefront_id, terms, commissionable)
