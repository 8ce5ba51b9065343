"""The plug-ins of a simulated hub: those that it ships and that call nobody, and the simulated providers."""

from collections.abc import Mapping
from typing import Any, TypeVar

from monsoon_plugin.plugin import Kind, Plugin
from shared.providers.registry import Registry, lock

P = TypeVar("P", bound=Plugin[Any])


class SimulatedRegistry(Registry[P]):
    """`providers`: by plug-in id; all else is as the lock says."""

    def __init__(self, kind: Kind, providers: Mapping[str, P]) -> None:
        super().__init__({plugin_id: entry["entry"] for plugin_id, entry in lock()[kind].items()} | dict.fromkeys(providers, ""))
        self._loaded |= providers

    def calls(self, plugin_id: str) -> bool:
        return bool(self.get(plugin_id).manifest.allowed_hosts)
