"""What the emulator's DynamoDB works out anew at each call, and is the same each time: a third of its time in a schedule.

Its answers stay what they are: the comparison with the emulator over HTTP runs with these in place.
"""

import copy
from functools import cache
from types import SimpleNamespace
from typing import Any

from ministack.services import dynamodb


@cache
def take() -> None:
    """Let this process's emulator read each expression once, and copy items as what they are: JSON."""
    tokens = cache(dynamodb._tokenize)
    dynamodb._tokenize = lambda expression: list(tokens(expression))
    dynamodb._condition_syntax_error = cache(dynamodb._condition_syntax_error)
    dynamodb.copy = SimpleNamespace(deepcopy=_copied)


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {name: _copied(each) for name, each in value.items()}
    if kind is list:
        return [_copied(each) for each in value]
    return value if kind in (str, bool, int, float, bytes, type(None)) else copy.deepcopy(value)
