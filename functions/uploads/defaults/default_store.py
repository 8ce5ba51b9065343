"""A supplier's defaults: one item, replaced as a whole."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import UnicodeAttribute

from functions.uploads.defaults.product_defaults import CategoryDefaults
from functions.uploads.upload_items import partition
from shared.aws.dynamo import Item, Table, bind
from shared.bounds.kept import kept

DEFAULTS = TypeAdapter(list[CategoryDefaults])


class DefaultsItem(Item):
    class Meta(Table):
        pass

    defaults = UnicodeAttribute()
    """JSON: at most 200 of some 200 bytes."""


class DefaultStore:
    """Defaults on DynamoDB. Read consistently, for who sets them and uploads at once; by a batch, as the rows' function may."""

    def __init__(self, table: str) -> None:
        bind(table, DefaultsItem)

    def save(self, supplier_id: str, defaults: Sequence[CategoryDefaults]) -> None:
        text = DEFAULTS.dump_json(list(defaults), exclude_defaults=True).decode()
        DefaultsItem(partition(supplier_id, "defaults"), "products", defaults=text).save()

    def of(self, supplier_id: str) -> list[CategoryDefaults]:
        """All of a supplier's; none, if it never set any."""
        items = DefaultsItem.batch_get([(partition(supplier_id, "defaults"), "products")], consistent_read=True)
        return [_read(each) for item in items for each in json.loads(item.defaults)]


def _read(each: Mapping[str, Any]) -> CategoryDefaults:
    """One category's, without what a later release knows."""
    return kept(CategoryDefaults, json.dumps({name: value for name, value in each.items() if name in CategoryDefaults.model_fields}))
