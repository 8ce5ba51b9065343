"""What a complete feed would archive, where it is a preview: worked out while its file is read, and written with the feed alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from functions.uploads.complete.archive_service import Page, submissions_of
from functions.uploads.complete.archiving import Archiving, Census, Present, decided, is_off_sale
from functions.uploads.feeds.feed import Feed, Row
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.products.submission import flaws, product_id_of
from functions.uploads.values.categories import Categories
from monsoon_plugin.clock import Clock, rfc3339


@dataclass(frozen=True, slots=True)
class Foretold:
    """Whose products all rows of the file are is known as their reader knows it, and not by the first of them, which are shown."""

    page: Page
    categories: Callable[[], Categories]
    clock: Clock

    def __call__(self, feed: Feed, mapping: Mapping, columns: Sequence[str], rows: Iterable[Row], mark: str) -> Archiving:
        """`mark`: the one before decimals, if it is known."""
        categories, present, taken = self.categories(), set[str](), set[str]()
        reader, unknown = ProductReader(mapping, columns, categories, mark, feed.as_of), 0
        for row in rows:
            reading = reader.read(row)
            if reading.product and next(iter(flaws(reading.product, categories)), None) is None:
                present.add(key := product_id_of(feed.account_id, reading.product.sku))
                taken |= {key} if reading.product.status == "active" else set()
            else:
                present |= {product_id_of(feed.account_id, name) for name in reading.names}
                unknown += not reading.names
        return self._decided(feed, Present(present, unknown), taken)

    def _decided(self, feed: Feed, present: Present, taken: set[str]) -> Archiving:
        """`taken`: what would be on sale by the file; that counts among what is there."""
        census, new = Census(), set(taken)
        for part in submissions_of(self.page, feed.account_id):
            census.count(part, feed.how.source, present, feed.as_of)
            new -= {each.product_id for each in part if each.source == feed.how.source and not is_off_sale(each)}
        census.there += len(new)
        return decided(Archiving(), census, present, rfc3339(self.clock())).model_copy(update={"state": "kept"})
