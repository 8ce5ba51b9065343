"""What a host does with installations: install, change, disable, prefer, and lend a plug-in the context of one call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.errors import PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Config, Ctx, Mode, Plugin
from shared.api.idempotency import Idempotency
from shared.bounds.kept import kept
from shared.errors import Conflict, FieldError, Invalid, NotFound, Unavailable
from shared.providers.breaker import BROKEN, CLOSED, Circuit, Tally
from shared.providers.credentials import Credentials
from shared.providers.installation import EVERYTHING, Conditions, Installation, checked, merged, written
from shared.providers.places import NOWHERE, Places
from shared.providers.registry import Registry

P = TypeVar("P", bound=Plugin[Any])
MOST = 20
"""A storefront may install at most this many plug-ins of one family."""
OVERLAP = timedelta(hours=72)
"""So long notices are verified with the config before a change too: providers repeat theirs for up to three days."""
TALLIES = 1000
"""Installations whose failures a process counts at once."""
CHECK = timedelta(seconds=10)
"""How long a provider may take to say whether a config works."""


class Store(Protocol):
    def add(self, installation: Installation) -> bool: ...
    def replace(self, installation: Installation) -> None: ...
    def find(self, tenant: str, installation_id: str) -> Installation | None: ...
    def find_by_id(self, installation_id: str) -> Installation | None: ...
    def of(self, tenant: str) -> list[Installation]: ...
    def set_circuit(self, installation: Installation, circuit: Circuit, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class InstallationChange:
    """What a merchant changes; None stays."""

    config: Mapping[str, Any] | None = field(default=None, repr=False)
    """Fields of it."""
    enabled: bool | None = None
    rank: int | None = None
    mode: Mode | None = None
    conditions: Conditions | None = None


class ConfigRefused(Invalid):
    code, title = "config-refused", "The provider does not accept this config"


@dataclass(frozen=True, slots=True)
class Installations(Generic[P]):
    registry: Registry[P]
    store: Store
    credentials: Credentials
    clock: Clock
    places: Places = NOWHERE
    _tallies: dict[str, Tally] = field(default_factory=dict, repr=False, compare=False)

    def install(
        self, tenant: str, plugin_id: str, config: Mapping[str, Any], *, mode: Mode | None, rank: int, idempotency: Idempotency,
        conditions: Conditions = EVERYTHING,
    ) -> Installation:  # fmt: skip
        """A new, enabled installation whose config the plug-in accepts and the provider confirms.

        `mode`: None is live for a plug-in that calls nobody, whose money is as real as the merchant's word, and test for all others.

        Raises Invalid (unknown plug-in, wrong field), ConfigRefused, KeyReused, Conflict (MOST stand already).
        """
        new = idempotency.id("ins")
        found = self.store.find(tenant, new)
        if found is None:
            if len(self.store.of(tenant)) >= MOST:
                raise Conflict(f"at most {MOST} installations stand at a storefront: change one of them")
            self.registry.require(plugin_id)
            now = rfc3339(self.clock())
            bare = Installation(
                id=new,
                tenant=tenant,
                plugin=plugin_id,
                mode=mode or ("test" if self.registry.calls(plugin_id) else "live"),
                mode_meant=True,
                enabled=True,
                rank=rank,
                sealed=b"",
                created_at=now,
                fingerprint=idempotency.fingerprint,
                conditions=conditions,
            )
            sealed = self._check_and_seal(bare, config)
            found = sealed if self.store.add(sealed) else self.get(tenant, new)
        idempotency.same(found.fingerprint)
        return found

    def change(self, tenant: str, installation_id: str, change: InstallationChange) -> Installation:
        """The installation with what `change` names; a changed config or mode is checked again. Raises NotFound, Conflict, and
        NotOffered where that needs a plug-in that is not known: all else of its installation can be changed.

        The config before stays good for notices for OVERLAP, so that a key is rotated without one being refused.
        """
        found = self.get(tenant, installation_id)
        plain = {name: value for name in ("enabled", "rank", "mode", "conditions") if (value := getattr(change, name)) is not None}
        meant = found.mode_meant or change.mode is not None
        changed = replace(found, **plain, mode_meant=meant, version=found.version + 1)
        if change.config is not None or changed.mode != found.mode:
            document = merged(self.credentials.open(found.sealed, found.context), change.config or {})
            until = rfc3339(self.clock() + OVERLAP)
            changed = replace(self._check_and_seal(changed, document), previous=found.sealed, previous_until=until)
        self.store.replace(changed)
        return changed

    def check(self, tenant: str, installation_id: str) -> Installation:
        """Ask the provider again whether the config works. Raises NotFound, ConfigRefused, NotOffered."""
        found = self.get(tenant, installation_id)
        self._check_with_provider(self._new_context(found, self.config(found), self.clock() + CHECK), found)
        return found

    def get(self, tenant: str, installation_id: str) -> Installation:
        """Raises NotFound."""
        found = self.store.find(tenant, installation_id) if len(installation_id) <= 64 else None
        if found is None:
            raise NotFound(f"there is no installation {installation_id[:64]} here")
        return found

    def preferred(self, tenant: str, amount: Money | None = None, country: str = "") -> list[Installation]:
        """The enabled ones whose conditions allow it, the most preferred first; those whose plug-in is not offered are passed over.

        Where one that calls a provider is live, those in test mode are left out: nobody pays with test money beside it, nor while it is
        not offered.
        """
        newest_first = sorted(self.store.of(tenant), key=lambda i: i.created_at, reverse=True)
        enabled = sorted((i for i in newest_first if i.enabled), key=lambda i: i.rank)
        live = any(i.mode == "live" and (not self.offers(i) or self._calls(i)) for i in enabled)
        real = [i for i in enabled if self.offers(i) and not (live and self.is_test(i))]
        return [i for i in real if i.conditions.allow(amount, country)]

    def absent(self, tenant: str) -> str:
        """A sentence's end that names the plug-ins which `preferred` passes over because this hub does not offer them; empty if none."""
        names = sorted({i.plugin for i in self.store.of(tenant) if i.enabled and not self.offers(i)})
        return f"; passed over, because this hub does not offer it at present: {', '.join(names)}" if names else ""

    def is_test(self, installation: Installation) -> bool:
        """Whether no real money moves by it, and no real parcel. Raises NotOffered where only the plug-in would tell."""
        return installation.mode == "test" and (installation.mode_meant or self._calls(installation))

    def allow_call(self, installation: Installation) -> bool:
        """Whether its provider may be asked now. After a pause one caller is let through as a probe, however many ask."""
        now, circuit = self.clock(), installation.circuit
        if not circuit.opened:
            return True
        return circuit.closed(now) and self.store.set_circuit(installation, circuit.probing(now), now)

    def record_outcome(self, installation: Installation, error: PluginError | None) -> None:
        """What became of a call: enough failures in a row open the circuit, a success closes it."""
        now, circuit, tally = self.clock(), installation.circuit, self._tally(installation)
        if error is None or error.kind not in BROKEN:
            tally.reset()
            if circuit.opened:
                self.store.set_circuit(self.get(installation.tenant, installation.id), CLOSED, now)
        elif circuit.opened or tally.failed(now):
            tally.reset()
            fresh = self.get(installation.tenant, installation.id)
            self.store.set_circuit(fresh, fresh.circuit.tripped(now), now)

    def _tally(self, installation: Installation) -> Tally:
        if len(self._tallies) >= TALLIES:
            self._tallies.clear()
        return self._tallies.setdefault(installation.id, Tally())

    def _calls(self, installation: Installation) -> bool:
        """Whether the plug-in calls a provider, by the lock: nothing is imported for the question."""
        return self.registry.calls(installation.plugin)

    def offers(self, installation: Installation) -> bool:
        """Whether this hub knows its plug-in; one that it does not does nothing until it does."""
        return installation.plugin in self.registry.ids

    def plugin(self, installation: Installation) -> P:
        """Raises NotOffered."""
        return self.registry.get(installation.plugin)

    def capability(self, installation: Installation) -> Any:
        """What the plug-in can do with this config. Raises Unavailable for one elsewhere that does not answer."""
        try:
            return self.plugin(installation).capability(self.config(installation))
        except PluginError as error:
            self.record_outcome(installation, error)
            raise Unavailable(f"{installation.plugin} does not say what it can do: try again in a minute") from error

    def config(self, installation: Installation) -> Config:
        """The config in the clear, its secrets as SecretStr."""
        plain = self.credentials.open(installation.sealed, installation.context)
        model: type[Config] = self.plugin(installation).config_model
        return kept(model, json.loads(plain))

    def context(self, installation: Installation, deadline: datetime) -> Ctx[Any]:
        """What a plug-in gets for one call that must end by `deadline`."""
        return self._new_context(installation, self.config(installation), deadline)

    def contexts(self, installation: Installation, deadline: datetime) -> list[Ctx[Any]]:
        """For a notice: with the config of now, then with the one before, while that still counts."""
        current = self.context(installation, deadline)
        if not installation.previous or self.clock() >= from_rfc3339(installation.previous_until):
            return [current]
        return [current, self.context(replace(installation, sealed=installation.previous), deadline)]

    def notify_url(self, installation: Installation) -> str:
        return self.places.notify_url(installation)

    def _new_context(self, installation: Installation, config: Config, deadline: datetime) -> Ctx[Any]:
        places, manifest = self.places, self.plugin(installation).manifest
        return Ctx(
            config=config,
            base_url=places.base_url(manifest),
            deadline=deadline,
            now=self.clock(),
            mode=installation.mode,
            notify_url=places.notify_url(installation),
            local=places.local,
        )

    def _check_and_seal(self, installation: Installation, document: Mapping[str, Any]) -> Installation:
        """`installation` with the config, encrypted, that the plug-in accepts and the provider confirms. Raises Invalid, ConfigRefused."""
        config = checked(self.plugin(installation).config_model, document)
        plain = written(config)
        self._check_with_provider(self._new_context(installation, config, self.clock() + CHECK), installation)
        return replace(installation, sealed=self.credentials.seal(plain, installation.context))

    def _check_with_provider(self, ctx: Ctx[Any], installation: Installation) -> None:
        try:
            self.plugin(installation).check_config(ctx)
        except PluginError as error:
            raise ConfigRefused(error.message, [FieldError("/config", error.message)]) from error
