"""The page where an order cannot be placed as it is: why, and where it is mended."""

from collections.abc import Mapping, Sequence

from functions.orders.checkout.shipping_choice import QUOTE
from functions.orders.pages.review_form_views import carried
from shared.api.answers import Page
from shared.errors import Problem
from shared.pages.interface_language import Interface
from shared.pages.texts import texts
from shared.pages.visits.visit import Visit, VisitOver
from shared.pages.visits.visit_pages import visit_page


def stopped_page(visit: Visit, ticket: str, values: Mapping[str, str], refused: Problem) -> Page:
    """Raises VisitOver where the form is none of ours."""
    pointers = [error.pointer for error in refused.errors]
    if (not pointers and refused.code == "malformed") or {"/visit", "/lines"} & set(pointers):
        raise VisitOver(back="cart") from refused
    by_rates = QUOTE in pointers or "/ticket" in pointers
    told = {
        "why": _why(refused, by_rates, visit.interface), "carried": carried(ticket, values),
        "mend": "rates" if by_rates else "address" if _of_address(pointers) else "cart",
    }  # fmt: skip
    return visit_page("functions/orders/pages/stopped.html", visit, told, ticket=ticket, status=int(refused.status))


def _of_address(pointers: Sequence[str]) -> bool:
    return bool(pointers) and not any(pointer.startswith(("/lines", "/currency")) for pointer in pointers)


def _why(refused: Problem, by_rates: bool, interface: Interface) -> Sequence[str]:
    _ = texts(interface).gettext
    if by_rates:
        return [_("Prices of delivery are good for half an hour, for what was in the cart then. Choose delivery again.")]
    if "left" in refused.more:
        left: Mapping[str, int] = refused.more["left"]
        lines = [int(error.pointer.split("/")[2]) + 1 for error in refused.errors]
        return [
            _("Line %(line)s of your cart: only %(left)s left.") % {"line": line, "left": units}
            for line, units in zip(lines, left.values(), strict=True)
        ]
    words = {
        "not-sellable": _("Something in your cart was recalled and is not sold any more. Go back to the cart: it says what."),
        "storefront-closed": _("This shop takes no orders at present. Your cart is kept."),
        "storefront-suspended": _("This shop takes no orders at present. Your cart is kept."),
        "supplier-suspended": _("Something in your cart was taken off sale. Go back to the cart: it says what."),
        "not-found": _("This shop takes no orders at present. Your cart is kept."),
    }
    usual = _("Something of this order cannot be sold as it is. Go back, and look at it again.")
    return [words.get(refused.code, usual), *([error.detail for error in refused.errors] if interface == "en" else [])][:5]
