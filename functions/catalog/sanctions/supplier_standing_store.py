"""A supplier's standing in the catalog's table: `standing` beside the supplier's offers."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from functions.catalog.sanctions.supplier_standing import SupplierStanding
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_if
from shared.bus import envelope

STANDING = "standing"


class StandingItem(Item):
    class Meta(Table):
        pass

    state = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    since = UnicodeAttribute()
    version = IntegerAttribute()


class StandingStore:
    """suspension_service.Standings."""

    def __init__(self, table: str) -> None:
        bind(table, StandingItem)

    def standing(self, supplier_id: str) -> SupplierStanding:
        """The supplier's standing as last decided."""
        try:
            item: Any = StandingItem.get(supplier_id, STANDING, consistent_read=True)
        except StandingItem.DoesNotExist:
            return SupplierStanding(supplier_id)
        return SupplierStanding(supplier_id, item.state, item.reason or "", item.since, int(item.version))

    def save_standing(self, standing: SupplierStanding, now: datetime) -> bool:
        """Keep `standing` with its event, in one write, if the one before it is kept. Answers whether it was."""
        item = StandingItem(
            standing.supplier_id, STANDING, state=standing.state, reason=standing.reason or None, since=standing.since,
            version=standing.version, event=envelope(standing.event, now),
        )  # fmt: skip
        return put_if(item, StandingItem.pk.does_not_exist() | (StandingItem.version == standing.version - 1))
