"""A supplier's kept mappings, an item each."""

from pynamodb.attributes import UnicodeAttribute

from functions.uploads.mapping.mapping import Mapping
from functions.uploads.upload_items import partition
from shared.aws.dynamo import Item, Table, bind
from shared.bounds.kept import kept


class MappingItem(Item):
    class Meta(Table):
        pass

    mapping = UnicodeAttribute()
    """JSON, of at most 40 KB."""


class MappingStore:
    """mapping_service.Mappings."""

    def __init__(self, table: str) -> None:
        bind(table, MappingItem)

    def save(self, supplier_id: str, mapping: Mapping) -> None:
        MappingItem(partition(supplier_id, "mappings"), mapping.name, mapping=mapping.model_dump_json(exclude_defaults=True)).save()

    def of(self, supplier_id: str) -> list[Mapping]:
        found = MappingItem.query(partition(supplier_id, "mappings"), consistent_read=True)
        return [kept(Mapping, item.mapping) for item in found]

    def remove(self, supplier_id: str, name: str) -> None:
        MappingItem(partition(supplier_id, "mappings"), name).delete()
