"""Plug-ins that a merchant runs itself, at an HTTPS address; one of each family is in the lock (`remote_payment`, …).

The hub reaches the address and nothing else: no redirect is followed, and no address is called that the public DNS does not tell.
"""

import hashlib
import json
import os
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr

from monsoon_plugin.outbound.ssrf_url import MAX_LENGTH, Refused, checked
from monsoon_plugin.plugin import Config, Ctx, Kind, Manifest
from monsoon_plugin.signatures import BadSecret, Key
from shared.providers.elsewhere.by_https import ByHttps
from shared.providers.elsewhere.remote import Capabilities, Remote, Transport, capability_in
from shared.providers.installation import written

PLACE = "merchants-own.invalid"
"""Stands in the manifest for the host that each config names (RFC 2606, 2): nobody can own it."""
TIMEOUT = timedelta(seconds=15)


def _url(text: str) -> str:
    try:
        target = checked(text, local=True)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    if target.scheme != "https" and not target.loopback:
        raise ValueError("give an https URL")
    return text


def _signing(secret: SecretStr) -> SecretStr:
    try:
        Key(secret.get_secret_value())
    except BadSecret as error:
        raise ValueError(str(error)) from None
    return secret


def _object(given: Any) -> Any:
    """An object as its JSON text, which is kept and shown as one secret."""
    if isinstance(given, dict):
        return json.dumps(given)
    text = given.get_secret_value() if isinstance(given, SecretStr) else given
    try:
        good = isinstance(json.loads(text), dict)
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ValueError("give a JSON object")
    return given


class RemoteConfig(Config):
    """Where a merchant's own plug-in answers."""

    url: Annotated[str, AfterValidator(_url)] = Field(max_length=MAX_LENGTH, description="https; the whole address that is called")
    signing_secret: Annotated[SecretStr, AfterValidator(_signing)] = Field(
        description="whsec_… of Standard Webhooks, which both sides sign with"
    )
    settings: Annotated[SecretStr, BeforeValidator(_object)] = Field(
        default=SecretStr("{}"), description="a JSON object: the plug-in's own config; all of it is kept as one secret"
    )


class MerchantsOwn(Remote):
    """A plug-in at the address that the config names."""

    config_model: type[RemoteConfig] = RemoteConfig
    capability_model: type[BaseModel]
    widest: BaseModel
    """The capability of what is not configured yet."""
    known = Capabilities()

    def capability(self, config: RemoteConfig | None) -> BaseModel:
        """What the plug-in says it can do. Raises PluginError if it does not answer."""
        if config is None:
            return self.widest
        name = hashlib.sha256(written(config)).digest()
        return self.known.of(name, lambda: capability_in(self.capability_model, self.described(config)))

    def transport(self, config: RemoteConfig, ctx: Ctx[Any] | None) -> Transport:
        elsewhere = ctx.base_url if ctx and ctx.base_url != f"https://{PLACE}" else ""
        local = ctx.local if ctx else on_a_laptop()
        return ByHttps(elsewhere or config.url, Key(config.signing_secret.get_secret_value()), local=local)

    def plain(self, config: RemoteConfig) -> dict[str, Any]:
        """The plug-in's own settings, and what its family asks of every merchant (a courier's sender)."""
        own: dict[str, Any] = json.loads(config.settings.get_secret_value())
        return {name: value for name, value in json.loads(written(config)).items() if name not in RemoteConfig.model_fields} | own

    def provider_url(self, ctx: Ctx[Any]) -> str:
        """The plug-in knows its provider; what the operator's settings say is where the plug-in is."""
        return ""


def on_a_laptop() -> bool:
    """Whether plug-ins may lie on this machine: only where the stage says so. Asked where no context is lent."""
    return os.environ.get("STAGE") == "local"


def manifest(plugin_id: str, kind: Kind) -> Manifest:
    """The manifest of a family's plug-in that merchants run."""
    names = {"en": "Your own plug-in", "zh": "您自己的插件"}
    return Manifest(id=plugin_id, version="1.0", api=1, kind=kind, name=names, allowed_hosts=(PLACE,), timeout=TIMEOUT)
