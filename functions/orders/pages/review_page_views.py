"""The page on which an order is reviewed: what is bought, what it comes to, who buys."""

import secrets
from collections.abc import Mapping

from functions.orders.checkout.bill import Bill
from functions.orders.pages.review_form_views import PlaceForm, as_address, carried
from functions.orders.pages.tax_numbers import tax_number_name
from shared.api.answers import Page
from shared.errors import Invalid
from shared.pages.addresses.address_form import VIRTUAL, written
from shared.pages.forms.form_words import flaw_words
from shared.pages.forms.json_schema import asked
from shared.pages.forms.line_pictures import thumbs
from shared.pages.interface_language import Interface
from shared.pages.texts import texts
from shared.pages.visits.visit import Visit
from shared.pages.visits.visit_pages import visit_page
from shared.trade.line_money import line_money

FIELDS = ("buyer_name", "buyer_email", "buyer_phone", "buyer_tax_id", "note", "gift")
HERE_ALONE = frozenset({"/visit", "/lines", "/key", "/total"})
"""Fields that nobody types."""


def review_page(
    visit: Visit, ticket: str, values: Mapping[str, str], bill: Bill, *, media_url: str, flawed: Exception | None = None
) -> Page:  # fmt: skip
    """`values`: what was typed so far. `media_url`: what stands before each picture's key.

    Its key is the cart's own, so that every review of it leads to one order; a new one for a visit of the release before, which has none.
    """
    typed = {name: values.get(name, "") for name in FIELDS}
    if "key" not in values:
        typed |= {"buyer_name": values.get("name", ""), "buyer_email": values.get("email", ""), "buyer_phone": values.get("phone", "")}
    flaws = _flaws(flawed, visit.interface) if isinstance(flawed, Invalid) else {}
    address, pictures = as_address(values), thumbs(values.get("pictures", ""), len(bill.lines), media_url)
    told = {
        "asked": asked(PlaceForm), "carried": carried(ticket, values),
        "virtual": {} if address else {VIRTUAL: "1"}, "typed": typed, "flaws": flaws,
        "key": visit.once or values.get("key") or secrets.token_urlsafe(18),
        "notice": _notice(flawed, visit.interface), "bill": bill, "address": address, "address_lines": written(address) if address else [],
        "country": values.get("country", ""), "tax_number": tax_number_name(values.get("country", ""), visit.interface),
        "sums": [(line, line_money(line).price, shown) for line, shown in zip(bill.lines, pictures, strict=True)],
    }  # fmt: skip
    status = 200 if flawed is None else 422 if isinstance(flawed, Invalid) else 409
    shown = [each for each in pictures if each]
    return visit_page("functions/orders/pages/review.html", visit, told, ticket=ticket, status=status, pictures=shown)


def _flaws(flawed: Invalid, interface: Interface) -> dict[str, str]:
    _ = texts(interface).gettext
    own = {
        "buyer_email": _("Write an e-mail address, such as name@example.com."),
        "buyer_phone": _("Write a telephone number as it is dialled there, or with the country's code, such as +44 20 7946 0018."),
    }
    found = {name: told for name, told in flaw_words(flawed.errors, interface).items() if name in FIELDS}
    return {name: own.get(name, told) if interface != "en" and told.isascii() else told for name, told in found.items()}


def _notice(flawed: Exception | None, interface: Interface) -> str:
    """What is to be said of the order as a whole."""
    _ = texts(interface).gettext
    if flawed is None or isinstance(flawed, Invalid):
        return ""
    if hasattr(flawed, "more") and "total" in flawed.more:
        return _("The sum has changed, and nothing was ordered. Below it is right: place the order at it, if you will.")
    return _("Many people order this at the moment, and nothing was ordered yet. Send it again.")
