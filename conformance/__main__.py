"""Runs the kit on every plug-in of the lock, one after another, and prints each table.

python -m conformance [--only ID …] [--pytest ARGUMENT …]
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from shared.providers.registry import lock


def entries(only: list[str]) -> Iterator[tuple[str, str, str]]:
    """Plug-in id, entry and trial, of all families; the usual trial is an empty text, and a `trial_….py` beside it is another."""
    for family in lock().values():
        for plugin_id, locked in family.items():
            if not only or plugin_id in only:
                yield from ((plugin_id, locked["entry"], trial) for trial in ("", *more_trials(locked["entry"])))


def more_trials(entry: str) -> list[str]:
    """The modules beside a plug-in that try other ways of it than its usual trial."""
    folder = entry.partition(":")[0].rpartition(".")[0]
    found = find_spec(folder) if folder else None
    places = (found.submodule_search_locations if found else None) or ()
    return sorted(f"{folder}.{path.stem}" for place in places for path in Path(place).glob("trial_*.py"))


def main() -> int:
    """Answers how many plug-ins did not pass."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description="try every provider plug-in that is shipped")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="these plug-ins alone")
    parser.add_argument("--pytest", nargs="+", default=[], metavar="ARGUMENT", help="handed on, such as -x")
    asked = parser.parse_args()
    failed = []
    for plugin_id, entry, trial in entries(asked.only):
        command = [sys.executable, "-m", "pytest", "--plugin", entry, "--trial", trial, *asked.pytest]
        if subprocess.run(command, check=False).returncode:
            failed.append(trial or plugin_id)
    print(f"not green: {', '.join(failed)}" if failed else "every plug-in is green")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
