"""Thanks: what is sold with a picture of the commons is counted to whoever gave it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from functions.pictures.places.picture import commons_picture_id
from functions.pictures.thanks.sale import Credit, Credits, OrderNews, Sale, first_credits
from shared.messages import ProductSubmitted
from shared.optimistic_retry import Retry
from shared.order_messages import OrderPaid, OrderRefunded
from shared.pictures.product_pictures import named_pictures


class Thanks(Protocol):
    """Where it is kept whose pictures products show, and which orders were counted."""

    def has_chosen(self, account_id: str) -> bool:
        """Whether the account ever took a picture from the commons."""
        ...

    def contents(self, account_id: str, picture_ids: Sequence[str]) -> Mapping[str, str]:
        """Picture id → content, of those of this account's that are or were shown."""
        ...

    def giver(self, account_id: str, content_id: str, sku: str) -> str | None:
        """By whose grant the account shows it with this product; else with any other of its products."""
        ...

    def keep_product(self, message: ProductSubmitted, several: Sequence[Credit]) -> None:
        """Keep whose pictures the product shows, unless as new a version is kept."""
        ...

    def credits(self, products: Sequence[tuple[str, str]]) -> Credits:
        """Of (supplier, product): whose pictures it shows, but for those that are hidden."""
        ...

    def sale(self, order_id: str) -> Sale | None: ...

    def save(self, before: Sale, sale: Sale) -> None:
        """Keep it, and what its pictures count more or less by it. Raises Contended."""
        ...


class ThanksService:
    def __init__(self, thanks: Thanks, retry: Retry) -> None:
        self._thanks, self._retry = thanks, retry

    def has_chosen(self, account_id: str) -> bool:
        """Whether the account took pictures from the commons."""
        return self._thanks.has_chosen(account_id)

    def hear_product(self, message: ProductSubmitted, has_chosen: Callable[[str], bool]) -> None:
        """Note whose pictures a product shows. Of an account that took none from the commons nothing is written. `has_chosen`: as above, as
        it was since the product was sent."""
        if not has_chosen(message.supplier_id):
            return
        contents = self._thanks.contents(message.supplier_id, named_pictures(message.product))
        chosen = [content for name, content in contents.items() if name == commons_picture_id(message.supplier_id, content)]
        givers = [(content, self._thanks.giver(message.supplier_id, content, message.product.sku)) for content in chosen]
        self._thanks.keep_product(message, [Credit(content, giver) for content, giver in givers if giver])

    def hear_order(self, news: OrderNews) -> None:
        """Count an order that was paid, paid back, disputed, or whose money went or came again: once, in whatever order its news come. Test
        money counts nothing."""
        if not news.test:
            self._retry(lambda: self._count(news))

    def _count(self, news: OrderNews) -> None:
        before = self._thanks.sale(news.order_id) or Sale(order_id=news.order_id, credits={})
        sale = self._with_credits(before, news) if isinstance(news, OrderPaid | OrderRefunded) else before
        after = sale.after(news)
        if after != before and (after.credits or after.disputes or after.missing):
            self._thanks.save(before, after)

    def _with_credits(self, before: Sale, news: OrderPaid | OrderRefunded) -> Sale:
        """With what its products show: as they are when it is first heard of."""
        if before.credits and (before.paid_version or not isinstance(news, OrderPaid)):
            return before
        products = dict.fromkeys((line.supplier_id, line.product_id) for line in news.lines)
        found = self._thanks.credits([each for each in products if each[1] not in before.credits])
        return replace(before, credits=first_credits({**before.credits, **found}))
