"""Pages that belong to one shopper, under their shop's name and look: nobody keeps a copy, no search engine lists them, and no site that
they lead to learns their address, which may hold a ticket."""

from collections.abc import Mapping, Sequence

from shared.api.answers import Page
from shared.pages.forms.form_style import form_css
from shared.pages.page_answers import html_page
from shared.pages.page_pictures import origins_of
from shared.pages.style import Style
from shared.pages.visits.visit import Visit

PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


def visit_page(
    template: str, visit: Visit, values: Mapping[str, object], *, ticket: str, status: int = 200, forms: Sequence[str] = (),
    pictures: Sequence[str] = (), headers: Mapping[str, str] | None = None,
) -> Page:  # fmt: skip
    """A page whose template extends shared/pages/visits/visit.html, which knows `visit` and `ticket` (of Visits, for its hidden fields).

    `forms`: origins to which an answer to one of its forms may lead on. `pictures`: addresses of those that it shows.
    """
    told, logo = {"visit": visit, "ticket": ticket, **values}, visit.shop.logo
    return html_page(
        template, visit.interface, visit.language, told, status=status, accent=visit.shop.accent, look=Style.of(visit.shop.style or ""),
        css_more=form_css(), forms=forms, loads=origins_of([*pictures, *([logo.address] if logo else [])]),
        headers={**PRIVATE, **(headers or {})},
    )  # fmt: skip
