"""The four pages behind links in mails, in the language of whoever reads them."""

from collections.abc import Callable

from shared.api.answers import Page
from shared.pages.interface_language import Interface
from shared.pages.page_answers import html_page
from shared.pages.texts import texts

TEMPLATE = "functions/notices/pages/link.html"
Say = Callable[[str], str]


def confirm_page(interface: Interface) -> Page:
    def words(_: Say) -> tuple[str, str, str]:
        return _("May notices come here?"), _("Notices of your merchant's account go to this address then."), _("Yes, send them here")

    return _page(interface, words)


def confirmed_page(interface: Interface) -> Page:
    return _page(interface, lambda _: (_("The address is confirmed"), _("Notices go there from now on. You can close this page."), ""))


def switch_off_page(interface: Interface) -> Page:
    def words(_: Say) -> tuple[str, str, str]:
        return _("No more notices of this kind?"), _("You can switch them on again in your account."), _("Stop them")

    return _page(interface, words)


def switched_off_page(interface: Interface) -> Page:
    return _page(interface, lambda _: (_("They are off"), _("You get no more notices of this kind. You can close this page."), ""))


def _page(interface: Interface, words: Callable[[Say], tuple[str, str, str]]) -> Page:
    """`words`: heading, text and, where something is asked, the button."""
    title, text, button = words(texts(interface).gettext)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return html_page(TEMPLATE, interface, interface, {"title": title, "text": text, "button": button}, headers=headers)
