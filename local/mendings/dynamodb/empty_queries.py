"""Queries of partitions in which nothing lies, as most of a sweep's are: answered at once where the emulator has found nothing wrong
with the same question before."""

from collections.abc import Callable
from typing import Any

from ministack.services import dynamodb

MOST = 5000
"""Questions that are remembered."""
PLAIN = ("TableName", "IndexName", "KeyConditionExpression", "FilterExpression", "ProjectionExpression", "ConsistentRead", "Limit",
         "ScanIndexForward", "ReturnConsumedCapacity")  # fmt: skip
ASKED = frozenset((*PLAIN, "ExpressionAttributeNames", "ExpressionAttributeValues"))
LONGEST = 512
"""Characters of a value; whether a longer one may be a key is the emulator's to say."""
Question = tuple[Any, ...]


def take() -> None:
    """Let this process's emulator look first whether the partition is empty."""
    asked, right = dynamodb._query, set[Question]()

    def query(data: dict[str, Any]) -> Any:
        question = _question(data)
        if question in right and not _held(data):
            return _nothing(data)
        answer = asked(data)
        if question is not None and answer[0] == 200:
            if len(right) >= MOST:
                right.clear()
            right.add(question)
        return answer

    dynamodb._query = query


def _question(data: dict[str, Any]) -> Question | None:
    """All of a query but its values, of which it says the kinds; None for one that is the emulator's to judge each time: what goes on
    from a key, has bounds that may be the wrong way round, or a value that is no short text."""
    values, condition = data.get("ExpressionAttributeValues"), data.get("KeyConditionExpression")
    if not (type(values) is dict and type(condition) is str and data.keys() <= ASKED) or "BETWEEN" in condition.upper():
        return None
    if not all(type(value) is dict and len(value) == 1 and _short(value.get("S")) for value in values.values()):
        return None
    names = data.get("ExpressionAttributeNames")
    try:
        question = (_table(data).get("TableId"), *map(data.get, PLAIN), tuple(names.items()) if names else None, tuple(values))
        hash(question)
    except (AttributeError, TypeError):
        return None
    return question


def _short(text: Any) -> bool:
    return type(text) is str and 0 < len(text) <= LONGEST


def _table(data: dict[str, Any]) -> Any:
    return dynamodb._tables.get(dynamodb._normalize_table_name(data["TableName"]))


def _held(data: dict[str, Any]) -> Any:
    """What lies in the partition; it is true where nobody can tell."""
    table, index = _table(data), data.get("IndexName")
    key = dynamodb._resolve_index_keys(table, index)[0]
    condition, names = data["KeyConditionExpression"], data.get("ExpressionAttributeNames", {})
    partition = dynamodb._extract_pk_from_condition(condition, data["ExpressionAttributeValues"], names, key)
    if partition is None:
        return True
    if index is None:
        return table["items"].get(partition)
    members = dynamodb._index_members(table).get(index)
    return True if members is None else members.get(partition)


def _nothing(data: dict[str, Any]) -> Any:
    answer: dict[str, Any] = {"Items": [], "Count": 0, "ScannedCount": 0}
    name = dynamodb._normalize_table_name(data["TableName"])
    dynamodb._add_consumed_capacity(answer, data, name, index_name=data.get("IndexName"))
    respond: Callable[[dict[str, Any]], Any] = dynamodb.json_response
    return respond(answer)
