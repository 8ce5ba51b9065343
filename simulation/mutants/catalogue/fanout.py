"""Bugs in fanout: what client sites are told."""

from simulation.mutants.mutant import Mutant

FANOUT = (
    Mutant(
        "client sites are told old news of a product",
        "functions/fanout/change_store.py",
        "        if int(_held_item(change.product_id, counter.attr_name) or 0) >= version:\n            return False\n"
        "        condition = counter.does_not_exist() | (counter < version)\n",
        "        condition = counter.does_not_exist() | (counter >= 0)\n",
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
)
