"""How shipping's domain sees the installed couriers (shared.providers.installations.Installations)."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from monsoon_plugin.clock import Clock
from monsoon_plugin.courier import CourierPlugin
from monsoon_plugin.errors import PluginError
from monsoon_plugin.plugin import Config, Ctx
from shared.providers.installation import Installation

Courier = CourierPlugin[Any]


class Couriers(Protocol):
    def get(self, tenant: str, installation_id: str) -> Installation: ...

    def preferred(self, tenant: str) -> list[Installation]: ...

    def plugin(self, installation: Installation) -> Courier: ...

    def config(self, installation: Installation) -> Config: ...

    def capability(self, installation: Installation) -> Any: ...

    def context(self, installation: Installation, deadline: datetime) -> Ctx[Any]: ...

    def allow_call(self, installation: Installation) -> bool:
        """Whether it may be asked now; one that kept failing is left alone for a while."""
        ...

    def record_outcome(self, installation: Installation, error: PluginError | None) -> None:
        """What became of a call, for `allow_call`."""
        ...


def deadline(now: Clock, courier: Courier, longest: timedelta, remaining: timedelta) -> datetime:
    """When a call must have ended: the plug-in's own limit, ours, or a second before this process is stopped."""
    return now() + min(longest, courier.manifest.timeout, remaining - timedelta(seconds=1))
