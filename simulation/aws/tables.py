"""The tables of infra/tables.yaml, as CreateTable takes them."""

from dataclasses import dataclass
from typing import Any

from infra.templates import template

LATER = ("PointInTimeRecoverySpecification", "TimeToLiveSpecification", "DeletionProtectionEnabled")
"""Of a table's properties: what CreateTable does not take, or no simulation needs."""
KEYS = ("pk", "sk")
"""Of every table."""
PLAYED = ("OrdersTable", "StorefrontsTable", "FanoutTable", "ShippingTable")
"""Together they have every kind of index: two an item, of the table's own keys, with keys alone, some attributes, all."""


@dataclass(frozen=True)
class Index:
    """A global secondary index: the names of its keys."""

    name: str
    pk: str
    sk: str


def properties(table: str) -> dict[str, Any]:
    """What CreateTable is given, beside the name."""
    found = {k: v for k, v in template("infra/tables.yaml")["Resources"][table]["Properties"].items() if k not in LATER}
    if "StreamSpecification" in found:
        found["StreamSpecification"] = {**found["StreamSpecification"], "StreamEnabled": True}
    return found


def names() -> list[str]:
    """Every table."""
    return [name for name, body in template("infra/tables.yaml")["Resources"].items() if body["Type"] == "AWS::DynamoDB::Table"]


def indexes(table: str) -> list[Index]:
    return [
        Index(index["IndexName"], *(key["AttributeName"] for key in index["KeySchema"]))
        for index in properties(table).get("GlobalSecondaryIndexes", [])
    ]
