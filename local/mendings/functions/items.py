"""The emulator's side of a function's calls of DynamoDB's items: asked of its handlers at once.

Its application finds out anew, at each call, of what kind it is, whom it is for, and what it is about: it reads the request's JSON six
times, and asks forty places whether it is for them. A call that its role was not found to allow a moment ago still goes that way.
"""

import contextvars
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from botocore import xform_name
from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, set_request_account_id, set_request_region
from ministack.services import dynamodb

from local.mendings import rights
from local.mendings.known_rights import Wanted

log = logging.getLogger(__name__)
TRANSACTIONS = ("TransactGetItems", "TransactWriteItems")
Handler = Callable[[dict[str, Any]], tuple[int, Any, bytes]]


class ItemDoor:
    """Where the calls of one connection come in: whose it is is found out once."""

    def __init__(self, access_key: str, region: str) -> None:
        self._key, self._context = access_key, known_context(access_key, region)

    def answer(self, operation: str, body: bytes) -> tuple[int, bytes] | None:
        """Status and JSON; None where the application shall be asked, for nothing was done."""
        return self._context.run(self._answer, operation, body)

    def _answer(self, operation: str, body: bytes) -> tuple[int, bytes] | None:
        data: Any = None
        wanted: list[Wanted] = []
        with suppress(ValueError, KeyError, TypeError, AttributeError):  # the application says what is wrong with it
            data = json.loads(body)
            wanted = list(needs(operation, data))
        if not wanted or not rights.known(self._key, wanted):
            return None
        try:
            status, _, answer = _handler(operation)(data)
        except Exception as error:  # as the application does
            log.exception("DynamoDB cannot answer a %s", operation)
            return 500, json.dumps({"__type": "InternalError", "message": str(error)}).encode()
        return status, answer


def known_context(access_key: str, region: str) -> contextvars.Context:
    """Holds what the application sets of each call."""
    context = contextvars.copy_context()
    context.run(set_request_account_id, app._request_account_scope(access_key))
    context.run(set_request_region, region)
    context.run(rights.known_by_connection, access_key)
    return context


def needs(operation: str, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """Each action that a call takes with the resource that it takes it on, as the application asks; nothing of a call that is not plain."""
    arn = _arn(get_region(), get_account_id())
    match data:
        case {"TransactItems": list(items)} if operation in TRANSACTIONS:
            for item in items:
                yield from ((iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS[kind], arn(part["TableName"])) for kind, part in item.items())
        case {"RequestItems": dict(tables)}:
            yield from ((f"dynamodb:{operation}", arn(table)) for table in tables)
        case {"TableName": str(table), "IndexName": str(index)}:
            yield f"dynamodb:{operation}", f"{arn(table)}/index/{index}"
        case {"TableName": str(table)}:
            yield f"dynamodb:{operation}", arn(table)


@cache
def _arn(region: str, account: str) -> Callable[[str], str]:
    return cache(lambda table: iam_actions._dynamodb_table_arn(table, region, account))


def _handler(operation: str) -> Handler:
    """Looked up at each call: who watches the emulator's writes puts his own in its place."""
    found: Handler = getattr(dynamodb, _name(operation))
    return found


@cache
def _name(operation: str) -> str:
    return f"_{xform_name(operation)}"
