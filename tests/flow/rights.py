"""What a hub on the emulator let its functions do, told as the template tells of it: function, action, resource."""

from fnmatch import fnmatchcase
from typing import Any

from infra.granted_rights import Right, granted, output_name
from infra.rights_by_aws import is_by_aws
from infra.templates import functions
from local.deploy import STACK
from local.stack import Stack
from tests.flow import inside
from tests.simulation.asked import asked

Use = tuple[str, Right]
"""A function by its logical id, and a right that it used."""


def run_schedules(hub: Stack) -> None:
    """Every schedule's function once: some come so seldom that a quick run of the tests is over before."""
    for name in (name for name, made in functions().items() if "Schedule" in _kinds(made)):
        inside.run(hub, name)


def _kinds(function: dict[str, Any]) -> set[str]:
    return {event["Type"] for event in function.get("Events", {}).values()}


def _logical(name: str) -> str:
    """`monsoon-local-OrdersSweep-1A2B` → OrdersSweep."""
    return name.removeprefix(f"{STACK}-").rsplit("-", 1)[0]


ELSEWHERE = frozenset({"cloudfront:CreateInvalidation Distribution"})
"""Of what is made on AWS alone: no emulator has caches of CloudFront's."""


def used(hub: Stack) -> tuple[set[Use], set[Use]]:
    """What functions asked and might do, and what they were refused."""
    arns = _outputs(hub)
    asked = hub.emulator.rights()
    assert asked is not None, "the emulator does not say what functions asked"
    may, denied = set[Use](), set[Use]()
    for function, action, arn, allowed in asked:
        (may if allowed else denied).add((_logical(function), (action, _named(arn, arns))))
    return may, denied


def unused(uses: set[Use]) -> dict[str, set[str]]:
    """What functions are granted and neither `uses` nor the simulator's schedules took: function → `action resource`."""
    schedules, found = asked(), dict[str, set[str]]()
    for function, made in functions().items():
        took = schedules.get(made["Handler"], set()) | {right for by, right in uses if by == function}
        left = {f"{action} {resource}" for action, resource in granted(function) if not _taken(action, resource, took)}
        if left := {right for right in left - ELSEWHERE if not is_by_aws(right)}:
            found[function] = left
    return found


def _taken(action: str, resource: str, took: set[Right]) -> bool:
    return any(action == known and fnmatchcase(name, resource) for known, name in took)


def _outputs(hub: Stack) -> dict[str, str]:
    """ARN → the name of the nested stacks' output that tells of it."""
    stacks = hub.client("cloudformation").describe_stacks()["Stacks"]
    told = [output for stack in stacks for output in stack.get("Outputs", [])]
    return {output["OutputValue"]: output["OutputKey"] for output in told if output["OutputValue"].startswith("arn:")}


def _named(arn: str, outputs: dict[str, str]) -> str:
    whole, _, below = arn.partition("/index/") if ":dynamodb:" in arn else arn.partition("/") if ":s3:" in arn else (arn, "", "")
    if whole not in outputs:
        return arn.split(":", 5)[-1]
    below = f"/index/{below}" if below and ":dynamodb:" in arn else f"/{below}" if below else ""
    return output_name(f"Outputs.{outputs[whole]}") + below
