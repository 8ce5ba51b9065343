"""What a payment's page shows beside the payment: one small item, written before the payment is begun, gone after some days."""

from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from functions.payments.pages.kept_page import PaymentPage
from shared.aws.dynamo import Item, Table, bind
from shared.errors import NotFound
from shared.pages.visits.visit import Visit

KEPT = timedelta(days=14)
"""A bank transfer takes days; after that the order's own page tells."""


class PageItem(Item):
    """pk = `page#<payment id>`, sk = `page`."""

    class Meta(Table):
        pass

    order_id = UnicodeAttribute()
    visit = UnicodeAttribute()
    order = UnicodeAttribute()
    ticket = UnicodeAttribute()
    method = UnicodeAttribute()


class PageStore:
    def __init__(self, table: str) -> None:
        bind(table, PageItem)

    def keep(self, page: PaymentPage, now: datetime) -> None:
        """Keep it, in the place of what was kept of the payment before: of one order, by who may pay it."""
        item = PageItem(
            f"page#{page.payment_id}", "page", order_id=page.order_id, visit=page.visit.model_dump_json(), order=page.order,
            ticket=page.ticket, method=page.method, expires_at=int((now + KEPT).timestamp()),
        )  # fmt: skip
        item.save()

    def find(self, payment_id: str) -> PaymentPage:
        """Raises NotFound."""
        try:
            item = PageItem.get(f"page#{payment_id}", "page", consistent_read=True)
        except PageItem.DoesNotExist:
            raise NotFound("this page is no longer kept: the order's own page tells how it was paid") from None
        visit = Visit.model_validate_json(item.visit)
        return PaymentPage(
            payment_id=payment_id, order_id=item.order_id, visit=visit, order=item.order, ticket=item.ticket, method=item.method
        )  # fmt: skip
