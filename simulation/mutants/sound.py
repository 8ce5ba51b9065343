"""Plays every recorded seed with no bug in it: a seed that fails then has found no mutant.

python -m simulation.mutants.sound
"""

import json
import logging
import sys

from simulation.chance import fix_hashes
from simulation.mutants.catalogue.recorded import RECORDED
from simulation.schedule import run


def main() -> int:
    """Print, as JSON, which mutants' seeds fail by themselves, and what they break."""
    logging.disable()
    broken = {name: violations[0].invariant for name, (seed, _) in RECORDED.items() if (violations := run(seed).violations)}
    print(json.dumps(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    fix_hashes()
    sys.exit(main())
