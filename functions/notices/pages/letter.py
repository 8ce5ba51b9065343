"""What a mail says, as texts: both its forms, HTML and plain text, are made of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from shared.pages.interface_language import Interface
from shared.pages.templating import rendered
from shared.pages.texts import texts

HTML, PLAIN = "functions/notices/pages/letter.html", "functions/notices/pages/letter_plain.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`rows`: what, and how much or what of it; `sums`: the last is what the others make. `link`: words and an address."""

    interface: Interface
    subject: str
    heading: str
    paragraphs: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    sums: bool = False
    link: tuple[str, str] = ("", "")
    small: Sequence[str] = ()
    """Below all else: why this came, and how to have it stop."""

    def said_again(self) -> Self:
        _ = texts(self.interface).gettext
        again = _("We send this once more, for we did not learn whether it had reached you. If you have it already, nothing has changed.")
        return replace(self, paragraphs=(again, *self.paragraphs))

    def marked_as_test(self) -> Self:
        _ = texts(self.interface).gettext
        test = _("This is a test: nothing is paid, and nothing is sent.")
        return replace(self, subject=_("[Test] %(subject)s") % {"subject": self.subject}, paragraphs=(test, *self.paragraphs))

    @property
    def html(self) -> str:
        return rendered(HTML, self.interface, letter=self)

    @property
    def plain(self) -> str:
        return rendered(PLAIN, self.interface, letter=self).strip() + "\n"
