"""What the emulator's DynamoDB works out anew at each call, and is the same each time: half of its time.

Its answers stay what they are: the comparison with the emulator over HTTP runs with these in place.
"""

from functools import cache
from types import SimpleNamespace

from ministack.services import dynamodb

from local.mendings.dynamodb import conditions, empty_queries, expressions, lean_items, sizes
from local.mendings.dynamodb.copies import copied


@cache
def take() -> None:
    """Let this process's emulator read each expression once, judge by functions that are made of it, copy items as what they are, and
    store what many of them say once."""
    expressions.take()
    conditions.take()
    sizes.take()
    empty_queries.take()
    lean_items.take()
    dynamodb.copy = SimpleNamespace(deepcopy=copied)
