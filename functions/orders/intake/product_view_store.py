"""Where views lie: under `account#storefront` / `view#<day>#<event id>`, so that an event that comes again is written to the same key.

They are in the orders' table, without an `event`: its stream tells nobody of them.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError

from functions.orders.intake.site_event import ProductView
from monsoon_plugin.clock import Clock
from shared.api.paging import Position
from shared.aws.answers import code_of
from shared.aws.dynamo import Item, Table, bind

VIEW = "view#"
KEPT = timedelta(days=90)
COUNTED = 2000
"""Views that one page counts: a megabyte holds so many, and a query reads no more at once."""
THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


class ProductViewItem(Item):
    class Meta(Table):
        pass

    product_id = UnicodeAttribute()


class ProductViewStore:
    """Views on DynamoDB (event_intake.ProductViewLog): 1 WCU each."""

    def __init__(self, table: str, clock: Clock, counted: int = COUNTED) -> None:
        """`counted`: views of one page of counts."""
        bind(table, ProductViewItem)
        self._table, self._clock, self._counted = table, clock, counted

    def keep(self, tenant: str, views: Mapping[str, ProductView]) -> Mapping[str, ProductView]:
        """PynamoDB's own batch sends what is left out again at once and then fails: here the caller waits and asks again."""
        until = int((self._clock() + KEPT).timestamp())
        items = [
            ProductViewItem(tenant, _key(event_id, view), product_id=view.product_id, expires_at=until).serialize()
            for event_id, view in views.items()
        ]
        try:
            answer = ProductViewItem._get_connection().batch_write_item(put_items=items)
        except PutError as error:
            if code_of(error) in THROTTLED:
                return views
            raise
        requests = answer.get("UnprocessedItems", {}).get(self._table, [])
        left = {request["PutRequest"]["Item"]["sk"]["S"] for request in requests}
        return {event_id: view for event_id, view in views.items() if _key(event_id, view) in left}

    def kept(self, tenant: str, views: Mapping[str, ProductView]) -> Collection[str]:
        keys = {_key(event_id, view): event_id for event_id, view in views.items()}
        return [keys[item.sk] for item in ProductViewItem.batch_get([(tenant, key) for key in keys], consistent_read=True)]

    def counts(self, tenant: str, day: str, at: Position | None) -> tuple[list[tuple[str, int]], Position | None]:
        head = f"{VIEW}{day}#"
        last: Any = {"pk": {"S": tenant}, "sk": {"S": f"{head}{at['after']}"}} if at else None
        found = ProductViewItem.query(
            tenant, ProductViewItem.sk.startswith(head), limit=self._counted, page_size=self._counted, last_evaluated_key=last
        )
        counted = Counter(item.product_id for item in found)
        end = found.last_evaluated_key
        return list(counted.items()), {"after": end["sk"]["S"].removeprefix(head)} if end else None


def _key(event_id: str, view: ProductView) -> str:
    return f"{VIEW}{view.day}#{event_id}"
