"""Writes shared/providers/providers.json: which plug-ins there are, from entry points; with manifest, form and capability of each.

python -m tools.providers           writes it
python -m tools.providers --check   only says whether it is up to date
"""

import argparse
import json
import sys
import tomllib
from importlib.metadata import entry_points
from typing import Any, get_args

from pydantic_core import to_jsonable_python

from infra.templates import ROOT
from monsoon_plugin.plugin import Kind, form_of
from shared.providers.registry import LOCK, loaded


def document() -> str:
    """What the lock shall hold."""
    found = {kind: {i: described(kind, i, entry) for i, entry in sorted(entries(kind).items())} for kind in get_args(Kind)}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def entries(kind: str) -> dict[str, str]:
    """This project's own plug-ins, and those of what is installed beside it."""
    own: dict[str, dict[str, str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    installed = {point.name: point.value for point in entry_points(group=f"monsoon.{kind}")}
    return installed | own.get(f"monsoon.{kind}", {})


def described(kind: str, plugin_id: str, entry: str) -> dict[str, Any]:
    """One plug-in's line of the lock. Ends the program where its manifest says another id or family."""
    plugin = loaded(entry)
    manifest = plugin.manifest
    if (manifest.id, manifest.kind) != (plugin_id, kind):
        raise SystemExit(f"{entry} is the {manifest.kind} plug-in {manifest.id}: declare it as that, not as {kind} {plugin_id}")
    told = {name: getattr(manifest, name) for name in ("version", "name", "allowed_hosts", "fees")}
    return {
        "entry": entry, "manifest": to_jsonable_python(told), "form": form_of(plugin.config_model),
        "capability": plugin.capability(None).model_dump(mode="json"),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="lock the list of provider plug-ins")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the lock is not up to date")
    text = document()
    if not parser.parse_args().check:
        LOCK.write_text(text)
        print(f"{LOCK.relative_to(ROOT)}: {', '.join(i for kind in json.loads(text).values() for i in kind)}")
    elif text != LOCK.read_text():
        sys.exit(f"{LOCK.relative_to(ROOT)} is out of date: run `make providers`")
