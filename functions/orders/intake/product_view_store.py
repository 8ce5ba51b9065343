"""Where views lie: under `account#storefront` / `view#<day>#<event id>`, so that an event that comes again is written to the same key.

They are in the orders' table, without an `event`: its stream tells nobody of them.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError

from functions.orders.intake.event_batch import View
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import Item, Table, bind

VIEW = "view#"
KEPT = timedelta(days=90)
COUNTED = 2000
"""Views that one page counts: a megabyte holds so many, and a query reads no more at once."""
THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


class ViewItem(Item):
    class Meta(Table):
        pass

    product_id = UnicodeAttribute()


class ViewStore:
    """Views on DynamoDB (intake.batch.Views): 1 WCU each."""

    def __init__(self, table: str, clock: Clock, counted: int = COUNTED) -> None:
        """`counted`: views of one page of counts."""
        bind(table, ViewItem)
        self._table, self._clock, self._counted = table, clock, counted

    def keep(self, tenant: str, views: Mapping[str, View]) -> Mapping[str, View]:
        """PynamoDB's own batch sends what is left out again at once and then fails: here the caller waits and asks again."""
        until = int((self._clock() + KEPT).timestamp())
        items = {_key(event_id, view): ViewItem(tenant, _key(event_id, view), product_id=view.product_id, expires_at=until).serialize()
                 for event_id, view in views.items()}  # fmt: skip
        try:
            answer = ViewItem._get_connection().batch_write_item(put_items=list(items.values()))
        except PutError as error:
            if error.cause_response_code in THROTTLED:
                return views
            raise
        requests = answer.get("UnprocessedItems", {}).get(self._table, [])
        left = {request["PutRequest"]["Item"]["sk"]["S"] for request in requests}
        return {event_id: view for event_id, view in views.items() if _key(event_id, view) in left}

    def counts(self, tenant: str, day: str, after: str) -> tuple[Mapping[str, int], str | None]:
        head = f"{VIEW}{day}#"
        last: Any = {"pk": {"S": tenant}, "sk": {"S": head + after}} if after else None
        found = ViewItem.query(tenant, ViewItem.sk.startswith(head), limit=self._counted, page_size=self._counted, last_evaluated_key=last)
        counted = Counter(item.product_id for item in found)
        end = found.last_evaluated_key
        return counted, end["sk"]["S"].removeprefix(head) if end else None


def _key(event_id: str, view: View) -> str:
    return f"{VIEW}{view.day}#{event_id}"
