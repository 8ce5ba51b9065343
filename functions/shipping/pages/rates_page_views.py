"""Couriers' rates as a page, with their reasons, and why others make no offer."""

from collections.abc import Iterable, Sequence

from functions.shipping.quotes.quote import Quote
from functions.shipping.quotes.quote_views import QuotesView, RateView
from shared.api.answers import Page
from shared.errors import FieldError, Invalid, NotFound
from shared.pages.addresses.address_form import AddressForm, address_values, field_of
from shared.pages.addresses.address_layout import countries
from shared.pages.addresses.address_page_views import address_page
from shared.pages.forms.basket_field import basket_values
from shared.pages.forms.form_words import flaw_words
from shared.pages.forms.typed_form import Typed
from shared.pages.interface_language import Interface
from shared.pages.texts import texts
from shared.pages.visits.visit import Visit, VisitOver
from shared.pages.visits.visit_pages import visit_page

SHOPPERS = ("cheapest", "fastest")
"""Reasons that a shopper is told; the others are the merchant's."""


def rates_page(visit: Visit, ticket: str, form: Typed[AddressForm], quote: Quote) -> Page:
    view = QuotesView.of(quote)
    carried = {"visit": ticket, **basket_values(form.values), **address_values(form.values)}
    told = {
        "rates": [(rate, _reasons(rate, visit.interface)) for rate in told_apart(view.items)], "carried": carried,
        "absent": _absent(view, visit.interface), "address": quote.request.address,
    }  # fmt: skip
    return visit_page("functions/shipping/pages/rates.html", visit, told, ticket=ticket)


def told_apart(rates: Sequence[RateView]) -> list[RateView]:
    """Those that a shopper can choose among: where one service of one name has a tariff for the order's own currency, and another that is
    converted to it, the former is meant."""
    own = {_named(rate) for rate in rates if rate.converted is None}
    return [rate for rate in rates if rate.converted is None or _named(rate) not in own]


def _named(rate: RateView) -> tuple[str, str, str, tuple[int, int]]:
    return rate.plugin, rate.carrier, rate.service, rate.days


def _reasons(rate: RateView, interface: Interface) -> Sequence[str]:
    codes = {reason.code for reason in rate.why}
    _ = texts(interface).gettext
    words = {"cheapest": _("the cheapest"), "fastest": _("the fastest")}
    return [words[code] for code in SHOPPERS if code in codes]


def _absent(view: QuotesView, interface: Interface) -> Sequence[str]:
    """Why couriers make no offer, each reason once."""
    _ = texts(interface).gettext
    needs = sorted({field_of(field.pointer).removeprefix("/") for each in view.asked for field in each.fields})
    words = {
        "phone": _("One courier more would offer, if you gave your telephone number."),
        "email": _("One courier more would offer, if you gave your e-mail address."),
        "region": _("One courier more would offer, if you named the region."),
        "postal_code": _("One courier more would offer, if you gave the postcode."),
    }
    found = [words[need] for need in needs if need in words]
    found += [_("A courier does not answer at this moment: load the page again to ask once more.")] if view.silent else []
    found += [_("A courier cannot take these goods, since their suppliers have not said enough of them.")] if view.lacking else []
    return found


def with_flaws(visit: Visit, ticket: str, form: Typed[AddressForm], refused: Invalid | NotFound) -> Page:
    """The address again, with what is wrong of it. Raises VisitOver where nothing that it asks for mends it."""
    fields = [FieldError(field_of(error.pointer), error.detail, error.detail_zh) for error in refused.errors]
    if any(error.pointer in ("/visit", "/lines") for error in fields):
        raise VisitOver(back="cart") from refused
    shown = set(address_values({}))
    of_fields = [error for error in fields if error.pointer.removeprefix("/") in shown]
    flaws = _translated(flaw_words(of_fields, visit.interface), visit.interface)
    notice = "" if flaws else _notice(refused, fields, visit.interface)
    country = form.values.get("country", "")
    return address_page(
        visit, ticket, basket_values(form.values), country=country if country in countries() else "GB", typed=form.values, flaws=flaws,
        notice=notice,
    )  # fmt: skip


def _translated(flaws: dict[str, str], interface: Interface) -> dict[str, str]:
    """What a courier, or a country, wants of a field, in the reader's language; the domain says it in English."""
    if interface == "en":
        return flaws
    _ = texts(interface).gettext
    words = {
        "phone": _("Write a telephone number as it is dialled there, or with the country's code, such as +44 20 7946 0018."),
        "email": _("Write an e-mail address, such as name@example.com."), "postal_code": _("There is no such postcode in this country."),
        "country": _("Choose one of the list."), "region": _("Name the region."),
    }  # fmt: skip
    return {field: words.get(field, told) if told.isascii() else told for field, told in flaws.items()}


def _notice(refused: Invalid | NotFound, fields: Iterable[FieldError], interface: Interface) -> str:
    """What no field of the address mends."""
    _ = texts(interface).gettext
    words = {
        "not-found": _("This shop has no courier yet: nothing can be sent. Please ask the shop."),
        "offer-not-sent-there": _("Something in your cart is not sent to this country. Choose another country, or take it out."),
        "offer-not-on-sale": _("Something in your cart is not on sale any more. Go back to the cart: it says what."),
        "safety-unanswered": _("Something in your cart may not be sold to this country yet. Choose another country, or take it out."),
        "goods-incomplete": _("No courier can take these goods there: their suppliers have not said enough of them. Please ask the shop."),
    }
    told = words.get(refused.code)
    lines = _("Something in your cart cannot be ordered in this quantity. Go back to the cart: it says how many.")
    return told or (lines if any(error.pointer.startswith("/lines/") for error in fields) else refused.detail)
