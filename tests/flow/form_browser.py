"""A browser without script: it follows links and redirects, fills in forms, and keeps cookies as RFC 6265 says."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

TYPED = ("text", "email", "tel", "number", "hidden", "search")


@dataclass
class PageForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms of a page, filled in as they are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._select, self._area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "form":
            self.forms.append(PageForm(told.get("action", ""), told.get("method", "get")))
        elif not self.forms:
            return
        fields = self.forms[-1].fields if self.forms else {}
        if tag == "input" and name and (kind in TYPED or "checked" in told):
            fields[name] = told.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in told or self._select not in fields):
            fields[self._select] = told.get("value", "")
        elif tag == "textarea":
            self._area = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] = data


@dataclass
class FormBrowser:
    """One shopper's. `status`, `text` and `address` are of the page that is open."""

    language: str = "en-GB"
    address: str = ""
    status: int = 0
    text: str = ""
    _cookies: CookieJar = field(default_factory=CookieJar)

    @property
    def cookie(self) -> str:
        """All that it keeps, as its header says it."""
        return "; ".join(f"{one.name}={one.value}" for one in self._cookies)

    def open(self, address: str) -> int:
        return self._send(Request(urljoin(self.address, address)))

    def form(self, action: str) -> PageForm:
        """The first form of the page that leads to `action`."""
        reader = Reader()
        reader.feed(self.text)
        found = next((form for form in reader.forms if form.action.partition("?")[0].endswith(action)), None)
        assert found, f"no form to {action} on {self.address}: {self.text}"
        return found

    def submit(self, action: str, **typed: Any) -> int:
        """Fill in a form, and send it as a browser does."""
        form = self.form(action)
        return self.send(form.action, form.fields | {name: str(value) for name, value in typed.items()})

    def send(self, action: str, fields: dict[str, str]) -> int:
        request = Request(urljoin(self.address, action), data=urlencode(fields).encode())
        request.add_header("Sec-Fetch-Site", "same-origin")
        return self._send(request)

    def _send(self, request: Request) -> int:
        request.add_header("Accept", "text/html")
        request.add_header("Accept-Language", self.language)
        opener = build_opener(HTTPCookieProcessor(self._cookies))
        try:
            answer = opener.open(request, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            self.address, self.status, self.text = answer.url, answer.status, answer.read().decode()
        return self.status
