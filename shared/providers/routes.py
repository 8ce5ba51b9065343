"""The routes by which a merchant installs, configures, prefers and swaps plug-ins; the same in every host."""

from collections.abc import Callable
from typing import Any

from pydantic import Field

from shared.caller import Caller
from shared.errors import Conflict
from shared.http import Answer, Body, Service, View
from shared.idempotency import Idempotency
from shared.providers.desk import ConfigRefused, Installations
from shared.providers.installation import MAX_CONFIG, Installation, Mode, shown
from shared.providers.plugin import Kind
from shared.providers.registry import lock

MAX_BODY = MAX_CONFIG + 1024


class ProviderView(View):
    """A plug-in that can be installed."""

    id: str
    version: str
    kind: str
    name: dict[str, str] = Field(description="by BCP 47 language tag")
    form: dict[str, Any] = Field(description="JSON Schema of `config`; secrets are writeOnly")
    capability: dict[str, Any] = Field(description="the most that any config allows")


class ProvidersView(View):
    items: list[ProviderView]


class Install(Body):
    plugin: str = Field(max_length=64, description="an id of the providers' list", examples=["bank_transfer"])
    config: dict[str, Any] = Field(repr=False, max_length=100, description="by the provider's form")
    mode: Mode = Field(default="test", description="whether real money moves or real parcels travel")
    rank: int = Field(default=100, ge=0, le=1000, description="the lowest is preferred")


class ChangeInstallation(Body):
    config: dict[str, Any] | None = Field(
        default=None, repr=False, max_length=100, description="fields to change; the others, and secrets shown as ••••, stay"
    )
    enabled: bool | None = None
    rank: int | None = Field(default=None, ge=0, le=1000)


class InstallationView(View):
    id: str
    plugin: str
    mode: Mode
    enabled: bool
    rank: int
    version: int
    created_at: str
    config: dict[str, Any] | None = Field(default=None, description="secrets are shown as ••••; not in lists")

    @classmethod
    def of(cls, installation: Installation, config: dict[str, Any] | None = None) -> "InstallationView":
        i = installation
        return cls(id=i.id, plugin=i.plugin, mode=i.mode, enabled=i.enabled, rank=i.rank, version=i.version,
                   created_at=i.created_at, config=config)  # fmt: skip


class InstallationsView(View):
    items: list[InstallationView] = Field(description="all of the storefront's, the enabled and preferred first")


def mount_installations(app: Service, kind: Kind, desk: Callable[[], Installations[Any]]) -> None:
    """Serve the installations of a family at `app`; `desk` is called with each request."""
    _mount_providers(app, kind)
    several = f"/v1/storefronts/{{storefront_id}}/{kind}-installations"
    one = several + "/{installation_id}"
    merchant: dict[str, Any] = {"allow": ["storefront"], "verified": True}

    def whole(installation: Installation) -> InstallationView:
        return InstallationView.of(installation, shown(desk().config(installation)))

    @app.post(several, body=Install, answers={201: InstallationView}, idempotent=True, problems=[ConfigRefused, Conflict],
              max_body=MAX_BODY, **merchant)  # fmt: skip
    def install(storefront_id: str, body: Install, caller: Caller, idempotency: Idempotency) -> InstallationView:
        """Install a plug-in; its config is checked with the provider before it goes live."""
        tenant = caller.at_storefront(storefront_id)
        made = desk().install(tenant, body.plugin, body.config, mode=body.mode, rank=body.rank, idempotency=idempotency)
        return whole(made)

    @app.get(several, answers={200: InstallationsView}, **merchant)
    def list_installations(storefront_id: str, caller: Caller) -> InstallationsView:
        """List the storefront's installations."""
        found = desk().store.of(caller.at_storefront(storefront_id))
        return InstallationsView(items=[InstallationView.of(i) for i in sorted(found, key=lambda i: (not i.enabled, i.rank))])

    @app.get(one, answers={200: InstallationView}, **merchant)
    def get_installation(storefront_id: str, installation_id: str, caller: Caller) -> InstallationView:
        """Read one installation; its secrets are hidden."""
        return whole(desk().get(caller.at_storefront(storefront_id), installation_id))

    @app.patch(one, body=ChangeInstallation, answers={200: InstallationView}, problems=[ConfigRefused, Conflict],
               max_body=MAX_BODY, **merchant)  # fmt: skip
    def change_installation(storefront_id: str, installation_id: str, body: ChangeInstallation, caller: Caller) -> InstallationView:
        """Change an installation's config, rank, or whether it is enabled; it counts from the next payment or shipment on."""
        return whole(desk().change(caller.at_storefront(storefront_id), installation_id, body.config, body.enabled, body.rank))

    @app.delete(one, answers={204: None}, problems=[Conflict], **merchant)
    def disable_installation(storefront_id: str, installation_id: str, caller: Caller) -> Answer:
        """Disable an installation; what it did stays on record, and it still answers for it."""
        desk().change(caller.at_storefront(storefront_id), installation_id, None, False, None)
        return Answer(None, 204)


def _mount_providers(app: Service, kind: Kind) -> None:
    @app.get(f"/v1/{kind}/providers", answers={200: ProvidersView}, allow=["storefront"])
    def list_providers() -> ProvidersView:
        """List the plug-ins that a merchant can install, each with its form."""
        return ProvidersView(items=[_provider(kind, plugin_id) for plugin_id in lock()[kind]])


def _provider(kind: Kind, plugin_id: str) -> ProviderView:
    locked = lock()[kind][plugin_id]
    manifest = locked["manifest"]
    return ProviderView(
        id=plugin_id, version=manifest["version"], kind=kind, name=manifest["name"], form=locked["form"], capability=locked["capability"]
    )
