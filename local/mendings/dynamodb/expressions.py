"""What the emulator's DynamoDB finds out of each expression anew at each call, though it is the same each time."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

FIELDS = ("KeyConditionExpression", "FilterExpression", "ProjectionExpression", "ConditionExpression", "UpdateExpression")
Check = Callable[..., tuple[Any, ...] | str | None]
MOST = 5000
"""Expressions that are remembered: a service has some hundred, but those that name a moment are never seen again."""
kept = lru_cache(MOST)


def take() -> None:
    """Let this process's emulator read each expression once."""
    tokens, clauses = kept(dynamodb._tokenize), kept(dynamodb._key_condition_clauses)
    dynamodb._tokenize = lambda expression: list(tokens(expression))
    dynamodb._key_condition_clauses = lambda tokens: clauses(tuple(tokens))
    dynamodb._condition_syntax_error = kept(dynamodb._condition_syntax_error)
    dynamodb._check_redundant_parens = once(dynamodb._check_redundant_parens, lambda tokens, slot="": (slot, *tokens))
    dynamodb._check_reserved_keyword_usage = once(dynamodb._check_reserved_keyword_usage, tuple)
    dynamodb._validate_expression_attrs = once(dynamodb._validate_expression_attrs, _named)
    dynamodb._key_condition_operand_error = once(dynamodb._key_condition_operand_error, _kinds)
    _take_key_conditions()


def once(check: Check, what: Callable[..., Any]) -> Check:
    """`check`, which finds nothing wrong a second time with what it found right; `what` it looks at, of its arguments."""
    right: set[Any] = set()

    def checked(*given: Any) -> tuple[Any, ...] | str | None:
        about = what(*given)
        if about in right:
            return None
        wrong = check(*given)
        if wrong is None:
            if len(right) >= MOST:
                right.clear()
            right.add(about)
        return wrong

    return checked


def _named(data: dict[str, Any], fields: tuple[str, ...], *_: Any) -> tuple[Any, ...]:
    """Expressions, and the names that they may use."""
    names, values = data.get("ExpressionAttributeNames"), data.get("ExpressionAttributeValues")
    return (fields, *(data.get(field) for field in fields), names and tuple(names), values and tuple(values))


def _kinds(condition: str, values: dict[str, Any] | None) -> tuple[Any, ...]:
    """A key condition, and of what kind each value is."""
    return (condition, *((name, *value) for name, value in (values or {}).items()))


class _Asked(dict[str, Any]):
    """Values of which none is there: notes for which it is asked."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __contains__(self, name: object) -> bool:
        self.names.append(str(name))
        return False


def _take_key_conditions() -> None:
    """Which value a key is compared to: looked for by eight regular expressions at each query, or more."""
    of_partition, of_key = dynamodb._extract_pk_from_condition, dynamodb._key_condition_av

    @kept
    def names_for_partition(condition: str, key: str, names: Iterable[tuple[str, str]]) -> list[str]:
        asked = _Asked()
        of_partition(condition, asked, dict(names), key)
        return asked.names

    @kept
    def names_for_key(condition: str, key: str, names: Iterable[tuple[str, str]]) -> list[str]:
        asked = _Asked()
        of_key(condition, None, asked, dict(names), key)
        return asked.names

    def partition(condition: str, values: dict[str, Any], names: dict[str, str], key: str) -> Any:
        wanted = names_for_partition(condition, key, tuple(names.items()))
        return next((dynamodb._extract_key_val(values[name]) for name in wanted if name in values), None)

    def key_value(condition: str, legacy: Any, values: dict[str, Any], names: dict[str, str], key: str) -> Any:
        if legacy:
            return of_key(condition, legacy, values, names, key)
        return next((values[name] for name in names_for_key(condition, key, tuple(names.items())) if name in values), None)

    dynamodb._extract_pk_from_condition, dynamodb._key_condition_av = partition, key_value
