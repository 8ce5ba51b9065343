"""DynamoDB's items and streams: what the emulator writes to them is noted, a call's writes as one change of all."""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import dynamodb

from local.mendings import streams
from local.mendings.dynamodb.lean_items import lean
from local.redo.kept import NEW, OLD, Kept
from local.redo.log import RedoLog

CALLS = ("put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items", "execute_statement",
         "batch_execute_statement", "execute_transaction")  # fmt: skip
"""What writes items: one call, one line."""
STORES = ("tables", "tags", "ttl_settings", "pitr_settings", "kinesis_destinations", "contributor_insights", "backups", "resource_policies",
          "exports", "imports")  # fmt: skip
"""What its state consists of, each in a variable of the name with `_` before it."""
BESIDE = ("items", dynamodb._INDEX_MEMBERS)
"""What is not of a table's description: its items, and what the emulator makes of them."""


def watch(log: RedoLog) -> None:
    _watch_items(log)
    _watch_streams(log)
    for call in CALLS:
        setattr(dynamodb, f"_{call}", _one_line(getattr(dynamodb, f"_{call}"), log))


def _one_line(call: Callable[[Any], Any], log: RedoLog) -> Callable[[Any], Any]:
    @wraps(call)
    def written(data: Any) -> Any:
        with log.call():
            return call(data)

    return written


def _watch_items(log: RedoLog) -> None:
    set_item, remove_item, replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced

    def put(table: Any, partition: str, sort: str, item: Any) -> Any:
        before = set_item(table, partition, sort, item)
        log.note("put", table["TableArn"], partition, sort, item)
        return before

    def delete(table: Any, partition: str, sort: str) -> Any:
        before = remove_item(table, partition, sort)
        log.note("delete", table["TableArn"], partition, sort)
        return before

    def all_replaced(table: Any) -> None:
        replaced(table)
        with log.call():
            log.note("emptied", table["TableArn"])
            for partition, sort, item in _items(table):
                log.note("put", table["TableArn"], partition, sort, item)

    dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced = put, delete, all_replaced


def _watch_streams(log: RedoLog) -> None:
    emit, drop = dynamodb._emit_stream_event, dynamodb.drop_stream_records

    def emitted(name: str, event: str, old: Any, new: Any, replicate: bool = True) -> None:
        position = dynamodb.stream_end_position(name)
        emit(name, event, old, new, replicate)
        for record in dynamodb.stream_records_since(name, position, 1):
            log.note("record", dynamodb._tables[name]["TableArn"], position, *_without_images(record, log.in_call))
            position += 1

    def dropped(name: str, table: Any = None) -> None:
        drop(name, table)
        arn = f"arn:aws:dynamodb:{get_region()}:{get_account_id()}:table/{name}"
        log.note("closed" if name in dynamodb._tables else "dropped", arn)

    dynamodb._emit_stream_event, dynamodb.drop_stream_records = emitted, dropped


def _without_images(record: Any, in_call: bool) -> tuple[Any, list[str]]:
    """A record without the images that the change before it in the line has, and which they are."""
    told = record["dynamodb"]
    images = [image for image in (OLD, NEW) if image in told] if in_call else []
    return record | {"dynamodb": {name: value for name, value in told.items() if name not in images}}, images


def _items(table: Any) -> Iterator[tuple[str, str, Any]]:
    """Each with its partition and sort key, though others are written meanwhile."""
    for partition, items in list(table["items"].items()):
        for sort, item in list(items.items()):
            yield partition, sort, item


def description() -> dict[str, Any]:
    """DynamoDB's state but for items and streams."""
    found = {store: getattr(dynamodb, f"_{store}") for store in STORES}
    tables = type(dynamodb._tables)()
    for (account, region, name), table in dynamodb._tables.all_items():
        tables.set_scoped(account, region, name, {k: v for k, v in table.items() if k not in BESIDE} | {"items": {}})
    return found | {"tables": tables}


def restore(kept: Kept) -> None:
    """Items and streams, once the tables are there."""
    for (account, region, name), table in dynamodb._tables.all_items():
        arn = table["TableArn"]
        for partition, items in kept.items.get(arn, {}).items():
            if items:
                table["items"][partition] = {sort: lean(item) for sort, item in items.items()}
        dynamodb._update_counts(table)
        if arn in kept.streams:
            dynamodb._stream_trimmed.set_scoped(account, region, name, kept.streams[arn].first)
            dynamodb._stream_records.set_scoped(account, region, name, kept.streams[arn].records)


def everything() -> Iterator[str]:
    """Every item, then what each stream holds for its readers. In this order: a record's images are made from the items before it."""
    for table in dynamodb._tables.all_values():
        for partition, sort, item in _items(table):
            yield json.dumps(["put", table["TableArn"], partition, sort, item])
    unread = streams.unread()
    for (account, region, name), table in dynamodb._tables.all_items():
        records, first = unread.get_scoped(account, region, name, (None, None))
        if records is None:
            first, records = dynamodb.stream_end_position(name, account_id=account, region=region), []
        yield json.dumps(["first", table["TableArn"], first])
        for position, record in enumerate(records, first):
            yield json.dumps(["record", table["TableArn"], position, record, []])
