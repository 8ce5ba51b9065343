"""How a page leaves: its text with all headers that it needs, or nothing where the reader's copy is still the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from shared.api.answers import Page, Raw
from shared.api.revalidation import fresh, tag_of, validators
from shared.pages.content_security import HEADERS, policy
from shared.pages.interface_language import Interface
from shared.pages.page_pictures import colours_css, origins
from shared.pages.style import PLAIN, Style
from shared.pages.templating import rendered
from shared.pages.theme import DEFAULT_ACCENT, css, icon
from shared.pictures.addresses import SizedPicture

HTML = "text/html; charset=utf-8"
PUBLIC_SECONDS = 2
"""A page of a shop may be kept so long by whoever stands between: with what a function remembers it is five seconds old at most."""
BRIEF = f"public, max-age={PUBLIC_SECONDS}, must-revalidate"


def html_page(
    template: str, interface: Interface, language: str, values: Mapping[str, object], *, status: int = 200, accent: str = DEFAULT_ACCENT,
    look: Style = PLAIN, pictures: Sequence[SizedPicture] = (), forms: Sequence[str] = (), headers: Mapping[str, str] | None = None,
    css_more: str = "", loads: Sequence[str] = (),
) -> Page:  # fmt: skip
    """A page in `language` (what merchants wrote) that speaks `interface`. `pictures`: all that it shows.

    `forms`: origins to which an answer to one of its forms may lead on. `css_more`: ours, for this page alone.
    `loads`: origins of more pictures.
    """
    style = css(accent, look) + colours_css(pictures) + css_more
    text = rendered(template, interface, language=language, css=style, icon=icon(accent), **values)
    held = {"Content-Security-Policy": policy(style, [*origins(pictures), *loads], forms), **HEADERS}
    return Page(text, status, {"Content-Type": HTML, **held, **(headers or {})})


def revalidated(page: Page, raw: Raw, now: datetime, vary: str) -> Page:
    """The page with its tag, or 304. `vary`: the request's headers that it depends on beside its address; may be empty.

    What leads elsewhere or refuses is as it is.
    """
    if page.status != HTTPStatus.OK:
        return page
    tag = tag_of(page.text)
    kept = {"Cache-Control": BRIEF, **validators(tag, None, now), **({"Vary": vary} if vary else {})}
    return Page("", 304, kept) if fresh(raw.headers, tag, None) else Page(page.text, page.status, {**page.headers, **kept})


def moved(to: str, status: int = 301, headers: Mapping[str, str] | None = None) -> Page:
    """Another address: 301 for good, 303 after a form. `to` is one of ours, relative. Raises ValueError for one that leads elsewhere."""
    if urlsplit(to).scheme or to.startswith(("//", "\\", "/\\")):
        raise ValueError("a page of ours leads to pages of ours")
    return Page("", status, {"Location": to, "Cache-Control": "no-store" if status == 303 else BRIEF, **HEADERS, **(headers or {})})


def see_other(to: str, headers: Mapping[str, str] | None = None) -> Page:
    """Where to go after a form: 303, so that neither Back nor a reload sends it again. `to`: relative, one of ours."""
    return moved(to, 303, headers)
