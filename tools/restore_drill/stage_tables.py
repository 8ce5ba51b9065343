"""A stage's tables in DynamoDB: backed up one after another, restored beside themselves, read whole."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.restore_drill.table_difference import Raw

SERVICES = (
    "accounts", "pictures", "uploads", "audit", "catalog", "storefronts", "fanout", "orders", "payments", "shipping", "settlement",
    "notices",
)  # fmt: skip
"""In the order of the way of the data."""
RESTORED = "-restored"
RESTORE_SECONDS = 600
"""A small table's restore takes minutes on AWS, the emulator's no time."""


class Unrestorable(RuntimeError):
    """The stage's tables cannot be backed up or restored. Says why, and what to do."""


@dataclass(frozen=True)
class Backup:
    """One table's backup. Its instant lies between `asked` and `answered`, epoch seconds of this machine."""

    table: str
    arn: str
    asked: float
    answered: float


@dataclass(frozen=True)
class StageTables:
    """`names`: service → table, in the order of SERVICES; `client` is of DynamoDB."""

    client: Any
    names: Mapping[str, str]

    def back_up(self, name: str, apart: float, *, along: bool = False, pause: Callable[[float], None] = time.sleep) -> dict[str, Backup]:
        """Back every table up as `name`, `apart` seconds between two, and answer the backups as they were taken.

        Against the way of the data: who hears is then older than who tells, and what he has not heard can be told again. `along` the way
        it is the other way round.
        """
        taken: dict[str, Backup] = {}
        for service, table in list(self.names.items())[:: 1 if along else -1]:
            if taken:
                pause(apart)
            asked = time.time()
            answer = self.client.create_backup(TableName=table, BackupName=name)
            taken[service] = Backup(table, answer["BackupDetails"]["BackupArn"], asked, time.time())
        return taken

    def restore(self, backups: Mapping[str, Backup]) -> "StageTables":
        """Restore each backup beside its table; answers the restored ones once they can be read. Raises Unrestorable."""
        names = {service: backup.table + RESTORED for service, backup in backups.items()}
        for service, backup in backups.items():
            self._await_backup(backup)
            self.client.restore_table_from_backup(TargetTableName=names[service], BackupArn=backup.arn)
        for name in names.values():
            self._await(lambda name=name: self.client.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE", name)  # type: ignore[misc]
        return StageTables(self.client, names)

    def _await_backup(self, backup: Backup) -> None:
        def ready() -> bool:
            told = self.client.describe_backup(BackupArn=backup.arn)["BackupDescription"]
            return bool(told["BackupDetails"]["BackupStatus"] == "AVAILABLE")

        self._await(ready, f"the backup of {backup.table}")

    @staticmethod
    def _await(ready: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + RESTORE_SECONDS
        while not ready():
            if time.monotonic() > until:
                raise Unrestorable(f"{what} is not ready after {RESTORE_SECONDS} s: look at it in DynamoDB's console, and begin anew")
            time.sleep(0.2)

    def items(self) -> dict[str, list[Raw]]:
        """Service → every item of its table, read consistently: a read unit for 4 KB."""
        return {service: list(self.scan(service)) for service in self.names}

    def scan(self, service: str) -> Iterator[Raw]:
        """The items of a service's table, page by page."""
        for items, _ in self.pages(service):
            yield from items

    def pages(self, service: str, after: Raw | None = None) -> Iterator[tuple[list[Raw], Raw | None]]:
        """The same in pages of 1 MB, from the one `after` the item of this key on; beside each the key to go on after, None at the end."""
        place: dict[str, Any] = {"ExclusiveStartKey": after} if after else {}
        for page in self.client.get_paginator("scan").paginate(TableName=self.names[service], ConsistentRead=True, **place):
            yield page["Items"], page.get("LastEvaluatedKey")

    def settings(self) -> dict[str, dict[str, Any]]:
        """Service → what of its table's settings a restore brings back, and what it does not."""
        return {service: self._settings(table) for service, table in self.names.items()}

    def _settings(self, table: str) -> dict[str, Any]:
        told = self.client.describe_table(TableName=table)["Table"]
        ttl = self.client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        recovery = self.client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        return {
            "keys": told["KeySchema"],
            "indexes": sorted(map(_index, told.get("GlobalSecondaryIndexes", ()))),
            "stream": bool(told.get("StreamSpecification", {}).get("StreamEnabled")),
            "expiry": ttl["TimeToLiveStatus"] == "ENABLED",
            "point in time": recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED",
            "deletion protection": bool(told.get("DeletionProtectionEnabled")),
        }


def _index(told: Mapping[str, Any]) -> tuple[str, str, str]:
    return told["IndexName"], str(told["KeySchema"]), str(told["Projection"])


def tables_of(stage: str, client: Any) -> StageTables:
    """The tables of the hub deployed as `monsoon-<stage>`. Raises Unrestorable unless each service has one."""
    found = [name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]]
    ours = [name for name in found if name.startswith(f"monsoon-{stage}-") and not name.endswith(RESTORED)]
    names = {service: [name for name in ours if f"-{service.capitalize()}Table-" in name] for service in SERVICES}
    if wrong := [service for service, tables in names.items() if len(tables) != 1]:
        raise Unrestorable(f"not one table each at stage {stage}: {', '.join(wrong)}; an older stack's tables must go first")
    return StageTables(client, {service: tables[0] for service, tables in names.items()})
