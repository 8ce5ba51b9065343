"""Where a host keeps its merchants' installations: in its own table, under the tenant's key."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.plugin import Mode
from shared.aws.dynamo import IntegerAttribute, Item, Table, connection, lying_in, put_if, reasons, refused
from shared.bounds.kept import kept
from shared.errors import Conflict
from shared.providers.breaker import CLOSED, Circuit
from shared.providers.installation import EVERYTHING, Conditions, Installation

PREFIX = "installation#"
CIRCUIT = "#circuit"
MOST = 100
"""No tenant's list is read further than this."""
KEPT = timedelta(days=1)
"""A circuit is forgotten so long after it could close."""


class InstallationItem(Item):
    """pk = tenant, sk = `installation#<id>`; beside it `installation#<id>#circuit`, so that one read brings both."""

    class Meta(Table):
        pass

    plugin = UnicodeAttribute(null=True)
    mode = UnicodeAttribute(null=True)
    enabled = BooleanAttribute(null=True)
    rank = IntegerAttribute(null=True)
    sealed = BinaryAttribute(legacy_encoding=False, null=True)
    created_at = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    version = IntegerAttribute(null=True)
    conditions = UnicodeAttribute(null=True)
    mode_meant = BooleanAttribute(null=True)
    previous = BinaryAttribute(legacy_encoding=False, null=True)
    previous_until = UnicodeAttribute(null=True)
    opened = IntegerAttribute(null=True)
    until = UnicodeAttribute(null=True)


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
        return next(iter(self._read(tenant, PREFIX + installation_id)), None)

    def find_by_id(self, installation_id: str) -> Installation | None:
        """For a provider's notice: the installation, whoever's it is."""
        try:
            tenant = self._owners.get(PREFIX + installation_id, "owner").tenant
        except self._owners.DoesNotExist:
            return None
        return self.find(tenant, installation_id)

    def of(self, tenant: str) -> list[Installation]:
        """The tenant's installations, as of now: a swap of the preferred one counts from the next question on."""
        return self._read(tenant, PREFIX)

    def set_circuit(self, installation: Installation, circuit: Circuit, now: datetime) -> bool:
        """Write the circuit if it is still as it was read with the installation; whether it was."""
        sk = PREFIX + installation.id + CIRCUIT
        until = from_rfc3339(circuit.until) if circuit.until else now
        item = self._items(
            installation.tenant, sk, opened=circuit.opened, until=circuit.until or None, expires_at=int((until + KEPT).timestamp())
        )
        read = installation.circuit
        as_read = InstallationItem.until == read.until if read.until else InstallationItem.until.does_not_exist()
        return put_if(item, as_read)

    def _read(self, tenant: str, prefix: str) -> list[Installation]:
        found = list(self._items.query(tenant, InstallationItem.sk.startswith(prefix), consistent_read=True, limit=MOST))
        circuits = {item.sk.removesuffix(CIRCUIT): _circuit(item) for item in found if item.sk.endswith(CIRCUIT)}
        return [_installation(item, circuits.get(item.sk, CLOSED)) for item in _whole(found, prefix)]

    def _item(self, installation: Installation) -> InstallationItem:
        i = installation
        return self._items(
            i.tenant,
            PREFIX + i.id,
            plugin=i.plugin,
            mode=i.mode,
            enabled=i.enabled,
            rank=i.rank,
            sealed=i.sealed,
            created_at=i.created_at,
            fingerprint=i.fingerprint,
            version=i.version,
            mode_meant=i.mode_meant or None,
            previous=i.previous or None,
            previous_until=i.previous_until or None,
            conditions=None if i.conditions == EVERYTHING else i.conditions.model_dump_json(exclude_defaults=True),
        )


def _whole(items: Iterable[InstallationItem], prefix: str) -> Iterable[InstallationItem]:
    """The installations; where one was asked for, no other whose id only begins alike."""
    return (item for item in items if not item.sk.endswith(CIRCUIT) and (prefix in (PREFIX, item.sk)))


def _circuit(item: InstallationItem) -> Circuit:
    return Circuit(int(item.opened or 0), item.until or "")


def _installation(item: InstallationItem, circuit: Circuit) -> Installation:
    return Installation(
        id=item.sk.removeprefix(PREFIX),
        tenant=item.pk,
        plugin=item.plugin,
        mode=cast("Mode", item.mode),
        enabled=bool(item.enabled),
        rank=int(item.rank),
        sealed=item.sealed,
        created_at=item.created_at,
        fingerprint=item.fingerprint,
        version=int(item.version),
        conditions=kept(Conditions, item.conditions) if item.conditions else EVERYTHING,
        mode_meant=bool(item.mode_meant),
        previous=item.previous or b"",
        previous_until=item.previous_until or "",
        circuit=circuit,
    )
