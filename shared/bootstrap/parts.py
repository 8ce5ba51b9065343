"""How a service's parts are made: the one rule behind every `bootstrap.py` (docs/decisions/0017).

A part is a `cached_property` of the service's `Services`: made when first asked for, once, and not at all where it is given instead,
as a keyword argument of its own name. Nothing is read from the environment, or made, at import.
"""

from functools import cache, cached_property
from typing import Any, TypeVar

from monsoon_plugin.clock import Clock, utc_now
from shared.settings import settings_of

S = TypeVar("S")


class Parts:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(self, *settings: object, **parts: Any) -> None:
        """`settings`: records that serve instead of the environment. `parts`: what serves instead of the part of that name.

        Raises TypeError that names what is no part.
        """
        unknown = parts.keys() - part_names(type(self))  # type: ignore[arg-type]
        if unknown:
            raise TypeError(f"{type(self).__module__} has no part {', '.join(sorted(unknown))}")
        self._settings = list(settings)
        vars(self).update(parts)

    def settings(self, kind: type[S]) -> S:
        """The variables of `kind`: the record given of that class or of one that extends it, else read from the environment, once.

        Raises MissingSetting. A service's functions have different variables: so each part asks for those that it needs itself.
        """
        for known in self._settings:
            if isinstance(known, kind):
                return known
        found = settings_of(kind)
        self._settings.append(found)
        return found

    @cached_property
    def clock(self) -> Clock:
        return utc_now


@cache
def part_names(services: type[Parts]) -> frozenset[str]:
    """The names of all parts, those of its bases among them."""
    return frozenset(name for name in dir(services) if isinstance(getattr(services, name), cached_property))
