"""What each notice to a merchant says, in the language that it chose."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from functions.notices.causes.kinds import MerchantsKind
from functions.notices.pages.letter import Letter
from shared.buyers.order_number import order_number
from shared.pages.figures import figures
from shared.pages.interface_language import Interface
from shared.pages.texts import texts

Say = Callable[[str], str]
Facts = Mapping[str, Any]
Words = tuple[str, Sequence[str], Sequence[tuple[str, str]]]
"""Subject, which heads the letter too, paragraphs, rows."""


def merchants_letter(kind: MerchantsKind, interface: Interface, facts: Facts) -> Letter:
    """The letter of a kind."""
    _ = texts(interface).gettext
    subject, paragraphs, rows = WORDS[kind](facts, interface, _)
    small = _("You get this because notices of this kind are on for your account. Mail programs offer to unsubscribe.")
    return Letter(
        interface=interface, subject=subject, heading=subject, paragraphs=[text for text in paragraphs if text], rows=rows, small=[small]
    )


def confirmation_letter(interface: Interface, link: str) -> Letter:
    """Asks whoever reads mail there whether the address is a merchant's."""
    _ = texts(interface).gettext
    subject = _("Confirm that notices of your shop may come here")
    said = [
        _("Somebody gave this address for notices of a merchant's account."),
        _("If that was you, follow the link within three days. If not, do nothing: you will hear no more of us."),
    ]
    return Letter(interface=interface, subject=subject, heading=subject, paragraphs=said, link=(_("Confirm the address"), link))


def _new_order(facts: Facts, interface: Interface, _: Say) -> Words:
    money = figures(interface).money
    rows = [(f"{title} × {units}", money(int(units) * int(price), str(facts["currency"]))) for title, units, price in facts["lines"]]
    named = {"number": order_number(str(facts["order_id"]))}
    said = _("It is paid, or its payment is promised: it can be sent.")
    return _("New order %(number)s") % named, [said], rows


def _low_stock(facts: Facts, interface: Interface, _: Say) -> Words:
    return _("Goods of yours are sold out"), [_("Nobody can order them until you say that there are more.")], _listed(facts, _)


def _verdict(facts: Facts, interface: Interface, _: Say) -> Words:
    said = _("What is refused is not sold: change what the reason names, and send it again. What is held, a person looks at.")
    return _("Products of yours were looked at"), [said], _listed(facts, _)


def _payout_failed(facts: Facts, interface: Interface, _: Say) -> Words:
    amount = figures(interface).money(int(facts["amount"]), str(facts["currency"]))
    said = [
        _("The provider says: %(reason)s") % {"reason": facts["reason"]} if facts["reason"] else "",
        _("It is owed to you still. Look at your payout account, and send it again if something in it is wrong."),
    ]
    return _("A payout of %(amount)s to you has failed") % {"amount": amount}, said, ()


def _webhook_disabled(facts: Facts, interface: Interface, _: Say) -> Words:
    said = [
        _("The reason: %(reason)s") % {"reason": facts["reason"]} if facts["reason"] else "",
        _("It is sent nothing more. Mend it, then enable it again: it goes on where it stopped."),
    ]
    return _("An endpoint of yours was disabled"), said, ()


def _listed(facts: Facts, _: Say) -> list[tuple[str, str]]:
    """What several events told together: a title or an id, and what of it."""
    rows = [(str(name), _word(str(what), _)) for name, what, *_key in facts["listed"]]
    return [*rows, (_("And more."), "")] if facts.get("more") else rows


def _word(what: str, _: Say) -> str:
    words = {
        "refused": _("refused"), "held": _("held for a look"), "sold_out": _("sold out"), "owed": _("more ordered than there is"),
    }  # fmt: skip
    head, _sep, reason = what.partition(": ")
    return f"{words.get(head, head)}: {reason}" if reason else words.get(head, head)


WORDS: Mapping[MerchantsKind, Callable[[Facts, Interface, Say], Words]] = {
    "new_order": _new_order, "low_stock": _low_stock, "verdict": _verdict, "payout_failed": _payout_failed,
    "webhook_disabled": _webhook_disabled,
}  # fmt: skip
