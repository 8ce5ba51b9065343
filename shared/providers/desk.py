"""What a host does with installations: install, change, disable, prefer, and lend a plug-in the context of one call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from shared.clock import Clock, rfc3339
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.idempotency import Idempotency
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation, Mode, checked, merged, written
from shared.providers.places import NOWHERE, Places
from shared.providers.plugin import Config, Ctx, Plugin, PluginError
from shared.providers.registry import Registry

P = TypeVar("P", bound=Plugin[Any])
MOST = 20
"""A storefront may install at most this many plug-ins of one family."""
CHECK = timedelta(seconds=10)
"""How long a provider may take to say whether a config works."""


class Store(Protocol):
    def add(self, installation: Installation) -> bool: ...
    def replace(self, installation: Installation) -> None: ...
    def find(self, tenant: str, installation_id: str) -> Installation | None: ...
    def find_anyones(self, installation_id: str) -> Installation | None: ...
    def of(self, tenant: str) -> list[Installation]: ...


class ConfigRefused(Invalid):
    code, title = "config-refused", "The provider does not accept this config"


@dataclass(frozen=True, slots=True)
class Installations(Generic[P]):
    registry: Registry[P]
    store: Store
    credentials: Credentials
    clock: Clock
    places: Places = NOWHERE

    def install(
        self, tenant: str, plugin_id: str, config: Mapping[str, Any], *, mode: Mode, rank: int, idempotency: Idempotency
    ) -> Installation:
        """A new, enabled installation whose config the plug-in accepts and the provider confirms.

        Raises Invalid (unknown plug-in, wrong field), ConfigRefused, KeyReused, Conflict (MOST stand already).
        """
        new = idempotency.id("ins")
        found = self.store.find(tenant, new)
        if found is None:
            if len(self.store.of(tenant)) >= MOST:
                raise Conflict(f"at most {MOST} installations stand at a storefront: change one of them")
            bare = Installation(new, tenant, plugin_id, mode, True, rank, b"", rfc3339(self.clock()), idempotency.fingerprint)
            sealed = self._sealed(bare, config)
            found = sealed if self.store.add(sealed) else self.get(tenant, new)
        idempotency.same(found.fingerprint)
        return found

    def change(
        self, tenant: str, installation_id: str, config: Mapping[str, Any] | None, enabled: bool | None, rank: int | None
    ) -> Installation:
        """The installation with what is not None changed; a changed config is checked again. Raises NotFound, Conflict."""
        found = self.get(tenant, installation_id)
        changed = replace(
            found,
            enabled=found.enabled if enabled is None else enabled,
            rank=found.rank if rank is None else rank,
            version=found.version + 1,
        )
        if config is not None:
            changed = self._sealed(changed, merged(self.credentials.open(found.sealed, found.context), config))
        self.store.replace(changed)
        return changed

    def get(self, tenant: str, installation_id: str) -> Installation:
        """Raises NotFound."""
        found = self.store.find(tenant, installation_id) if len(installation_id) <= 64 else None
        if found is None:
            raise NotFound(f"there is no installation {installation_id[:64]} here")
        return found

    def preferred(self, tenant: str) -> list[Installation]:
        """The enabled ones, the most preferred first."""
        newest_first = sorted(self.store.of(tenant), key=lambda i: i.created_at, reverse=True)
        return sorted((i for i in newest_first if i.enabled), key=lambda i: i.rank)

    def plugin(self, installation: Installation) -> P:
        return self.registry.get(installation.plugin)

    def config(self, installation: Installation) -> Config:
        """The config in the clear, its secrets as SecretStr."""
        plain = self.credentials.open(installation.sealed, installation.context)
        model: type[Config] = self.plugin(installation).config_model
        return model.model_validate(json.loads(plain))

    def context(self, installation: Installation, deadline: datetime) -> Ctx[Any]:
        """What a plug-in gets for one call that must end by `deadline`."""
        return self._ctx(installation, self.config(installation), deadline)

    def _ctx(self, installation: Installation, config: Config, deadline: datetime) -> Ctx[Any]:
        places, manifest = self.places, self.plugin(installation).manifest
        return Ctx(
            config, places.base_url(manifest), deadline, self.clock(), installation.mode, places.notify_url(installation), places.local
        )

    def _sealed(self, installation: Installation, document: Mapping[str, Any]) -> Installation:
        plugin = self.plugin(installation)
        config = checked(plugin.config_model, document)
        plain = written(config)
        try:
            plugin.check_config(self._ctx(installation, config, self.clock() + CHECK))
        except PluginError as error:
            raise ConfigRefused(error.message, [FieldError("/config", error.message)]) from error
        return replace(installation, sealed=self.credentials.seal(plain, installation.context))
