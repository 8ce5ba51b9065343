"""What a hub answered before an upgrade, and which of it the hub after answers otherwise. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

FRESH = frozenset({"payment_ticket", "order_ticket", "next", "cursor", "ticket", "url", "as_of", "last_used_at"})
"""Fields that are made anew with each answer, or name its moment."""
Picture = Mapping[str, Any]
"""Of each look, by its name, the JSON that was answered."""


def differences(before: Picture, after: Picture) -> list[str]:
    """What was answered and is not any more, or otherwise. Fields that came with the upgrade are none."""
    return [found for look, told in before.items() for found in _differ(look, told, after.get(look))]


def _differ(place: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        after = _as_before(before, after)
        for name in before.keys() - FRESH:
            yield from _differ(f"{place}.{name}", before[name], after[name]) if name in after else [f"{place}.{name}: is gone"]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differ(f"{place}[{number}]", one, other)
    elif before != after:
        yield f"{place}: {before!r} → {after!r}"


def _as_before(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parcel without what its courier said of it since: a walk may take minutes, and its hub goes on asking."""
    old, new = before.get("events"), after.get("events")
    if not isinstance(old, list) or not isinstance(new, list) or len(new) <= len(old) or new[: len(old)] != old:
        return after
    is_told = "state" in before and after.get("state") == new[-1].get("state")
    return {**after, "events": old, **({"state": before["state"]} if is_told else {})}
