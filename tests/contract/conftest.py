"""The project as contract tests see it: its services, their source, and each of them set up with resources of its own."""

import ast
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ulid import ULID

from infra.artefact import is_test_part
from shared.api.service import Service
from shared.aws.objects import S3Objects
from shared.trade.reference_data import load
from tests.conftest import ROOT, aws, kms_key, tables
from tests.unit.accounts.fakes import FakePool

FUNCTIONS = ROOT / "functions"
Equip = Callable[[str], Any]
PLAIN = {
    "PROVIDER_BASES": "{}", "PLUGIN_FUNCTIONS": "", "PAYOUT_HOLD_DAYS": "14", "UNPAID_MINUTES": "60", "COMMISSION_PER_MILLE": "0",
    "STAGE": "test", "FIGURES": "no", "BUYERS_TEXTS": "sealed",
}  # fmt: skip
"""Variables that name no resource."""
SHARED = ("KEYS_TABLE", "CREDENTIALS_KEY")
"""What several services have in common: one seals, another opens."""
GIVEN: dict[str, dict[str, Any]] = {"accounts": {"pool": FakePool()}}
"""Parts that the environment does not make here: Cognito's rules are Cognito's, so a pool in memory stands for it."""


def folders() -> list[str]:
    """Every folder under functions/ that has an entry point."""
    return sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))


def handler(folder: str) -> Any:
    return import_module(f"functions.{folder}.handler")


def bootstrap(folder: str) -> Any:
    return import_module(f"functions.{folder}.bootstrap")


def services() -> list[str]:
    """Every folder whose handler answers HTTP."""
    return [folder for folder in folders() if hasattr(handler(folder), "app")]


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    """The service's files that run, with their syntax trees; not what tries its plug-ins."""
    for path in sorted((FUNCTIONS / folder).rglob("*.py")):
        if not is_test_part(path.relative_to(FUNCTIONS / folder)):
            yield path, parsed(path.read_text())


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a file's text, made once: a dozen tests look at each file, and an artefact's files are the project's."""
    return ast.parse(text)


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a syntax tree that `parsed` made."""
    return tuple(ast.walk(tree))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def settings_classes(folder: str) -> dict[type, set[str]]:
    """Each record that a part of the service's `Services`, or of what it extends, asks for by `self.settings(…)` → its variables."""
    asked = [
        getattr(sys.modules[made.__module__], node.args[0].id)
        for made in bootstrap(folder).Services.__mro__[:-1]
        for node in ast.walk(ast.parse(inspect.getsource(made)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self.settings" and isinstance(node.args[0], ast.Name)
    ]
    return {kind: {field.name.upper() for field in fields(kind)} for kind in asked}


def variables(folder: str) -> set[str]:
    """The variables that any of the service's parts asks for."""
    return set().union(*settings_classes(folder).values())


@pytest.fixture
def equipped(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Equip:
    """`equipped("orders")` gives the service an empty table, a secret, buckets, a key and a queue; answers its app and entry points."""
    return partial(equip, make_table, monkeypatch)


@pytest.fixture(scope="module")
def equipped_once(_moto: Any) -> Iterator[Equip]:
    """`equipped`, but each service once for all tests of the file: for those that ask nothing of what is stored."""
    with tables() as make_table, pytest.MonkeyPatch.context() as monkeypatch:
        yield cache(partial(equip, make_table, monkeypatch))


def equip(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, folder: str) -> Any:
    for name in variables(folder) - {name for name in SHARED if name in os.environ}:
        monkeypatch.setenv(name, make_table(name[:-6].lower()) if name.endswith("_TABLE") else resource(name))
    made, services = handler(folder), bootstrap(folder).Services(**GIVEN.get(folder, {}))
    entries = {name: entry for name, entry in vars(made).items() if is_dataclass(type(entry)) and hasattr(entry, "services")}
    others = {name: replace(entry, services=lambda: services) for name, entry in entries.items()}
    return SimpleNamespace(app=Service(folder, lambda: services, getattr(made, "ROUTES", ())), services=services, **others)


def resource(variable: str) -> str:
    """A resource of the kind that `variable` names, in moto; its name, URL or ARN."""
    if variable.endswith("_BUCKET"):
        return bucket(variable.lower().replace("_", "-"))
    if variable.endswith("_SECRET"):
        return str(aws("secretsmanager").create_secret(Name=str(ULID()), SecretString="s" * 64)["ARN"])
    if variable == "CREDENTIALS_KEY":
        return kms_key()
    if variable.endswith("_QUEUE_URL"):
        return str(aws("sqs").create_queue(QueueName=variable.lower())["QueueUrl"])
    return PLAIN.get(variable, "http://127.0.0.1:9")


def bucket(name: str) -> str:
    """A bucket with the operator's lists as short as they may be."""
    aws("s3").create_bucket(Bucket=name)
    lists = S3Objects(name, aws("s3"))
    for language in ("en", "zh-CN"):
        load(lists, f"taxonomy/{language}", "1", [["hg", "Home"], ["hg-3", "Decor"], ["hg-3-2", "Vases"]])
    load(lists, "attributes/en", "1", [["color", "Color", [["red", "Red"]]]])
    for language in ("en", "zh"):
        load(lists, f"words/{language}", "1", [["brass knuckles", "refuse"]])
    load(lists, "dangerous-goods", "1", [["matches", "1331", "4.1"]])
    return name
