"""How a hub is brought to restored data: the backup is restored under the table's own name, for names, policies and grants hang on it.

What CloudFormation made of a table beside its items is set anew: its stream, its expiry, its recovery, its protection. A stream that is
made anew has another address, so each function that read the old one is joined to the new one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.restore_drill.stage_tables import RESTORE_SECONDS, Backup, StageTables, Unrestorable

COPIED = (
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "MaximumRetryAttempts",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "FilterCriteria",
    "FunctionResponseTypes",
)
"""What of an event source mapping the new one takes over."""


@dataclass(frozen=True)
class Switch:
    """`client` is of DynamoDB, `functions` of Lambda. Nobody may order meanwhile."""

    client: Any
    functions: Any

    def to(self, backups: Mapping[str, Backup]) -> None:
        """Delete each table, restore its backup under its name, give it the settings that it had, and join its readers."""
        for backup in backups.values():
            self._one(backup)

    def _one(self, backup: Backup) -> None:
        settings = StageTables(self.client, {"it": backup.table}).settings()["it"]
        expiry = self.client.describe_time_to_live(TableName=backup.table)["TimeToLiveDescription"]
        stream = self.client.describe_table(TableName=backup.table)["Table"].get("LatestStreamArn")
        readers = self._readers(stream) if stream else []
        self.client.update_table(TableName=backup.table, DeletionProtectionEnabled=False)
        self.client.delete_table(TableName=backup.table)
        self.client.get_waiter("table_not_exists").wait(TableName=backup.table)
        self.client.restore_table_from_backup(TargetTableName=backup.table, BackupArn=backup.arn)
        self._active(backup.table)
        self._set(backup.table, settings, expiry)
        for reader in readers:
            self._join(reader, backup.table)

    def _set(self, table: str, settings: Mapping[str, Any], expiry: Mapping[str, Any]) -> None:
        if settings["stream"]:
            self.client.update_table(TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
            self._active(table)
        if settings["expiry"]:
            told = {"AttributeName": expiry["AttributeName"], "Enabled": True}
            self.client.update_time_to_live(TableName=table, TimeToLiveSpecification=told)
        if settings["point in time"]:
            recovery = {"PointInTimeRecoveryEnabled": True}
            self.client.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)
        if settings["deletion protection"]:
            self.client.update_table(TableName=table, DeletionProtectionEnabled=True)
            self._active(table)

    def _readers(self, stream: str) -> list[dict[str, Any]]:
        pages = self.functions.get_paginator("list_event_source_mappings").paginate(EventSourceArn=stream)
        return [reader for page in pages for reader in page["EventSourceMappings"]]

    def _join(self, reader: Mapping[str, Any], table: str) -> None:
        stream = self.client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        copied = {name: reader[name] for name in COPIED if reader.get(name)}
        function = reader["FunctionArn"]
        self.functions.create_event_source_mapping(FunctionName=function, EventSourceArn=stream, StartingPosition="TRIM_HORIZON", **copied)
        self.functions.delete_event_source_mapping(UUID=reader["UUID"])

    def _active(self, table: str) -> None:
        until = time.monotonic() + RESTORE_SECONDS
        while self.client.describe_table(TableName=table)["Table"]["TableStatus"] != "ACTIVE":
            if time.monotonic() > until:
                raise Unrestorable(f"{table} is not ready after {RESTORE_SECONDS} s: look at it in DynamoDB's console, and begin anew")
            time.sleep(0.2)
