"""What the feed has passed over: a site read to its end, and does not hold a change that was old enough to be shown."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from functions.fanout.change_items import PRODUCT, ChangeItem
from functions.fanout.product_change import LAG
from functions.fanout.rule_store import RULE, STOREFRONT, RuleItem
from functions.fanout.storefront_view import ParsedChange, SiteView, entry
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import item_of
from shared.trade.fx import NO_RATES


def passed_over(
    sells: Mapping[str, Mapping[str, Any]], asked: datetime, items: Collection[Mapping[str, Any]], storefront_id: str
) -> Iterator[str]:  # fmt: skip
    """The products that a site sells in an older state than its table had, LAG before it asked for the feed's last page.

    An older state that its storefront tells alike is none: nothing is told of a cost within one step of its rounding.
    `sells`: product → the change that the site holds. `items`: the table's, as they are, in DynamoDB's JSON.
    """
    names = (f"{STOREFRONT}{storefront_id}", f"{RULE}{storefront_id}#")
    views = [_view(raw, storefront_id) for raw in items if raw["sk"]["S"].startswith(names)]
    for change in (item_of(ChangeItem, raw).change() for raw in items if raw["pk"]["S"].startswith(PRODUCT)):
        held = sells.get(change.product_id)
        if not held or change.at >= rfc3339(asked - LAG) or change.revision <= int(held["sequence"].rpartition(".")[2]):
            continue
        if all(entry(ParsedChange(change), view).get("product") != held["product"] for view in views):
            yield f"{change.product_id} of {change.at} was passed over by who asked at {rfc3339(asked)} and has {held['sequence']}"


def _view(raw: Mapping[str, Any], storefront_id: str) -> SiteView:
    """By one of the storefront's rules; it sells in its suppliers' currencies."""
    item = item_of(RuleItem, raw)
    return SiteView(storefront_id, item.pk, int(item.since), item.rule(), NO_RATES)
