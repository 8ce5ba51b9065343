"""What was last told of each offer's debt, with the event that tells of it: under the offer's id / `debt`."""

from datetime import datetime

from functions.orders.counts.stock_debt import ToldDebt
from functions.orders.table_store import item_at, write_once
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind
from shared.bus import envelope
from shared.messages import StockOwed


class DebtItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    owed = IntegerAttribute()


class DebtStore:
    """Debts on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, DebtItem)

    def last_told(self, offer_id: str) -> ToldDebt | None:
        return item_at(lambda item: ToldDebt(int(item.version), int(item.owed)), DebtItem, offer_id, "debt")

    def tell(self, message: StockOwed, now: datetime) -> None:
        item = DebtItem(message.offer_id, "debt", version=message.version, owed=message.owed, event=envelope(message, now))
        before = DebtItem.pk.does_not_exist() if message.version == 1 else DebtItem.version == message.version - 1
        write_once(lambda: item.save(condition=before))
