"""Runs the kit on every plug-in of the lock, one after another, and prints each table.

python -m conformance [--only ID …] [--pytest ARGUMENT …]
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator

from shared.providers.registry import lock


def entries(only: list[str]) -> Iterator[tuple[str, str]]:
    """Plug-in id → entry, of all families."""
    for family in lock().values():
        yield from ((i, locked["entry"]) for i, locked in family.items() if not only or i in only)


def main() -> int:
    """Answers how many plug-ins did not pass."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description="try every provider plug-in that is shipped")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="these plug-ins alone")
    parser.add_argument("--pytest", nargs="+", default=[], metavar="ARGUMENT", help="handed on, such as -x")
    asked = parser.parse_args()
    failed = []
    for plugin_id, entry in entries(asked.only):
        command = [sys.executable, "-m", "pytest", "--plugin", entry, *asked.pytest]
        if subprocess.run(command, check=False).returncode:
            failed.append(plugin_id)
    print(f"not green: {', '.join(failed)}" if failed else "every plug-in is green")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
