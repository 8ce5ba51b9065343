"""The port to the index of cards. `tantivy_index.py` fills it with an embedded library; OpenSearch would fit behind it as well."""

from collections.abc import Sequence
from typing import Literal, Protocol

from functions.storefronts.index.index_query import Query
from functions.storefronts.index.product_card import Card

Field = Literal["category", "supplier", "in_stock", "options", "attributes", "trade_item", "brand", "condition"]


class CardIndex(Protocol):
    """All cards on sale, as they were a moment ago. A card's `rank` never changes, so that pages by it never overlap."""

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        """At most `limit` cards by falling rank (the newest product first), all of a lower rank than `below`."""
        ...

    def card(self, product_id: str) -> Card | None:
        """The product's card, if it is on sale."""
        ...

    def count(self, query: Query) -> int:
        """How many cards there are."""
        ...

    def counts(self, query: Query, field: Field, most: int, at_least: int = 1) -> Sequence[tuple[str, int]]:
        """The `most` frequent values of `field` that `at_least` so many cards have, and how many have each.

        A category counts for all that lie above it, too.
        Of `options` and `attributes`, values as `described_term` writes them; of `brand`, as `as_narrowed` does.
        """
        ...
