"""What a shopper reads on a page: its heading, its forms as they are filled in already, what it marks, where it leads."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

FLAW = "flaw"
"""The class of what a page marks."""


@dataclass
class PageForm:
    """A form: what a browser would send, and what can be chosen instead, by field."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Reading(HTMLParser):
    """One page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self.heading = ""
        self.flaws = 0
        self._in_heading, self._select, self._area = False, "", ""
        self.feed(text)

    def form(self, action: str) -> PageForm | None:
        """The first form that leads to `action`."""
        return next(iter(self.forms_to(action)), None)

    def forms_to(self, action: str) -> list[PageForm]:
        return [form for form in self.forms if urlsplit(form.action).path.rpartition("/")[2] == action]

    def link(self, host: str) -> str:
        """The first address that leads to a host; empty without one."""
        return next((link for link in self.links if urlsplit(link).hostname == host), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._in_heading = tag == "h1"
        self.flaws += FLAW in told.get("class", "").split()
        if tag == "form":
            self.forms.append(PageForm(told.get("action", "")))
        elif tag == "a":
            self.links.append(told.get("href", ""))
        elif self.forms:
            self._in_form(tag, told, self.forms[-1])

    def _in_form(self, tag: str, told: dict[str, str], form: PageForm) -> None:
        name, value, kind = told.get("name", ""), told.get("value", ""), told.get("type", "text")
        if tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
            if "checked" in told:
                form.fields[name] = value
        elif tag == "input" and name:
            form.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option":
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in told or self._select not in form.fields:
                form.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = self._in_heading and tag != "h1"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data
        if self._area:
            self.forms[-1].fields[self._area] += data


def in_query(address: str, name: str) -> str:
    """What an address says of `name`; empty if nothing."""
    return next(iter(parse_qs(urlsplit(address).query).get(name, ())), "")
