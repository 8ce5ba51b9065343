"""Routes whose answers people read: no key, no sign-in, and refusals that are pages."""

from typing import Any

from shared.api.answers import Page
from shared.api.operation import Register, Routes
from shared.errors import NotFound
from shared.pages.refusals import refusal_page


class PageRoutes(Routes):
    """Pages of one noun: `routes.page("/shop/…")` registers a view that answers a Page."""

    def page(self, path: str, **contract: Any) -> Register:
        """A view that answers GET with a Page, and changes nothing. Whoever reads it as a browser does is refused by a page too."""
        told: dict[str, Any] = {"answers": {200: Page, 304: None}, "problems": [NotFound], "public": True, "refusal": refusal_page}
        return self.get(path, **(told | contract))
