"""Where look-ups are counted: under `account#storefront#lookup#` and the beginning of the id / the hour, gone a day later."""

from datetime import datetime, timedelta

from pynamodb.exceptions import UpdateError

from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, refused

KEPT = timedelta(days=1)


class LookupItem(Item):
    """A partition of its own for each number: no storm of look-ups stands in the way of a storefront's orders."""

    class Meta(Table):
        pass

    lookups = IntegerAttribute()


class LookupStore:
    """Look-ups on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, LookupItem)

    def count(self, account_id: str, storefront_id: str, number: str, hour: datetime, most: int) -> bool:
        """1 WCU. An answer that is lost counts twice, which is to the guest's loss alone."""
        gone = int((hour + KEPT).timestamp())
        try:
            LookupItem(f"{account_id}#{storefront_id}#lookup#{number}", rfc3339(hour)).update(
                actions=[LookupItem.lookups.add(1), LookupItem.expires_at.set(gone)],
                condition=LookupItem.lookups.does_not_exist() | (LookupItem.lookups < most),
            )
        except UpdateError as error:
            if not refused(error):
                raise
            return False
        return True
