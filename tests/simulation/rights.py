"""What the services ask of AWS in some schedules, faults and all, as JSON: handler → (action, resource).

python -m tests.simulation.rights     (a process of its own: the stand-ins stay in place for as long as it lives)
"""

import json
import logging
from collections import defaultdict

from simulation.aws.rights import RUNNING, Right, rights_of
from simulation.schedule import run, theatre

SEEDS = (*range(1, 26), 910033)
"""The last overtakes a feed's row by a request."""

if __name__ == "__main__":
    logging.disable()
    found, door = defaultdict[str, set[Right]](set), theatre().place.door
    door.heard = lambda service, operation, raw: found[RUNNING.get()].update(rights_of(service, operation, raw))
    for seed in SEEDS:
        run(seed)
    print(json.dumps({handler: sorted(rights) for handler, rights in found.items() if handler}))
