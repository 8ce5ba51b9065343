"""Which plug-ins a host knows. A plug-in is imported when a merchant of this process uses it, never before.

The list is `providers.json` beside this file, written at build time by `make providers` from the entry points of this project and
of what is installed with it (groups `monsoon.payment`, `monsoon.courier`, `monsoon.clearing`). It holds each plug-in's manifest,
form and capability too, so that the list of providers is answered without importing any.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar

from monsoon_plugin.plugin import Kind, Plugin
from shared.errors import Invalid, Unavailable

P = TypeVar("P", bound=Plugin[Any])
LOCK = Path(__file__).with_name("providers.json")


class NotOffered(Unavailable):
    """A merchant has installed a plug-in that this host does not know, any more or just now."""


class Registry(Generic[P]):
    """Plug-ins by id."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        """`entries`: plug-in id → "module:Class"; the class takes no arguments."""
        self._entries, self._loaded = entries, dict[str, P]()

    @classmethod
    def locked(cls, kind: Kind) -> "Registry[P]":
        """The family's plug-ins by the lock."""
        return cls({plugin_id: entry["entry"] for plugin_id, entry in lock()[kind].items()})

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def calls(self, plugin_id: str) -> bool:
        """Whether the plug-in calls a provider; of one in the lock, without importing it. Raises NotOffered."""
        for family in lock().values():
            if plugin_id in family and family[plugin_id]["entry"] == self._entries.get(plugin_id):
                return bool(family[plugin_id]["manifest"]["allowed_hosts"])
        return bool(self.get(plugin_id).manifest.allowed_hosts)

    def require(self, plugin_id: str) -> None:
        """Hold what a request names to what is offered. Raises Invalid, which names `/plugin`, for one that the host does not know."""
        if plugin_id not in self._entries:
            raise Invalid.field("/plugin", f"choose one of: {', '.join(self._entries)}")

    def get(self, plugin_id: str) -> P:
        """The plug-in. Raises NotOffered for one that the host does not know."""
        if plugin_id not in self._entries:
            raise NotOffered(f"the plug-in {plugin_id} is not offered by this hub at present: try again when it is, or ask the operator")
        if plugin_id not in self._loaded:
            self._loaded[plugin_id] = loaded(self._entries[plugin_id])
        return self._loaded[plugin_id]


def loaded(entry: str) -> Any:
    """The plug-in at "module:Class"."""
    module, _, name = entry.partition(":")
    return getattr(import_module(module), name)()


@cache
def lock() -> Mapping[Kind, Mapping[str, Mapping[str, Any]]]:
    """Family → plug-in id → entry, manifest, form, capability."""
    found: Mapping[Kind, Mapping[str, Mapping[str, Any]]] = json.loads(LOCK.read_bytes())
    return found
