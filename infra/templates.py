"""Reads the project's CloudFormation templates with their short tags: `!Ref x` becomes {"Ref": "x"}."""

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
ALIAS = "live"
"""What whoever calls a function of the hub names of it: the version that is in use, or while one takes over from another, either."""


class CloudFormation(yaml.CSafeLoader):
    """YAML with CloudFormation's tags."""


def _tag(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    construct = loader.construct_sequence if isinstance(node, yaml.SequenceNode) else loader.construct_mapping
    return {name: construct(node, deep=True)}


CloudFormation.add_multi_constructor("!", _tag)


def template(path: str = "template.yaml") -> dict[str, Any]:
    """A template of the project as plain data, the caller's own; `path` is relative to the project."""
    found: dict[str, Any] = pickle.loads(_read(path))  # what `_read` wrote; `deepcopy` takes three times as long
    return found


@cache
def _read(path: str) -> bytes:
    return pickle.dumps(yaml.load((ROOT / path).read_text(encoding="utf-8"), CloudFormation))


def functions() -> dict[str, dict[str, Any]]:
    """The template's Lambda functions by logical id: their Properties."""
    resources = template()["Resources"]
    return {name: body["Properties"] for name, body in resources.items() if body["Type"] == "AWS::Serverless::Function"}


def service_of(properties: dict[str, Any]) -> str:
    """The service that a function belongs to: the second word of its handler, `functions.<service>.<module>.<entry>`."""
    return str(properties["Handler"]).split(".")[1]
