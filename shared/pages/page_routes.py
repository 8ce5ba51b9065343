"""Routes whose answers people read: no key, no sign-in, and refusals that are pages."""

from typing import Any

from pydantic import BaseModel

from shared.api.answers import Page
from shared.api.operation import Register, Routes
from shared.errors import NotFound
from shared.pages.forms.typed_form import MAX_FORM, CrossSite, typed
from shared.pages.refusals import refusal_page


class PageRoutes(Routes):
    """Pages of one noun: `routes.page("/shop/…")` registers a view that answers a Page."""

    def page(self, path: str, **contract: Any) -> Register:
        """A view that answers GET with a Page, and changes nothing. Whoever reads it as a browser does is refused by a page too."""
        told: dict[str, Any] = {"answers": {200: Page, 304: None}, "problems": [NotFound], "public": True, "refusal": refusal_page}
        return self.get(path, **(told | contract))

    def form(self, path: str, form: type[BaseModel], **contract: Any) -> Register:
        """A view that takes `form: Typed[…]`, what one of our pages' forms posts here, and answers a Page: a 303 where something changed,
        the form again with 422 where something is wrong."""
        told: dict[str, Any] = {
            "answers": {200: Page, 303: None}, "problems": [NotFound, CrossSite], "public": True, "refusal": refusal_page,
            "max_body": MAX_FORM, "take": typed,
        }  # fmt: skip
        return self.post(path, **(told | contract | {"form": form}))
