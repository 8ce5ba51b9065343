"""A browser without script, in the simulated hub: it follows redirects, sends forms as they stand on pages, and keeps one cookie."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urljoin

from simulation.actors.people import PAUSE, ServerError
from simulation.actors.shop_pages.reading import Reading
from simulation.hub import Hub, Shown
from simulation.turns.history import History
from simulation.turns.scheduler import ProcessDied

MOST_LOADED = 12
"""A page that cannot be shown is loaded again so often; then its reader goes away."""
MOST_LED = 40
"""Redirects after one request, those included that are followed anew."""
GONE_WRONG = Shown(502, "", {})
OURS = "same-origin"


@dataclass(kw_only=True)
class Browser:
    """`page` is what is open: None after nothing could be shown. Each tab is a copy; the cookie is what they share."""

    hub: Hub
    history: History
    sleep: Callable[[float], None]
    troubled: Callable[[], int]
    now: Callable[[], datetime]
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = ""
    status: int = 0
    text: str = ""
    asked: datetime | None = None
    """When the page that is open was asked for."""

    def tab(self) -> "Browser":
        """Another tab, with the same page open."""
        return copy(self)

    @property
    def page(self) -> Reading:
        return Reading(self.text)

    def open(self, address: str) -> int:
        """The status of what is shown in the end; 502 if nothing could be."""
        return self._show("GET", address, {}, OURS)

    def send(self, action: str, fields: Mapping[str, str], *, site: str = OURS, most: int = MOST_LOADED) -> int:
        """Send a form from the page that is open; `site`: what the browser says of where that page is from. What goes wrong on the hub's
        side is sent again, `most` times in all."""
        return self._show("POST", action, fields, site, most)

    def _show(self, method: str, address: str, fields: Mapping[str, str], site: str, most: int = MOST_LOADED) -> int:
        """What is shown after all redirects; what cannot be shown is loaded again from where it led last."""
        at, led = urljoin(self.address, address), 0
        for _ in range(most):
            before, self.asked = self.troubled(), self.now()
            shown = self._asked(method, at, fields, site)
            while shown.status in (301, 303):
                led += 1
                assert led <= MOST_LED, f"{at} leads round in circles"
                method, fields, at = "GET", {}, urljoin(at, shown.headers["Location"])
                before, self.asked = self.troubled(), self.now()
                shown = self._asked(method, at, fields, site)
            self.address, self.status, self.text = at, shown.status, shown.text
            if shown.status < 500 and shown.status != 429:
                break
            if shown.status == 500 and self.troubled() == before:
                raise ServerError(f"{method} {at} → {shown.text[-600:]}")
            self.sleep(PAUSE)
        return self.status

    def _asked(self, method: str, address: str, fields: Mapping[str, str], site: str) -> Shown:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            shown = self.hub.show(method, address, urlencode(fields), {"cookie": cookie, "sec-fetch-site": site})
        except ProcessDied:  # the server's
            shown = GONE_WRONG
        self.history.add(f"page {method} {address.partition('?')[0]} → {shown.status}", shown=method != "GET" or shown.status >= 400)
        self._keep(shown.headers.get("Set-Cookie", ""))
        return shown

    def _keep(self, told: str) -> None:
        """As RFC 6265 has it, of the one cookie that shops set: without a value it is over."""
        name, _, value = told.partition(";")[0].partition("=")
        if name:
            self.cookies[name] = value
