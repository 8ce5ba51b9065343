"""What each mail to a buyer says, in the order's language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.notices.causes.kinds import BuyersKind
from functions.notices.known.known_order import KnownOrder
from functions.notices.pages.letter import Letter
from shared.buyers.order_number import order_number
from shared.pages.figures import Figures, figures
from shared.pages.interface_language import Interface, interface_of
from shared.pages.texts import texts

Say = Callable[[str], str]
MOST_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter is made of: the order as known, its shop's name, what its cause says, and where its buyer follows it."""

    order: KnownOrder
    shop: str
    facts: Mapping[str, Any]
    link: str = ""
    answerable: bool = False
    """Whether an answer reaches the shop."""

    @property
    def interface(self) -> Interface:
        return interface_of(self.order.language)

    @property
    def figures(self) -> Figures:
        return figures(self.interface)

    @property
    def named(self) -> dict[str, str]:
        """What texts name: `number`, `shop`."""
        return {"number": order_number(self.order.order_id), "shop": self.shop or texts(self.interface).gettext("the shop")}


def buyers_letter(kind: BuyersKind, told: Told) -> Letter:
    """The letter of a kind."""
    _ = texts(told.interface).gettext
    subject, heading, paragraphs, rows = WORDS[kind](told, _)
    more = [_("You get this because you ordered at %(shop)s.") % told.named]
    if told.answerable:
        more.append(_("If something is wrong, answer this mail: it reaches the shop."))
    return Letter(
        interface=told.interface, subject=subject, heading=heading, paragraphs=[text for text in paragraphs if text], rows=rows, sums=True,
        link=(_("See your order"), told.link), small=more,
    )  # fmt: skip


Words = tuple[str, str, Sequence[str], Sequence[tuple[str, str]]]
"""Subject, heading, paragraphs, rows."""


def _received(told: Told, _: Say) -> Words:
    if told.facts.get("promised") or not told.order.pay_by:
        next_ = _("It is being prepared. We write to you when it is on its way.")
    else:
        next_ = _("It is not paid yet. Its goods are kept for you until %(day)s.") % {"day": told.figures.day(told.order.pay_by)}
    lines = ((line.title, line.quantity, line.unit_price) for line in told.order.lines)
    rows = _bill(told, _, lines, told.order.shipping, told.order.total)
    return _("Your order %(number)s at %(shop)s") % told.named, _("Thank you, we have your order"), [_number(told, _), next_], rows


def _paid(told: Told, _: Say) -> Words:
    lines = ((str(title), int(quantity), int(price)) for title, quantity, price in told.facts["lines"])
    rows = _bill(told, _, lines, int(told.facts["shipping"]), int(told.facts["total"]))
    said = [_number(told, _), _("We write to you when it is on its way.")]
    return _("Your order %(number)s at %(shop)s is paid") % told.named, _("Thank you, your order is paid"), said, rows


def _dispatched(told: Told, _: Say) -> Words:
    tracking, left = str(told.facts["tracking"]), int(told.facts["left"])
    said = [
        _number(told, _),
        _("Tracking number: %(tracking)s") % {"tracking": tracking} if tracking else "",
        _("The rest of your order follows in another parcel.") if left else "",
    ]
    return _("Your order %(number)s at %(shop)s is on its way") % told.named, _("It is on its way"), said, ()


def _delivered(told: Told, _: Say) -> Words:
    left = _("The rest of your order follows.") if int(told.facts["left"]) else ""
    if told.facts["virtual"]:
        ready = _("Open your order, or ask the shop, for what you bought.")
        return _("Your order %(number)s at %(shop)s is ready") % told.named, _("It is ready for you"), [_number(told, _), ready, left], ()
    missing = _("If it is not there, or something is wrong with it, tell the shop.")
    return _("Your order %(number)s at %(shop)s has arrived") % told.named, _("It has arrived"), [_number(told, _), missing, left], ()


def _refunded(told: Told, _: Say) -> Words:
    amount = told.figures.money(int(told.facts["amount"]), str(told.facts["currency"]))
    said = [_number(told, _), _("It goes back the way you paid. Your bank may take some days to show it.")]
    return _("%(amount)s of your order %(number)s is paid back") % {"amount": amount, **told.named}, _("Your money is on its way"), said, ()


def _cancelled(told: Told, _: Say) -> Words:
    why = {
        "expired": _("It was not paid in time. If you want the goods still, order again."),
        "shopper": _("It was cancelled as you asked."),
        "merchant": _("The shop has cancelled it."),
        "supplier": _("Its supplier cannot send it."),
        "recalled": _("Its goods were recalled before they were sent."),
    }.get(str(told.facts["reason"]), "")
    money = _("If you have paid anything, it goes back to you. You owe nothing.")
    return (
        _("Your order %(number)s at %(shop)s is cancelled") % told.named,
        _("Your order is cancelled"),
        [_number(told, _), why, money],
        (),
    )


def _number(told: Told, _: Say) -> str:
    return _("Order %(number)s") % told.named


def _bill(told: Told, _: Say, lines: Iterable[tuple[str, int, int]], shipping: int, total: int) -> list[tuple[str, str]]:
    """Title, units and unit price of each line; what it is in all."""

    def money(amount: int) -> str:
        return told.figures.money(amount, told.order.currency)

    rows = [(f"{title} × {told.figures.number(units)}", money(units * price)) for title, units, price in lines][:MOST_ROWS]
    return [*rows, (_("Shipping"), money(shipping)), (_("Total"), money(total))]


WORDS: Mapping[BuyersKind, Callable[[Told, Say], Words]] = {
    "received": _received, "paid": _paid, "dispatched": _dispatched, "delivered": _delivered, "refunded": _refunded,
    "cancelled": _cancelled,
}  # fmt: skip
