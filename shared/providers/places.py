"""Where providers answer, where they send notices, where plug-ins run: what the operator's settings say, the same for every host."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from monsoon_plugin.plugin import Manifest
from shared.providers.installation import Installation


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The variables that every host of plug-ins is given."""

    stage: str
    public_url: str
    """The hub's own address, without a final slash; empty if the operator gave none."""
    provider_bases: str
    """JSON: plug-in id → address; empty in production."""
    plugin_functions: str
    """`courier/ups=arn:…`, with commas between; see elsewhere/operator_plugins.py."""
    credentials_key: str
    """The ARN of the KMS key under which merchants' credentials are sealed."""


@dataclass(frozen=True, slots=True)
class Places:
    hooks: str = ""
    """The hub's public address and the family's path: `https://hub.example/v1/hooks/payments`."""
    bases: Mapping[str, str] = field(default_factory=dict)
    """Plug-in id → where its provider answers, if not at the first of the manifest's `allowed_hosts`."""
    local: bool = False
    """The laptop stage."""
    functions: str = ""
    """Plug-ins that run in functions of their own, as the setting PLUGIN_FUNCTIONS has them."""

    @classmethod
    def of(cls, settings: ProviderSettings, family: str) -> Self:
        """`family`: the path of its notices: payments, couriers or clearing."""
        hooks = f"{settings.public_url.rstrip('/')}/v1/hooks/{family}" if settings.public_url else ""
        return cls(hooks, json.loads(settings.provider_bases or "{}"), settings.stage == "local", settings.plugin_functions)

    def base_url(self, manifest: Manifest) -> str:
        return manifest.base_url(self.bases)

    def notify_url(self, installation: Installation) -> str:
        return f"{self.hooks}/{installation.id}" if self.hooks else ""


NOWHERE = Places()
"""No stand-ins and no public address."""
