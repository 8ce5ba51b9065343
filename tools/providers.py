"""Writes shared/providers/providers.json: which plug-ins there are, from entry points; with manifest, form and capability of each.

python -m tools.providers           writes it
python -m tools.providers --check   only says whether it is up to date
"""

import argparse
import json
import sys
import tomllib
from importlib.metadata import entry_points
from typing import get_args

from infra.provider_lock import NotAsDeclared, line_of
from infra.templates import ROOT
from monsoon_plugin.plugin import Kind
from shared.providers.registry import LOCK


def document() -> str:
    """What the lock shall hold. Ends the program where a manifest says another id or family than its entry point."""
    try:
        found = {kind: {i: line_of(kind, i, entry) for i, entry in sorted(entries(kind).items())} for kind in get_args(Kind)}
    except NotAsDeclared as error:
        sys.exit(str(error))
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def entries(kind: str) -> dict[str, str]:
    """This project's own plug-ins, and those of what is installed beside it."""
    own: dict[str, dict[str, str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    installed = {point.name: point.value for point in entry_points(group=f"monsoon.{kind}")}
    return installed | own.get(f"monsoon.{kind}", {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="lock the list of provider plug-ins")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the lock is not up to date")
    text = document()
    if not parser.parse_args().check:
        LOCK.write_text(text)
        print(f"{LOCK.relative_to(ROOT)}: {', '.join(i for kind in json.loads(text).values() for i in kind)}")
    elif text != LOCK.read_text():
        sys.exit(f"{LOCK.relative_to(ROOT)} is out of date: run `make providers`")
