"""A shopper without script: forms are posted, redirects followed by hand, one cookie kept."""

import re
from typing import Any
from urllib.parse import urlencode

from tests.fakes import Reply, call
from tests.unit.storefronts.service import StorefrontsService

HEADERS = {
    "accept": "text/html", "host": "hub.example", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded",
}  # fmt: skip


class Shopper:
    def __init__(self, service: StorefrontsService, slug: str = "tea-house", language: str = "en-GB,en") -> None:
        self.service, self.slug, self.language, self.cookie = service, slug, language, ""

    def looks(self, path: str, query: dict[str, str] | None = None) -> Reply:
        return self.service.shown(path, query, slug=self.slug, cookie=self._cookies, accept_language=self.language)

    def posts(self, path: str, query: dict[str, str] | None = None, **fields: Any) -> Reply:
        headers = HEADERS | {"cookie": self._cookies, "accept-language": self.language}
        route = f"/shop/{{slug}}/{path}"
        answer = call(self.service.app, "POST", route, path={"slug": self.slug}, query=query, raw=urlencode(fields), headers=headers)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        return answer

    def puts_in(self, number: int = 1, units: Any = 1, **more: Any) -> Reply:
        return self.posts("cart", act="add", product=f"prd_{number}", offer=f"off_{number}", units=units, **more)

    @property
    def _cookies(self) -> str:
        return f"other=1; cart={self.cookie}" if self.cookie else "other=1"


def hidden(page: Reply, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.body)
    assert found, name
    return found[1].replace("&amp;", "&")
