"""One text for all that a deployment is made of: as long as it is the same, there is nothing to deploy."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.templates import ROOT

DEPLOYED = ("template.yaml", "infra", "functions", "shared", "sdk/monsoon_plugin", "local/deploy.py")
"""Files, and folders of files: what artefacts and templates are made from, and what makes them."""
LEFT_OUT = ("__pycache__", "tests", "papers")


def fingerprint(*more: str, root: Path = ROOT) -> str:
    """Of the project's files at `root` as they are now, this Python, and `more` that a deployment depends on."""
    found = hashlib.sha256(repr((sys.version, more)).encode())
    for path in sorted(_files(root)):
        found.update(f"\n{path.relative_to(root)} {path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for place in (root / name for name in DEPLOYED):
        found = place.rglob("*") if place.is_dir() else [place]
        yield from (path for path in found if path.is_file() and not set(path.relative_to(root).parts) & set(LEFT_OUT))
