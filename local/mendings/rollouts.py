"""Rollouts on the emulator, which knows no CodeDeploy: an alias moves at once, and what would say how slowly is a name and no more."""

from typing import Any

from ministack.services.cloudformation import provisioners

KINDS = ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup")


def mend() -> None:
    for kind in KINDS:
        provisioners._RESOURCE_HANDLERS.setdefault(kind, {"create": _named, "update": _kept, "delete": _gone})


def _named(logical_id: str, _properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
    return provisioners._physical_name(stack, logical_id), {}


def _kept(name: str, *_: Any) -> tuple[str, dict[str, Any]]:
    return name, {}


def _gone(*_: Any) -> None:
    pass
