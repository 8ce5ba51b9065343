"""Shards of subscriptions: whom a message to a shard reaches, and how each storefront sees.

Why a site that keeps the greatest sequence ends level with the hub:

* A delivery worker reads in this order: the changes (consistently), the shard's head (consistently), the routes, which a
  process keeps for as long as the head's generation stays. The rates are read last.
* A new rule is written in this order: the rule, its subscriptions' routes, the generation of their shards' heads; then a walk is
  sent for, to begin after WALK_DELAY, by when the log shows what was written before, be its index behind or not (change_store.py).
* So a worker whose head was older than the rule had read its changes before the head was raised, and the walk, which reads the
  log later, finds each of them, or a newer one, and tells it by the new rule. A worker whose head was newer told it by the new
  rule itself. Either way what is told last carries the newest rule and the newest change, and the greatest sequence.
* The same holds for what is not sent: a worker that skipped a lagging endpoint had read its changes before the endpoint became
  active (the head is raised by that too), and the pass that follows WALK_DELAY later brings them. Rates are walked RATES_DELAY
  after a new day was seen, when no process keeps an older day's: a storefront that begins to convert later knows no other.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from functions.fanout.product_change import INDEX_LAG
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.signed_delivery import Target
from functions.fanout.webhooks.subscription import Subscription
from monsoon_plugin.clock import Clock
from shared.trade.fx import Rates

MOST_ROUTES = 1000
"""Subscriptions of a shard."""
KEPT_SHARDS = 8
"""Shards whose routes a process keeps."""
WALK_DELAY = timedelta(seconds=10)
RATES_DELAY = timedelta(seconds=90)
RECENT = INDEX_LAG
"""What changed so shortly before a new rule is told in full: the walk may be shown what was before it, by the index, or another worker may
have read that, and told it later."""
SiteViewOf = Callable[[Rates], SiteView]


@dataclass(frozen=True, slots=True)
class Route:
    """A subscription in its shard, with a copy of its storefront's rule."""

    subscription: Subscription
    view: SiteViewOf


class ShardRoutes(Protocol):
    def generation(self, shard: int) -> int:
        """The shard's, as of now; 0 if it has no subscription yet."""
        ...

    def routes(self, shard: int) -> Sequence[Route]:
        """All of the shard, as of now."""
        ...


class RouteCache:
    """The routes that a process keeps, read anew when the head of their shard has risen."""

    def __init__(self, routes: ShardRoutes, rates: Callable[[str], Rates], secret: Callable[[], str], clock: Clock) -> None:
        """`rates`: of a day or later, so that no site is told of an earlier day's than before."""
        self._routes, self._rates, self._secret, self._clock = routes, rates, secret, clock
        self._kept: OrderedDict[int, tuple[int, list[Route]]] = OrderedDict()
        self._targets: dict[int, tuple[tuple[int, Rates, str], list[Target]]] = {}

    def targets(self, shard: int) -> Sequence[Target]:
        """All subscriptions of the shard, as of now. Call it after the changes have been read."""
        routes = self._of(shard)
        rates, secret = self._rates(max((route.subscription.walked_day for route in routes), default="")), self._secret()
        state = (self._kept[shard][0], rates, secret)
        known = self._targets.get(shard)
        if known is None or known[0] != state:
            now = self._clock()
            known = self._targets[shard] = (state, [Target(r.subscription, r.view(rates), secret, now) for r in routes])
        return known[1]

    def _of(self, shard: int) -> list[Route]:
        generation = self._routes.generation(shard)
        kept = self._kept.get(shard)
        if kept is None or kept[0] != generation:
            kept = (generation, list(self._routes.routes(shard)))
            while len(self._kept) >= KEPT_SHARDS and shard not in self._kept:
                self._targets.pop(self._kept.popitem(last=False)[0], None)
        self._kept[shard] = kept
        self._kept.move_to_end(shard)
        return kept[1]
