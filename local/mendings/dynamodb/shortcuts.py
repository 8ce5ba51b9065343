"""What the emulator's DynamoDB works out anew at each call, and is the same each time: half of its time.

Its answers stay what they are: the comparison with the emulator over HTTP runs with these in place.
"""

from functools import cache
from types import SimpleNamespace

from ministack.services import dynamodb

from local.mendings.dynamodb import conditions, empty_queries, expressions, projections, sizes, values
from local.mendings.dynamodb.copies import copied


@cache
def take() -> None:
    """Let this process's emulator read each expression once, judge by functions that are made of it, and copy items as what they are."""
    expressions.take()
    conditions.take()
    sizes.take()
    values.take()
    projections.take()
    empty_queries.take()
    dynamodb.copy = SimpleNamespace(deepcopy=copied)
