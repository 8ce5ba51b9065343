"""What every store of the orders' table shares: reading one item, and how a conditional write may end."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError

from shared.aws.dynamo import Item, reasons, refused
from shared.optimistic_retry import Contended

Kept = TypeVar("Kept", bound=Item)
T = TypeVar("T")
REFUSED, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


def item_at(read: Callable[[Kept], T], model: type[Kept], pk: str, sk: str) -> T | None:
    """The item as last written, read as the domain knows it."""
    try:
        return read(model.get(pk, sk, consistent_read=True))
    except DoesNotExist:
        return None


def write_once(write: Callable[[], object]) -> None:
    """One conditional write. Raises Contended if the condition was not met, or a transaction holds the item."""
    try:
        write()
    except (PutError, UpdateError) as error:
        if refused(error):
            raise Contended from error
        raise


def refusals_of(error: TransactWriteError) -> Sequence[str | None]:
    """Why each action of a transaction failed. Raises Contended if only another transaction was in the way."""
    found = reasons(error)
    if found[0] != REFUSED and CONFLICT in found:
        raise Contended from error
    return found
