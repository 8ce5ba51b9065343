"""The table of keys, which only this folder reads (docs/decisions/0059-sealing.md).

| pk | sk | item |
|---|---|---|
| hub | root | the hub's root key, wrapped by KMS |
| batch | salts | number → salt, of the keys `batch.number` that are not erased |
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pynamodb.attributes import MapAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from shared.aws.dynamo import Item, Table, bind, put_if, refused

ROOT = ("hub", "root")
SALTS = "salts"


class KeysItem(Item):
    class Meta(Table):
        pass

    wrapped = UnicodeAttribute(null=True)
    salts: MapAttribute[str, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]


class KeysStore:
    """Keys on DynamoDB. Every read is consistent: what is not there is erased, and not merely new."""

    def __init__(self, table: str) -> None:
        bind(table, KeysItem)

    def root(self) -> bytes | None:
        try:
            return b64decode(KeysItem.get(*ROOT, consistent_read=True).wrapped)
        except KeysItem.DoesNotExist:
            return None

    def add_root(self, wrapped: bytes) -> bytes:
        """Two processes that begin at once take the one of the first."""
        if put_if(KeysItem(*ROOT, wrapped=b64encode(wrapped).decode()), KeysItem.pk.does_not_exist()):
            return wrapped
        return self.root() or wrapped

    def add_batch(self, batch: str, salts: Sequence[bytes]) -> None:
        """1 WCU. Whose answer is lost is written twice, alike."""
        KeysItem(batch, SALTS, salts={str(n): b64encode(salt).decode() for n, salt in enumerate(salts)}).save()

    def salts(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """One call, 1 RCU a batch."""
        asked = {key: key.split(".") for key in keys}
        items = KeysItem.batch_get([(batch, SALTS) for batch in {batch for batch, _ in asked.values()}], consistent_read=True)
        held = {item.pk: dict(item.salts.attribute_values) if item.salts else {} for item in items}
        found = {key: held.get(batch, {}).get(number) for key, (batch, number) in asked.items()}
        return {key: b64decode(salt) for key, salt in found.items() if salt}

    def erase(self, key: str) -> None:
        """1 WCU."""
        batch, number = key.split(".")
        try:
            KeysItem(batch, SALTS).update(actions=[KeysItem.salts[number].remove()], condition=KeysItem.pk.exists())
        except UpdateError as error:
            if not refused(error):
                raise
