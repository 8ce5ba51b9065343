"""From the stream of changes to messages: one for each shard of subscriptions, whatever number of products it names.

The stream hands over as much as 100 changes, or what two seconds brought. So messages grow with the shards, never with the
subscriptions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.fanout.webhook_delivery.delivery_jobs import JobQueue, ShardJob
from functions.fanout.webhook_delivery.signed_delivery import MOST_CHANGES
from monsoon_plugin.clock import Clock

REMEMBERED = timedelta(seconds=5)
"""So long a new shard may be unknown to a planner; a new subscription's first reading makes it good."""
CHANGE, PRODUCT = "change", "product#"


class ChangePlanner:
    def __init__(self, shards: Callable[[], int], queue: JobQueue, new_id: Callable[[datetime], str], clock: Clock) -> None:
        """`shards`: how many there are."""
        self._shards, self._queue, self._new_id, self._clock = shards, queue, new_id, clock
        self._known: tuple[datetime, int] | None = None

    def plan(self, product_ids: Sequence[str]) -> None:
        """Have all shards told of these products' last changes. Raises if the queue did not take it all."""
        now = self._clock()
        if self._known is None or now >= self._known[0] + REMEMBERED:
            self._known = (now, self._shards())
        jobs = (
            ShardJob(id=self._new_id(now), shard=shard, product_ids=list(product_ids[start : start + MOST_CHANGES]))
            for start in range(0, len(product_ids), MOST_CHANGES)
            for shard in range(self._known[1])
        )
        self._queue.send(jobs)


def changed_products(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The products whose change these stream records wrote, each once. What is no change of a product is passed over."""
    keys = [record.get("dynamodb", {}).get("Keys", {}) for record in records if record.get("eventName") != "REMOVE"]
    found = [str(key["pk"]["S"]) for key in keys if key.get("sk", {}).get("S") == CHANGE and "S" in key.get("pk", {})]
    return list(dict.fromkeys(pk.removeprefix(PRODUCT) for pk in found))
