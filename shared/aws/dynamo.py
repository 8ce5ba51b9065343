"""What every store.py shares: one connection a process, one table shape, versioned writes, events that ride in items."""

import os
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, Self, TypeVar

from pynamodb.attributes import Attribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.constants import BINARY, NULL, STRING
from pynamodb.exceptions import AttributeNullError, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from shared.aws.answers import code_of
from shared.aws.clients import session
from shared.aws.packing import packed, unpacked
from shared.aws.short_calls import shorten
from shared.optimistic_retry import Contended

M = TypeVar("M", bound="Item")
REGION = os.environ.get("AWS_REGION", "us-east-1")
_kept: list[Connection] = []


class Table:
    """What every Meta shares. A retry by PynamoDB repeats a conditional write safely: it fails its own condition."""

    region = REGION
    max_retry_attempts = 3
    connect_timeout_seconds = 2
    read_timeout_seconds = 5


def connection() -> Connection:
    """The process's one connection: a new one costs 100 CPU-ms."""
    if not _kept:
        made = Connection(
            region=os.environ.get("AWS_REGION", REGION),
            max_retry_attempts=Table.max_retry_attempts,
            connect_timeout_seconds=Table.connect_timeout_seconds,
            read_timeout_seconds=Table.read_timeout_seconds,
        )
        made._local.session = session()
        shorten(made.client)
        _kept.append(made)
    return _kept[0]


class IntegerAttribute(NumberAttribute):
    """An integer; a float is refused, for it may be money. Raises TypeError."""

    def serialize(self, value: Any) -> str:
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is not an integer")
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


def stores_packed() -> bool:
    """Whether long texts are stored packed: not where the variable STORED_TEXTS is `plain`."""
    return os.environ.get("STORED_TEXTS") != "plain"


class PackedAttribute(Attribute[str]):
    """A text that is stored packed, and read whether it is packed or plain, as items of before are.

    Where the variable STORED_TEXTS is `plain` it is stored plain: so a release that knows packed texts can run beside one that does not.
    It is asked at each write: on a laptop a process imports this before it learns which function it is.
    """

    @property
    def attr_type(self) -> str:  # type: ignore[override]
        """DynamoDB's type of what is written."""
        return BINARY if stores_packed() else STRING

    def serialize(self, value: str) -> str | bytes:
        return value if self.attr_type == STRING else packed(value)

    def get_value(self, value: dict[str, Any]) -> str:
        return unpacked(value)

    def deserialize(self, value: str) -> str:
        return value


class Item(Model):
    """An item of a service's table: partition key, sort key, and the event that tells of its last change.

    Subclasses say `class Meta(Table): pass`; the store calls `bind(table_name, Model, …)`.
    """

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    event = PackedAttribute(null=True)
    expires_at = IntegerAttribute(null=True)
    """Epoch seconds after which DynamoDB may delete the item."""

    def _set_defaults(self, _user_instantiated: bool = True) -> None:
        """As PynamoDB's, which looks for a default of each attribute of each item; most classes have none."""
        if _has_defaults(type(self)):
            super()._set_defaults(_user_instantiated)

    @classmethod
    def _instantiate(cls, attribute_values: dict[str, Any]) -> Self:
        """As PynamoDB's, which sets the defaults twice, and looks each attribute's names up anew for each item. No class of ours has a
        discriminator."""
        item = cls(_user_instantiated=False)
        keep = partial(setattr, item) if _has_parts(cls) else item.attribute_values.__setitem__
        for stored, name, attribute in _attributes(cls):
            value = attribute_values.get(stored)
            if value and NULL not in value:
                keep(name, attribute.deserialize(attribute.get_value(value)))
        return item

    def _container_serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        """As PynamoDB's, which asks each attribute by its name, and of each whether it holds others."""
        if _has_parts(type(self)):
            return super()._container_serialize(null_check)
        found: dict[str, dict[str, Any]] = {}
        for stored, name, attribute in _attributes(type(self)):
            value = self.attribute_values.get(name)
            written = None if value is None else attribute.serialize(value)
            if written is not None:
                found[stored] = {attribute.attr_type: written}
            elif null_check and not attribute.null:
                raise AttributeNullError(name)
        return found

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """PynamoDB makes a client for each model; all of a process share `connection`'s."""
        known: TableConnection | None = cls._connection
        found = known if known and known.table_name == cls.Meta.table_name else super()._get_connection()
        found.connection._client = connection().client
        return found


@cache
def _has_defaults(model: type[Item]) -> bool:
    found = model.get_attributes().values()
    return any(attribute.default is not None or attribute.default_for_new is not None for attribute in found)


@cache
def _has_parts(model: type[Item]) -> bool:
    return any(isinstance(attribute, ListAttribute | MapAttribute) for attribute in model.get_attributes().values())


@cache
def _attributes(model: type[Item]) -> tuple[tuple[str, str, Attribute[Any]], ...]:
    """Each attribute, after the name by which it is stored and its own."""
    return tuple((attribute.attr_name, name, attribute) for name, attribute in model.get_attributes().items())


def refused(error: PutError | UpdateError) -> bool:
    """Whether a single write failed because its condition was not met.

    Raises Contended where a transaction had the item in hand: nothing was written, and nobody knows yet what the condition meets.
    """
    code = code_of(error)
    if code == "TransactionConflictException":
        raise Contended from error
    return code == "ConditionalCheckFailedException"


def reasons(error: TransactWriteError) -> Sequence[str | None]:
    """Why each action of a cancelled transaction failed, in its order: a code such as ConditionalCheckFailed, or None.

    Raises the error itself if the transaction failed for another reason than its actions, or its answer was lost.
    """
    if code_of(error) != "TransactionCanceledException":
        raise error
    return [None if reason is None or reason.code in (None, "None") else reason.code for reason in error.cancellation_reasons]


def put_if(item: Item, condition: Any) -> bool:
    """Put `item` if `condition` holds of what is stored under its key. Answers whether it was put. Raises Contended."""
    try:
        item.save(condition=condition)
    except PutError as error:
        if not refused(error):
            raise
        return False
    return True


def put_newer(item: Item, version_attribute: Any, version: int) -> bool:
    """Put `item` unless the stored one's version is as new or newer. Answers whether it was put. Raises Contended."""
    return put_if(item, version_attribute.does_not_exist() | (version_attribute < version))


def write_over(item: Item, actions: Sequence[Action], condition: Any = None) -> None:
    """Do these to what is stored under the item's key, if `condition` holds of it; PynamoDB's own has the whole item sent back.

    Raises UpdateError.
    """
    partition, sort = item._get_hash_range_key_serialized_values()
    item._get_connection().update_item(partition, sort, list(actions), condition=condition)


def item_of(model: type[M], raw: Mapping[str, Any]) -> M:
    """An item as DynamoDB's JSON has it, a stream's image, say. Raises KeyError, TypeError or ValueError for what is none of `model`'s."""
    return model.from_raw_data(dict(raw))


def bind(table: str, *models: type[Item]) -> None:
    """Let `models` lie in `table`; a process serves one table a service, so this is said once, by the store's constructor."""
    for model in models:
        model.Meta.table_name = table


def lying_in(table: str, model: type[M]) -> type[M]:
    """A class of `model`'s items that lie in `table`, where several tables of one process hold such items."""
    return type(model.__name__, (model,), {"Meta": type("Meta", (Table,), {"table_name": table})})
