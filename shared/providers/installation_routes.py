"""The routes by which a merchant installs, configures, prefers and swaps plug-ins; the same in every host."""

from collections.abc import Mapping
from typing import Any, Protocol, get_args

from pydantic import Field

from monsoon_plugin.money import CurrencyCode
from monsoon_plugin.plugin import Fee, Kind, Mode
from shared.api.answers import Answer
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.operation import Routes
from shared.api.payload import Body, Query, View
from shared.errors import Conflict, Unavailable
from shared.providers.elsewhere.operator_plugins import listed
from shared.providers.installation import EVERYTHING, MAX_CONFIG, Conditions, Installation, shown
from shared.providers.installations import ConfigRefused, InstallationChange, Installations
from shared.providers.places import Places

MAX_BODY = MAX_CONFIG + 1024
MERCHANT: Mapping[str, Any] = {"allow": ["storefront"], "verified": True}


class ProviderView(View):
    """A plug-in that can be installed."""

    id: str
    version: str
    kind: str
    name: dict[str, str] = Field(description="by BCP 47 language tag")
    form: dict[str, Any] = Field(description="JSON Schema of `config`; secrets are writeOnly")
    capability: dict[str, Any] = Field(description="the most that any config allows: currencies and countries, none named: all")
    fees: list[Fee] = Field(description="what the provider publishes that it charges; your contract may differ")


class ProvidersView(View):
    items: list[ProviderView]


class ProvidersQuery(Query):
    kind: Kind | None = None
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="of the parcel's address: others are left out")
    currency: CurrencyCode | None = Field(default=None, description="providers that do not take it are left out")


class Install(Body):
    plugin: str = Field(max_length=64, description="an id of the providers' list", examples=["bank_transfer"])
    config: dict[str, Any] = Field(repr=False, max_length=100, description="by the provider's form")
    mode: Mode | None = Field(
        default=None,
        description="whether real money moves or real parcels travel; default: test, but live for a plug-in that calls no provider",
    )
    rank: int = Field(default=100, ge=0, le=1000, description="the lowest is preferred")
    conditions: Conditions = Field(default=EVERYTHING, description="for what it is used: currencies, countries, amounts")


class ChangeInstallation(Body):
    config: dict[str, Any] | None = Field(
        default=None, repr=False, max_length=100, description="fields to change; the others, and secrets shown as ••••, stay"
    )
    enabled: bool | None = None
    rank: int | None = Field(default=None, ge=0, le=1000)
    mode: Mode | None = Field(default=None, description="the config is checked in the new mode")
    conditions: Conditions | None = None


class InstallationView(View):
    id: str
    plugin: str
    mode: Mode = Field(description="test: what is paid by it is never payable to suppliers, what it labels travels nowhere")
    enabled: bool
    rank: int
    version: int
    created_at: str
    conditions: Conditions
    notify_url: str = Field(description="register this at the provider for its notices; empty if the hub has no public address")
    left_alone_until: str | None = Field(default=None, description="the provider kept failing: until then it is not asked")
    offered: bool = Field(
        default=True, description="false: this hub does not know its plug-in at present; nothing is paid or sent by it until it does"
    )
    config: dict[str, Any] | None = Field(default=None, description="secrets are shown as ••••; not in lists, nor of what is not offered")

    @classmethod
    def of(cls, installation: Installation, kept: Installations[Any], config: dict[str, Any] | None = None) -> "InstallationView":
        i, offered, notify_url = installation, kept.offers(installation), kept.notify_url(installation)
        mode: Mode = i.mode if not offered else "test" if kept.is_test(i) else "live"
        return cls(id=i.id, plugin=i.plugin, mode=mode, enabled=i.enabled, rank=i.rank, version=i.version, created_at=i.created_at,
                   conditions=i.conditions, notify_url=notify_url, left_alone_until=i.circuit.until or None, offered=offered,
                   config=config)  # fmt: skip


class InstallationsView(View):
    items: list[InstallationView] = Field(description="all of the storefront's, the enabled and preferred first")


class Host(Protocol):
    """The services of a host of plug-ins, as far as these routes need them."""

    @property
    def installations(self) -> Installations[Any]: ...


def provider_routes() -> Routes:
    """The list of all families' plug-ins; one service serves it."""
    routes = Routes()
    routes.get("/v1/providers", query=ProvidersQuery, answers={200: ProvidersView}, allow=["storefront", "supplier"])(list_all_providers)
    return routes


def installation_routes(kind: Kind) -> Routes:
    """The installations of a family, and the list of its plug-ins."""
    routes, several = Routes(), f"/v1/storefronts/{{storefront_id}}/{kind}-installations"
    one, problems = several + "/{installation_id}", [ConfigRefused, Conflict, Unavailable]

    def list_providers(services: Host) -> ProvidersView:
        """List the plug-ins that a merchant can install, each with its form."""
        return ProvidersView(items=_providers(kind, services.installations.places))

    routes.get(f"/v1/{kind}/providers", answers={200: ProvidersView}, allow=["storefront"])(list_providers)
    routes.post(several, body=Install, answers={201: InstallationView}, idempotent=True, problems=problems, max_body=MAX_BODY, **MERCHANT)(
        install
    )
    routes.get(several, answers={200: InstallationsView}, **MERCHANT)(list_installations)
    routes.get(one, answers={200: InstallationView}, **MERCHANT)(get_installation)
    routes.patch(
        one, body=ChangeInstallation, answers={200: InstallationView}, problems=problems, max_body=MAX_BODY, **MERCHANT
    )(change_installation)  # fmt: skip
    routes.delete(one, answers={204: None}, problems=[Conflict], **MERCHANT)(disable_installation)
    routes.post(one + "/check", answers={200: InstallationView}, problems=[ConfigRefused, Unavailable], **MERCHANT)(check_installation)
    return routes


def list_all_providers(query: ProvidersQuery, services: Host) -> ProvidersView:
    """List the payment, courier and clearing plug-ins of this hub: what they can do, where, what they charge, and their forms."""
    kinds = [kind for kind in get_args(Kind) if query.kind in (None, kind)]
    items = [item for kind in kinds for item in _providers(kind, services.installations.places)]
    return ProvidersView(items=[item for item in items if _serves(item.capability, query)])


def install(storefront_id: str, body: Install, caller: Caller, idempotency: Idempotency, services: Host) -> InstallationView:
    """Install a plug-in; its config is checked with the provider before it goes live."""
    made = services.installations.install(
        caller.at_storefront(storefront_id), body.plugin, body.config, mode=body.mode, rank=body.rank, conditions=body.conditions,
        idempotency=idempotency,
    )  # fmt: skip
    return _whole(services, made)


def list_installations(storefront_id: str, caller: Caller, services: Host) -> InstallationsView:
    """List the storefront's installations."""
    kept = services.installations
    found = sorted(kept.store.of(caller.at_storefront(storefront_id)), key=lambda i: (not i.enabled, i.rank))
    return InstallationsView(items=[InstallationView.of(i, kept) for i in found])


def get_installation(storefront_id: str, installation_id: str, caller: Caller, services: Host) -> InstallationView:
    """Read one installation; its secrets are hidden."""
    return _whole(services, services.installations.get(caller.at_storefront(storefront_id), installation_id))


def change_installation(
    storefront_id: str, installation_id: str, body: ChangeInstallation, caller: Caller, services: Host
) -> InstallationView:  # fmt: skip
    """Change an installation's config, mode, conditions, rank, or whether it is enabled; it counts from the next use on."""
    change = InstallationChange(config=body.config, enabled=body.enabled, rank=body.rank, mode=body.mode, conditions=body.conditions)
    return _whole(services, services.installations.change(caller.at_storefront(storefront_id), installation_id, change))


def disable_installation(storefront_id: str, installation_id: str, caller: Caller, services: Host) -> Answer:
    """Disable an installation; what it did stays on record, and it still answers for it."""
    services.installations.change(caller.at_storefront(storefront_id), installation_id, InstallationChange(enabled=False))
    return Answer(None, 204)


def check_installation(storefront_id: str, installation_id: str, caller: Caller, services: Host) -> InstallationView:
    """Ask the provider now whether the installation's config still works."""
    return _whole(services, services.installations.check(caller.at_storefront(storefront_id), installation_id))


def _serves(capability: Mapping[str, Any], query: ProvidersQuery) -> bool:
    countries, currencies = capability.get("countries"), capability.get("currencies")
    return not (query.country and countries and query.country not in countries) and not (
        query.currency and currencies and query.currency not in currencies
    )


def _whole(services: Host, installation: Installation) -> InstallationView:
    kept = services.installations
    return InstallationView.of(installation, kept, shown(kept.config(installation)) if kept.offers(installation) else None)


def _providers(kind: Kind, places: Places) -> list[ProviderView]:
    return [
        ProviderView(
            id=plugin_id, version=told["manifest"]["version"], kind=kind, name=told["manifest"]["name"], form=told["form"],
            capability=told["capability"], fees=told["manifest"]["fees"],
        )
        for plugin_id, told in listed(kind, places.functions)
    ]  # fmt: skip
