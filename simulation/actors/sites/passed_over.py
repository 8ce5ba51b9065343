"""What the feed has passed over: a site read to its end, and does not hold a change that was old enough to be shown."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from functions.fanout.change_store import PRODUCT, ChangeItem
from functions.fanout.product_change import LAG
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import item_of


def passed_over(sells: Mapping[str, Mapping[str, Any]], asked: datetime, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The products that a site sells in an older state than its table had, LAG before it asked for the feed's last page.

    `sells`: product → the change that the site holds. `items`: the table's, as they are, in DynamoDB's JSON.
    """
    for change in (item_of(ChangeItem, raw).change() for raw in items if raw["pk"]["S"].startswith(PRODUCT)):
        held = sells.get(change.product_id)
        if held and change.at < rfc3339(asked - LAG) and change.revision > int(held["sequence"].rpartition(".")[2]):
            yield f"{change.product_id} of {change.at} was passed over by who asked at {rfc3339(asked)} and has {held['sequence']}"
