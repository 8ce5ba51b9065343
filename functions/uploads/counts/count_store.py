"""Counts in uploads' table: the newest of each product, with its event."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.uploads.upload_items import LOST, REQUEST_LIFE, CountItem, CreatedItem, partition, seconds_after
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, connection, reasons
from shared.bus import envelope, opened
from shared.messages import StockCounted


def counts_held(supplier_id: str, product_ids: Collection[str]) -> dict[str, StockCounted]:
    """The newest counts of these products, by product id, read consistently; at most 100."""
    keys = [(partition(supplier_id, "counts"), product_id) for product_id in product_ids]
    found = CountItem.batch_get(keys, consistent_read=True) if keys else ()
    events = {item.sk: opened(item.event or "") for item in found}
    return {product_id: event for product_id, event in events.items() if isinstance(event, StockCounted)}


def save_count(transaction: TransactWrite, count: StockCounted, now: datetime) -> None:
    """Write a count with its event, if the one before it is still the newest; else the transaction fails."""
    transaction.save(count_item(count, now), condition=newest_before(count))


def count_item(count: StockCounted, now: datetime) -> CountItem:
    return CountItem(partition(count.supplier_id, "counts"), count.product_id, version=count.version, event=envelope(count, now))


def newest_before(count: StockCounted) -> Any:
    """Whether the product's newest count is the one before `count`."""
    return CountItem.pk.does_not_exist() if count.version == 1 else CountItem.version == count.version - 1


class CountStore:
    """count_service.Counts."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, CountItem, CreatedItem)
        self._clock = clock

    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, StockCounted]:
        return counts_held(supplier_id, product_ids)

    def save(self, supplier_id: str, counts: Sequence[StockCounted], outcomes: Mapping[str, str], idempotency: Idempotency) -> bool:
        now = self._clock()
        request = CreatedItem(partition(supplier_id, "requests"), idempotency.id("req"), fingerprint=idempotency.fingerprint)
        request.results, request.expires_at = json.dumps(dict(outcomes)), seconds_after(now, REQUEST_LIFE)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(request, condition=CreatedItem.pk.does_not_exist())
                for count in counts:
                    save_count(transaction, count, now)
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            return False
        return True

    def answered(self, supplier_id: str, idempotency: Idempotency) -> Mapping[str, str] | None:
        try:
            found = CreatedItem.get(partition(supplier_id, "requests"), idempotency.id("req"), consistent_read=True)
        except CreatedItem.DoesNotExist:
            return None
        idempotency.same(found.fingerprint)
        answer: Mapping[str, str] = json.loads(found.results or "{}")
        return answer
