"""The page of the address: as storefronts shows it first, and as shipping shows it again with what is wrong."""

from collections.abc import Mapping

from shared.api.answers import Page
from shared.pages.addresses.address_form import AddressForm, address_values, labelled
from shared.pages.addresses.address_layout import address_layout, countries
from shared.pages.forms.json_schema import asked
from shared.pages.visits.visit import Visit
from shared.pages.visits.visit_pages import visit_page


def address_page(
    visit: Visit, ticket: str, basket: Mapping[str, str], *, country: str, typed: Mapping[str, str], ships: bool = True,
    flaws: Mapping[str, str] | None = None, notice: str = "",
) -> Page:  # fmt: skip
    """`basket`: what its form hands on of the cart (`basket_values`). `typed`: what its fields hold. `flaws`: field → what to do about it,
    with which, or with a `notice`, the page is a 422.
    `ships`: False for virtual goods alone."""
    told = {
        "asked": asked(AddressForm), "basket": basket,
        "layout": address_layout(country), "values": address_values(typed), "flaws": flaws or {}, "ships": ships,
        "countries": labelled(visit.interface, countries()), "phone_needed": "phone" in (flaws or {}), "notice": notice,
    }  # fmt: skip
    status = 422 if flaws or notice else 200
    return visit_page("shared/pages/addresses/address_page.html", visit, told, ticket=ticket, status=status)
