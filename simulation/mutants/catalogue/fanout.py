"""Bugs in fanout: what client sites are told."""

from simulation.mutants.mutant import Mutant

FANOUT = (
    Mutant(
        "client sites are told of a link that was undone",
        "functions/fanout/change_store.py",
        "item.set(change.trade_item) if change.trade_item else item.remove(),",
        "*([item.set(change.trade_item)] if change.trade_item else []),",
    ),
    Mutant(
        "a link is not told",
        "functions/catalog/offers/told.py",
        'trade_item=offer.link.item if offer.link and (offer.stands_alone or not offer.product.variants) else "",',
        'trade_item="",',
    ),
    Mutant(
        "client sites are told old news of a product",
        "functions/fanout/change_store.py",
        "        if int(_held_item(change.product_id, counter.attr_name) or 0) >= version:\n            return False\n"
        "        return self._write_once(change, counter, version, told, unchanged)\n",
        "        return bool(_update(change, [counter.set(version), *told], counter.does_not_exist() | (counter >= 0)))\n",
    ),
    Mutant(
        "a client site's cursor passes what an index does not show yet",
        "functions/fanout/change_store.py",
        "        found = self.changes({product_of(at) for at in announced}) if announced else []\n",
        "        found = list[ProductChange]()\n",
    ),
    Mutant(
        "an endpoint that does not take an event is not told it again",
        "functions/fanout/webhook_delivery/delivery_worker.py",
        "                if not outcome.taken:\n                    self.states",
        "                if outcome.status == 410:\n                    self.states",
    ),
    Mutant(
        "an endpoint that is away is not told what changed meanwhile",
        "functions/fanout/webhook_delivery/catch_up.py",
        "            page = self.changes.between(str(job.partition), reading.start, job.until, MOST_CHANGES)\n",
        "            pass\n",
    ),
    Mutant(
        "an endpoint that is enabled again goes on from now",
        "functions/fanout/webhooks/subscription.py",
        'return self._with(state="lagging", failures=0, next_at=rfc3339(now), due_at=rfc3339(now + NET))',
        'return self._with(state="lagging", failures=0, next_at=rfc3339(now), due_at=rfc3339(now + NET), since=rfc3339(now))',
    ),
    Mutant(
        "nobody is told that an endpoint was given up",
        "functions/fanout/webhooks/subscription_states.py",
        'disabled = changed.state == "disabled" and found.state != "disabled"',
        "disabled = False",
    ),
    Mutant(
        "an endpoint that was given up does not say since when",
        "functions/fanout/webhooks/subscription.py",
        'return self._with(state="disabled", reason=reason, next_at="", due_at="")',
        'return self._with(state="disabled", reason=reason, next_at="", due_at="", since="")',
    ),
)
