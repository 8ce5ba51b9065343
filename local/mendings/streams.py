"""A stream's readers, and what none of them has read.

The emulator keeps its readers' positions but not the records: after a restart every record up to the old position would be dropped in
silence, and those that waited are gone. Records and positions are kept with the hub's changes (local/redo). What an earlier version left
has its unread records beside the tables, and positions that mean nothing: there each reader begins with the first record.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

from ministack import app
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb, lambda_svc

FORGETTING_SECONDS = 5.0
UNREAD = "unread_stream_records"
POSITIONS = "dynamodb_stream_positions"
_whole = threading.Lock()
"""Held by whoever needs records and their positions to be of one moment."""


def readers() -> Iterator[tuple[tuple[str, str, str], int]]:
    """Each stream's table (account, region, name) and how far one of its readers has come."""
    for (account, region, reader), mapping in lambda_svc._esms.all_items():
        source = str(mapping.get("EventSourceArn", ""))
        if ":dynamodb:" in source:
            table = source.split("/stream/")[0].rpartition("/")[2]
            start = dynamodb.stream_start_position(table, account_id=account, region=region)
            read = lambda_svc._dynamodb_stream_positions.get_scoped(account, region, reader, start)
            yield (account, region, table), max(read, start)


def furthest_behind() -> dict[tuple[str, str, str], int]:
    """How far all of its readers have come, by table that has a reader."""
    found: dict[tuple[str, str, str], int] = {}
    for table, read in readers():
        found[table] = min(read, found.get(table, read))
    return found


def forget_read() -> None:
    """Let go of records that all readers have read, where AWS keeps them for a day: with what they show of items that are others by now,
    they are most of the emulator's memory after some thousand orders. Nobody may write or poll meanwhile."""
    with _whole, dynamodb._lock:
        _forget_read()


def _forget_read() -> None:
    for (account, region, name), read in furthest_behind().items():
        records = dynamodb.stream_live_records(name, account_id=account, region=region)
        done = read - dynamodb.stream_start_position(name, account_id=account, region=region)
        if records and done > 0:
            del records[:done]
            dynamodb._stream_trimmed.set_scoped(account, region, name, read)


def unread() -> AccountRegionScopedDict:
    """The records that at least one reader has not read, and the position of their first, by table that has a reader."""
    found = AccountRegionScopedDict()
    with _whole:
        for (account, region, name), read in furthest_behind().items():
            end = dynamodb.stream_end_position(name, account_id=account, region=region)
            records = dynamodb.stream_records_since(name, read, end - read, account_id=account, region=region)
            found.set_scoped(account, region, name, (records, read))
    return found


def mend() -> None:
    _mend_loading()
    _mend_polling()


def _mend_polling() -> None:
    poll, due = lambda_svc._poll_dynamodb_streams, [0.0]

    async def forget() -> None:
        """On the loop, where items are written."""
        forget_read()

    def poll_and_forget() -> bool:
        polled: bool = poll()
        if time.monotonic() > due[0]:
            due[0] = time.monotonic() + FORGETTING_SECONDS
            asyncio.run_coroutine_threadsafe(forget(), app._MAIN_LOOP).result(FORGETTING_SECONDS)
        return polled

    lambda_svc._poll_dynamodb_streams = poll_and_forget


def _mend_loading() -> None:
    load_tables, load_functions = dynamodb.load_persisted_state, lambda_svc.load_persisted_state

    def load_with_unread(data: Any) -> None:
        load_tables(data)
        if isinstance(data, dict):
            dynamodb._stream_records.update(data.get(UNREAD) or {})

    def load_without_positions(data: Any) -> None:
        if isinstance(data, dict):
            data.pop(POSITIONS, None)
        load_functions(data)

    dynamodb.load_persisted_state = load_with_unread
    lambda_svc.load_persisted_state = load_without_positions
