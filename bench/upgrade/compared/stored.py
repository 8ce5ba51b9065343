"""What lies in a hub's tables, as whoever reads them without a key sees it."""

from base64 import b64encode
from typing import Any

from tools.unpack import readable

SOLD = ("OrdersTable", "ShippingTable", "PaymentsTable")
"""Tables that the commands of an upgrade write."""


def stored(client: Any, *tables: str) -> dict[str, Any]:
    """Each item by its table and key, its packed texts readable; of tables whose names hold one of `tables`."""
    names = [name for name in client.list_tables()["TableNames"] if any(table in name for table in tables)]
    items = [(name, item) for name in names for page in client.get_paginator("scan").paginate(TableName=name) for item in page["Items"]]
    return {f"{name} {item['pk']['S']} {item['sk']['S']}": readable(_as_told(item)) for name, item in items}


def in_the_clear(client: Any, *secrets: str) -> list[str]:
    """The keys of orders' and shipments' items in which one reads any of `secrets`, packed or plain."""
    return [key for key, item in stored(client, "OrdersTable", "ShippingTable").items() if any(one in str(item) for one in secrets)]


def _as_told(item: dict[str, Any]) -> dict[str, Any]:
    """Bytes as AWS's command line writes them."""
    return {name: {"B": b64encode(value["B"]).decode()} if "B" in value else value for name, value in item.items()}
