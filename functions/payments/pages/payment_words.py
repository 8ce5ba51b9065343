"""What a payment's page says: where the payment stands, why it was declined, and what to do. Unknown is never called failed."""

from collections.abc import Callable
from typing import Literal

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import OperationKind, State
from shared.pages.interface_language import Interface
from shared.pages.texts import texts

Stand = Literal[
    "paid", "promised", "go_on", "scan", "transfer", "on_its_way", "unknown", "ending", "given_up", "declined", "over", "unreachable",
    "refused", "conflict",
]  # fmt: skip
ENDED = frozenset({"declined", "over", "unreachable", "given_up", "refused", "conflict"})
"""The order can be paid another way."""
AWAITED = frozenset({"scan", "on_its_way", "unknown", "ending"})
"""Of which the page looks again by itself for a while."""
ACTIONS: dict[str, Stand] = {"redirect": "go_on", "qr": "scan", "transfer": "transfer"}
ENDS: dict[State, Stand] = {
    State.CAPTURED: "paid", State.AUTHORIZED: "paid", State.EXPIRED: "over", State.CANCELED: "given_up",
}  # fmt: skip
REFUSALS: dict[str, Stand] = {
    ErrorKind.DECLINED: "declined", ErrorKind.UNAVAILABLE: "unreachable", ErrorKind.RATE_LIMITED: "unreachable",
    ErrorKind.CONFLICT: "conflict",
}  # fmt: skip
"""What became of a start or a confirmation that failed; of all other errors the shop's account there is why: `refused`. Only who issued
the card, or holds the shopper's money, declines."""
SHOPPERS = frozenset({OperationKind.START, OperationKind.CONFIRM})


def stand_of(payment: Payment, page: str) -> Stand:
    """Where the payment stands, for its shopper. `page`: what its way to pay shows (Capability.pages)."""
    if payment.state is State.AUTHORIZED and page == "nothing":
        return "promised"
    if payment.state is State.FAILED:
        return _refusal(payment) or "declined"
    return ENDS.get(payment.state) or _waiting(payment)


def _waiting(payment: Payment) -> Stand:
    """The same of one that can still be paid."""
    kind = str((payment.next_action or {}).get("type"))
    if payment.given_up:
        return "ending"
    if kind != "redirect" and (refusal := _refusal(payment)):
        return refusal
    return ACTIONS.get(kind, "on_its_way" if payment.state is State.PENDING else "unknown")


def _refusal(payment: Payment) -> Stand | None:
    """Why what the shopper did last was refused; None where it was not, or where nobody says why."""
    failed = [o for o in payment.operations if o.kind in SHOPPERS and o.phase is Phase.FAILED]
    return REFUSALS.get(failed[-1].error, "refused") if failed else None


def goes_on(payment: Payment) -> bool:
    """Whether a payment that lives can be paid by a page: not one that a site's script was to confirm, nor one that was declined."""
    kind = (payment.next_action or {}).get("type")
    by_script = kind is not None and kind not in ACTIONS and ("client_secret" in (payment.next_action or {}) or kind != "confirm")
    return not by_script and stand_of(payment, "redirect") not in ENDED


def reason_of(payment: Payment, interface: Interface) -> str:
    """Why it was declined, in the shopper's language; empty where nobody said."""
    failed = next((o for o in reversed(payment.operations) if o.phase is Phase.FAILED and o.kind is not OperationKind.REFUND), None)
    if failed is None:
        return ""
    known = _reasons(texts(interface).gettext).get(failed.code)
    return known or (failed.message if interface == "en" and failed.error == ErrorKind.DECLINED else "")


def _reasons(_: Callable[[str], str]) -> dict[str, str]:
    """By the code that most providers have for it (docs.stripe.com/declines/codes)."""
    little, wrong = _("There is not enough money on it."), _("Something about the card was mistyped.")
    return {
        "insufficient_funds": little, "INSUFFICIENT_FUNDS": little, "expired_card": _("The card has expired."),
        "incorrect_cvc": wrong, "incorrect_number": wrong, "invalid_cvc": wrong, "invalid_expiry_year": wrong,
        "card_declined": _("The bank declined the card, and does not say why."),
        "generic_decline": _("The bank declined the card, and does not say why."),
        "INSTRUMENT_DECLINED": _("The bank declined what was chosen at PayPal."),
        "card_velocity_exceeded": _("The card's limit is reached."),
    }  # fmt: skip
