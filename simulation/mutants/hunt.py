"""Looks for a mutant in a process of its own: by its recorded seed, or by fresh ones until one catches it.

python -m simulation.mutants.hunt NAME --seed 7 --most 200
"""

import argparse
import json
import logging
import sys

from simulation.chance import fix_hashes
from simulation.mutants.catalogue.all import ALL

NOT_FOUND = 3


def main() -> int:
    """Print, as JSON, the seed that caught the mutant and the invariant that it broke; null if none did."""
    parser = argparse.ArgumentParser(description="Look for one mutant.")
    parser.add_argument("name", choices=sorted(ALL))
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--most", type=int, default=1)
    asked = parser.parse_args()
    logging.disable()
    ALL[asked.name].switch_on()
    from simulation.schedule import run  # noqa: PLC0415 (only now: the mutant must be on before the services are imported)

    for seed in range(asked.seed, asked.seed + asked.most):
        violations = run(seed).violations
        if violations:
            print(json.dumps({"seed": seed, "invariant": violations[0].invariant, "told": violations[0].told[-300:]}))
            return 0
    print("null")
    return NOT_FOUND


if __name__ == "__main__":
    fix_hashes()
    sys.exit(main())
