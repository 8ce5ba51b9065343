"""Template parameters that a person passes to the hub on this machine: `PayoutHoldDays=0 CommissionPerMille=50`."""

import json
import re
from collections.abc import Mapping
from typing import Any

from infra.templates import template
from local.conditions.refusals import BadParameter

OURS = ("Stage", "DependencyLayer", "CognitoEndpoint", "OidcIssuer", "Tracing", "Alarms")
"""Those that the runner itself must set, or leave: the demo's people sign in at the emulator's pool."""


def known() -> dict[str, dict[str, Any]]:
    """The template's parameters that a person may set here."""
    return {name: body for name, body in template()["Parameters"].items() if name not in OURS}


def parameters_of(text: str) -> dict[str, str]:
    """`Name=value Name=value`, checked by what the template says; a value may hold spaces and `=`. Raises BadParameter."""
    found: dict[str, str] = {}
    for part in re.split(r"\s+(?=[A-Za-z]\w*=)", text.strip()):
        name, equals, value = part.partition("=")
        if part and not equals:
            raise BadParameter(f"{part} is no parameter: write Name=value, several with spaces between")
        if part:
            found[name] = value
    check(found, known())
    return found


def check(given: Mapping[str, str], allowed: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises BadParameter for a name that is not `allowed`, or a value that breaks its rules."""
    for name, value in given.items():
        if name in OURS and name not in allowed:
            raise BadParameter(f"{name} is set by the runner: a hub on this machine works with no other value")
        if name not in allowed:
            raise BadParameter(f"the template has no parameter {name}: there are {', '.join(sorted(allowed))}")
        if broken := _broken(value, allowed[name]):
            raise BadParameter(f"{name}={value}: {broken} ({allowed[name].get('Description', 'see template.yaml')})")


def _broken(value: str, rules: Mapping[str, Any]) -> str:
    """Which rule of CloudFormation's `value` breaks, in words; empty if none."""
    if "AllowedValues" in rules and value not in map(str, rules["AllowedValues"]):
        return f"must be one of {', '.join(map(str, rules['AllowedValues']))}"
    if "AllowedPattern" in rules and re.fullmatch(rules["AllowedPattern"], value) is None:
        return f"must match {rules['AllowedPattern']}"
    if rules.get("Default") == "{}" and not _is_object(value):
        return "must be a JSON object"
    if rules["Type"] == "Number":
        least, most = rules.get("MinValue", "any"), rules.get("MaxValue", "any")
        if re.fullmatch(r"-?\d+", value) is None or (least != "any" and int(value) < least) or (most != "any" and int(value) > most):
            return f"must be a whole number from {least} to {most}"
    return ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
