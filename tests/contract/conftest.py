"""The project as contract tests see it: its services, their source, their template."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

FUNCTIONS = ROOT / "functions"


def folders() -> list[str]:
    """Every folder under functions/ that has an entry point."""
    return sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))


def handler(folder: str) -> Any:
    return import_module(f"functions.{folder}.handler")


def services() -> list[str]:
    """Every folder whose handler answers HTTP."""
    return [folder for folder in folders() if hasattr(handler(folder), "app")]


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    """The service's files, with their syntax trees."""
    for path in sorted((FUNCTIONS / folder).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
