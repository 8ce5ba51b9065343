"""What a function's own code imports of other people's lies in its layers: the laptop has everything installed, Lambda has not."""

from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.layer import FOR_ALL, pins
from infra.reached_modules import imports_and_texts
from shared.providers.registry import lock
from tests.conftest import ROOT
from tests.contract.conftest import folders

FAMILIES = {
    "pictures": "pictures", "uploads": "uploads", "storefronts": "search", "payments": "payments", "shipping": "shipping",
    "settlement": "settlement", "orders": "orders",
}  # fmt: skip
"""Service → the lock of its layer, beside the one that all have."""
OWN_FUNCTION = {"ups", "fedex", "usps", "mydhl"}
"""Plug-ins that run in `Carriers`, with a layer of its own."""
DISTRIBUTIONS = packages_distributions()
ALONE = {"chalice"}
"""Copied into the layer without its dependencies (infra/layer.py)."""


def file_of(module: str) -> Path | None:
    """Our own module's file; None for others' modules and for names in one."""
    path = ROOT / (module.replace(".", "/") + ".py")
    return path if path.exists() else None


def reached(*modules: str) -> set[str]:
    """The top-level packages of others that our modules import, and those that they import."""
    ours, theirs, waiting = set[str](), set[str](), list(modules)
    while waiting:
        module = waiting.pop()
        if (path := file_of(module)) is not None and module not in ours:
            ours.add(module)
            waiting += imports_and_texts(path.read_bytes(), module.rpartition(".")[0])[0]
        elif path is None and module.partition(".")[0] in DISTRIBUTIONS:
            theirs.add(module.partition(".")[0])
    return theirs


def missing(packages: set[str], *layers: str) -> set[str]:
    """Those that no distribution of the layers holds."""
    held = set().union(*(pins(layer) for layer in layers))
    return {package for package in packages if not held & {name.lower().replace("_", "-") for name in DISTRIBUTIONS[package]}}


def modules_of(folder: str) -> list[str]:
    """The service's own, without its plug-ins."""
    return [f"functions.{folder}.{path.stem}" for path in (ROOT / "functions" / folder).glob("*.py")]


@pytest.mark.parametrize("folder", folders())
def test_a_service_finds_its_imports_in_its_layers(folder: str):
    theirs = reached(*(module for module in modules_of(folder) if not module.endswith(".karrio_handler")))
    assert missing(theirs, FOR_ALL, *([FAMILIES[folder]] if folder in FAMILIES else [])) - ALONE == set()


@pytest.mark.parametrize(
    ("service", "plugin_id", "entry"),
    [
        (service, plugin_id, locked["entry"])
        for service, kind in (("payments", "payment"), ("shipping", "courier"), ("settlement", "clearing"))
        for plugin_id, locked in lock()[kind].items()  # type: ignore[index]
    ],
)
def test_a_plug_in_finds_its_imports_in_its_layers(service: str, plugin_id: str, entry: str):
    layer = "carriers" if plugin_id in OWN_FUNCTION else FAMILIES[service]
    assert missing(reached(entry.partition(":")[0]), FOR_ALL, layer) - ALONE == set()
