"""A new plug-in's folder: a copy of the templates, which are a plug-in named acme that offers everything and has written nothing."""

import keyword
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from monsoon_plugin.plugin import Kind
from shared.providers.registry import lock

TEMPLATES = Path(__file__).with_name("templates")
TEXTS = frozenset({".py", ".toml", ".md"})
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""Of a manifest's id (the kit's `test_the_manifest_is_whole`)."""


class Refused(Exception):
    """Nothing was written; the text says what to give instead."""


def wanted(kind: str, name: str) -> None:
    """Raises Refused for a family that there is not, and for a name that is no id, no package or taken."""
    if kind not in get_args(Kind):
        raise Refused(f"KIND={kind}: choose one of {', '.join(get_args(Kind))}")
    if not NAME.fullmatch(name):
        raise Refused(f"NAME={name}: 2 to 40 of a-z, 0-9 and _, a letter first, such as acme or acme_bank")
    taken = [family for family, plugins in lock().items() if name in plugins]
    if taken:
        raise Refused(f"NAME={name}: there is a {taken[0]} plug-in of that name")
    if keyword.iskeyword(name) or find_spec(name) is not None:
        raise Refused(f"NAME={name}: Python knows that name already; choose such as {name}_pay")


def written(kind: str, name: str, folder: Path) -> list[Path]:
    """Write a plug-in of the family `kind` into `folder`, which is new or empty; answers its files. Raises Refused."""
    wanted(kind, name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"FOLDER={folder}: it is not an empty folder; nothing was written")
    words = _words(kind, name)
    files = []
    for place, template in _templates(kind).items():
        file = folder / _said(str(place), words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_said(template.read_text(encoding="utf-8"), words), encoding="utf-8")
        files.append(file)
    return files


def _templates(kind: str) -> Mapping[Path, Path]:
    """Place in the folder → the template of what lies there."""
    parts = (TEMPLATES / "common", TEMPLATES / kind)
    return {file.relative_to(part): file for part in parts for file in sorted(part.rglob("*.*")) if file.suffix in TEXTS}


def title_of(name: str) -> str:
    """Its class: acme_bank → AcmeBank."""
    return "".join(part.capitalize() for part in name.split("_"))


def _words(kind: str, name: str) -> Mapping[str, str]:
    """What stands in the templates → what shall stand in the folder; a host's name takes no underscore."""
    title = title_of(name)
    host = f"{name.strip('_').replace('_', '-')}.example"
    wheel = f"monsoon_plugin_{name.strip('_')}"
    return {"acme.example": host, "FILE-": f"{wheel}-", "Acme": title, "acme": name, "monsoon.KIND": f"monsoon.{kind}", "KIND": kind}


def _said(text: str, words: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
