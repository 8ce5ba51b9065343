"""Which plug-ins a host knows. A plug-in is imported when a merchant of this process uses it, never before."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Generic, TypeVar

from shared.errors import Invalid
from shared.providers.plugin import Plugin

P = TypeVar("P", bound=Plugin[Any])


class Registry(Generic[P]):
    """Plug-ins by id."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        """`entries`: plug-in id → "module:Class"; the class takes no arguments."""
        self._entries, self._loaded = entries, dict[str, P]()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def get(self, plugin_id: str) -> P:
        """The plug-in. Raises Invalid, which names `/plugin`, for one that the host does not know."""
        if plugin_id not in self._entries:
            raise Invalid.field("/plugin", f"choose one of: {', '.join(self._entries)}")
        if plugin_id not in self._loaded:
            module, _, name = self._entries[plugin_id].partition(":")
            self._loaded[plugin_id] = getattr(import_module(module), name)()
        return self._loaded[plugin_id]
