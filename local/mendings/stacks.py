"""Nested stacks on the emulator: an update leaves a resource its name, and one that does not change its attributes.

Else a hub that was upgraded lost the data of the one before. Its bus, changed in one place, lost every queue's ARN. And a table, changed
in any place, was replaced by an empty one of another name: when a nested stack is made, names depend on the buckets made before them,
and no update remembers that.
"""

from typing import Any

from ministack.services.cloudformation import _stacks, provisioners

_update, _name = provisioners._update_resource, provisioners._physical_name


def mend() -> None:
    provisioners._update_resource = _updated
    provisioners._physical_name = _kept_name


def _updated(*told: Any) -> Any:
    """As the emulator's own, which stacks tell the attributes of before, last, and stacks nested in them do not."""
    of_what, known = told[:6], next(iter(told[6:]), None)
    return _update(*of_what, known or _record(*of_what[4:]).get("Attributes"))


def _kept_name(stack: str, logical_id: str, **form: Any) -> str:
    """The generated name that the resource bears, unless it is being replaced: then there is a seed for a new one."""
    borne = str(_record(stack, logical_id).get("PhysicalResourceId", ""))
    generated = borne.lower().startswith(f"{stack}-{logical_id}-".lower())
    return borne if generated and not provisioners._NAME_SEED.get() else _name(stack, logical_id, **form)


def _record(stack: str, logical_id: str) -> dict[str, Any]:
    """What the stack knows of a resource; nothing if it has none of the name."""
    found: dict[str, Any] = (_stacks.get(stack) or {}).get("_resources", {}).get(logical_id, {})
    return found
