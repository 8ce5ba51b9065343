"""Looks at what a wheel brought, in a process of its own: whoever wrote it, the runner goes on.

python -m local.wheels.check FOLDER ANSWER    writes [{kind, id, line}, …] to the file ANSWER, or ends with a sentence that says why it is
not taken. What the wheel prints is nobody's business.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

from infra.provider_lock import NotAsDeclared, line_of
from monsoon_plugin.plugin import Kind
from shared.providers.registry import loaded, lock

API = 1
"""The version of the plug-ins' contract that this hub speaks."""
ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


class NotTaken(Exception):
    """Why, for the author."""


def plugins_in(folder: Path) -> list[dict[str, Any]]:
    """The plug-ins of a wheel that was unpacked into `folder`. Raises NotTaken."""
    _refuse_what_the_hub_has(folder)
    found = [_plugin(kind, name, value) for kind, name, value in _entry_points(folder)]
    if not found:
        raise NotTaken(f"it declares no plug-in: an entry point in {', '.join(f'monsoon.{kind}' for kind in get_args(Kind))}")
    return found


def _entry_points(folder: Path) -> Iterator[tuple[str, str, str]]:
    for distribution in distributions(path=[str(folder)]):
        for point in distribution.entry_points:
            if (kind := point.group.removeprefix("monsoon.")) in get_args(Kind) and point.group.startswith("monsoon."):
                yield kind, point.name, point.value


def _refuse_what_the_hub_has(folder: Path) -> None:
    """A package of the hub's, or of its environment, would be hidden by the wheel's in every function of the family."""
    for path in folder.iterdir():
        name = path.name.removesuffix(".py")
        if name.isidentifier() and name != "__pycache__" and (path.is_dir() or path.suffix == ".py") and find_spec(name) is not None:
            raise NotTaken(f"it brings a module `{name}`, which the hub has already")


def _plugin(kind: str, plugin_id: str, entry: str) -> dict[str, Any]:
    if not ID.fullmatch(plugin_id):
        raise NotTaken(f"`{plugin_id}` is no id: 2 to 40 of a-z, 0-9 and _, a letter first")
    if shipped := [family for family, known in lock().items() if plugin_id in known]:
        raise NotTaken(f"`{plugin_id}` is a {shipped[0]} plug-in that Monsoon ships: choose an id of your own")
    sys.path.insert(0, sys.argv[1])
    try:
        if (api := loaded(entry).manifest.api) != API:
            raise NotTaken(f"{plugin_id} is written for version {api} of the plug-ins' contract; this hub speaks version {API}")
        return {"kind": kind, "id": plugin_id, "line": line_of(kind, plugin_id, entry)}
    except (NotTaken, NotAsDeclared) as error:
        raise NotTaken(str(error)) from error
    except ModuleNotFoundError as error:
        raise NotTaken(f"{entry} needs the module `{error.name}`, which the hub's environment lacks") from error
    except Exception as error:
        raise NotTaken(f"{entry} cannot be imported and asked what it is: {type(error).__name__}: {error}") from error


def main() -> int:
    """The exit status."""
    try:
        told = json.dumps(plugins_in(Path(sys.argv[1])))
    except NotTaken as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except BaseException as error:  # SystemExit, KeyboardInterrupt: whatever else its code may raise
        print(f"importing it ends the process: {type(error).__name__}({error})", file=sys.stderr, flush=True)
        return 1
    Path(sys.argv[2]).write_text(told)
    return 0


if __name__ == "__main__":
    os._exit(main())  # at once: a thread that the wheel began may go on for ever
