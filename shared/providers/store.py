"""Where a host keeps its merchants' installations: in its own table, under the tenant's key."""

from dataclasses import fields
from typing import cast

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.dynamo import IntegerAttribute, Item, Table, connection, lying_in, reasons, refused
from shared.errors import Conflict
from shared.providers.installation import Installation, Mode

PREFIX = "installation#"
MOST = 100
"""No tenant's list is read further than this."""


class InstallationItem(Item):
    """pk = tenant, sk = `installation#<id>`."""

    class Meta(Table):
        pass

    plugin = UnicodeAttribute()
    mode = UnicodeAttribute()
    enabled = BooleanAttribute()
    rank = IntegerAttribute()
    sealed = BinaryAttribute(legacy_encoding=False)
    created_at = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    version = IntegerAttribute()


class OwnerItem(Item):
    """pk = `installation#<id>`, sk = `owner`: whose it is, for a provider's notice that names only the installation."""

    class Meta(Table):
        pass

    tenant = UnicodeAttribute()


class InstallationStore:
    def __init__(self, table: str) -> None:
        # Two hosts may live in one process (app.py): each has item classes of its own.
        self._items, self._owners = lying_in(table, InstallationItem), lying_in(table, OwnerItem)

    def add(self, installation: Installation) -> bool:
        """Keep a new installation; False if one of this id stands already.

        A transaction, because a notice must find the owner of every installation that stands; it happens once in its life.
        """
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(self._item(installation), condition=InstallationItem.pk.does_not_exist())
                transaction.save(self._owners(PREFIX + installation.id, "owner", tenant=installation.tenant))
        except TransactWriteError as error:
            if reasons(error)[0] != "ConditionalCheckFailed":
                raise
            return False
        return True

    def replace(self, installation: Installation) -> None:
        """Keep a changed installation, whose version is one more than the stored one's. Raises Conflict if that is not so."""
        try:
            self._item(installation).save(condition=InstallationItem.version == installation.version - 1)
        except PutError as error:
            if refused(error):
                raise Conflict("somebody changed this installation meanwhile: read it and try again") from error
            raise

    def find(self, tenant: str, installation_id: str) -> Installation | None:
        try:
            return _installation(self._items.get(tenant, PREFIX + installation_id, consistent_read=True))
        except self._items.DoesNotExist:
            return None

    def find_anyones(self, installation_id: str) -> Installation | None:
        """For a provider's notice: the installation, whoever's it is."""
        try:
            tenant = self._owners.get(PREFIX + installation_id, "owner").tenant
        except self._owners.DoesNotExist:
            return None
        return self.find(tenant, installation_id)

    def of(self, tenant: str) -> list[Installation]:
        """The tenant's installations, as of now: a swap of the preferred one counts from the next question on."""
        found = self._items.query(tenant, InstallationItem.sk.startswith(PREFIX), consistent_read=True, limit=MOST)
        return [_installation(item) for item in found]

    def _item(self, installation: Installation) -> InstallationItem:
        kept = {f.name: getattr(installation, f.name) for f in fields(Installation) if f.name not in ("id", "tenant")}
        return self._items(installation.tenant, PREFIX + installation.id, **kept)


def _installation(item: InstallationItem) -> Installation:
    return Installation(
        item.sk.removeprefix(PREFIX), item.pk, item.plugin, cast("Mode", item.mode), item.enabled, int(item.rank), item.sealed,
        item.created_at, item.fingerprint, int(item.version),
    )  # fmt: skip
