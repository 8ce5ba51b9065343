"""The plug-ins of a simulated hub: those that it ships and that call nobody, and the simulated providers."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from monsoon_plugin.plugin import Kind, Plugin
from shared.providers.registry import Registry, lock

P = TypeVar("P", bound=Plugin[Any])
Offered = dict[str, str]
"""Plug-in id → its entry, empty for a simulated one."""


def offered(kind: Kind, simulated: Iterable[str]) -> Offered:
    """A family's plug-ins: those of the lock, and simulated ones."""
    return {plugin_id: entry["entry"] for plugin_id, entry in lock()[kind].items()} | dict.fromkeys(simulated, "")


class SimulatedRegistry(Registry[P]):
    """What one process knows of a family's plug-ins."""

    def __init__(self, offered: Offered, providers: Mapping[str, P]) -> None:
        """`offered`: what the hub offers at the moment, to all its processes; `providers`: the simulated ones, by plug-in id."""
        super().__init__(offered)
        self._loaded |= providers

    def calls(self, plugin_id: str) -> bool:
        return bool(self.get(plugin_id).manifest.allowed_hosts)
