"""From the stream of changes to messages: one for each shard of subscriptions, whatever number of products it names.

The stream hands over as much as 100 changes, or what two seconds brought. So messages grow with the shards, never with the
subscriptions.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.fanout.product_change import moment_of
from functions.fanout.webhook_delivery.delivery_jobs import JobQueue, ShardJob
from functions.fanout.webhook_delivery.signed_delivery import MOST_CHANGES
from monsoon_plugin.clock import Clock
from shared.iteration import chunks

REMEMBERED = timedelta(seconds=5)
"""So long a new shard may be unknown to a planner; a new subscription's first reading makes it good."""
CHANGE, PRODUCT = "change", "product#"


class ChangePlanner:
    def __init__(self, shards: Callable[[], int], queue: JobQueue, new_id: Callable[[datetime], str], clock: Clock) -> None:
        """`shards`: how many there are."""
        self._shards, self._queue, self._new_id, self._clock = shards, queue, new_id, clock
        self._known: tuple[datetime, int] | None = None

    def plan(self, changed: Mapping[str, str]) -> None:
        """Have all shards told of these products' last changes (see `changed_products`). Raises if the queue did not take it all."""
        now = self._clock()
        if self._known is None or now >= self._known[0] + REMEMBERED:
            self._known = (now, self._shards())
        jobs = (
            ShardJob(id=self._new_id(now), shard=shard, product_ids=some, since={one: changed[one] for one in some if changed[one]})
            for some in chunks(changed, MOST_CHANGES)
            for shard in range(self._known[1])
        )
        self._queue.send(jobs)


def changed_products(records: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The products whose change these stream records wrote, each once, in their order. What is no change of a product is passed over.

    To each, where only its costs have changed, the moment at which the state before was written; else nothing.
    """
    images = [record.get("dynamodb", {}) for record in records if record.get("eventName") != "REMOVE"]
    found: dict[str, str] = {}
    for image in images:
        key = image.get("Keys", {})
        if key.get("sk", {}).get("S") == CHANGE and "S" in key.get("pk", {}):
            found.setdefault(str(key["pk"]["S"]).removeprefix(PRODUCT), _before(image))
    return found


def _before(image: Mapping[str, Any]) -> str:
    """Of several records the first: what it was before them all."""
    known = "earlier" in image.get("NewImage", {})
    return moment_of(str(image.get("OldImage", {}).get("at", {}).get("S", ""))) if known else ""
