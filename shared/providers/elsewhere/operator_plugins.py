"""The operator's plug-ins that run in Lambda functions of their own: the setting PLUGIN_FUNCTIONS names them.

`courier/ups=arn:aws:lambda:…,payment/acme=arn:aws:lambda:…`. A plug-in of the lock keeps its form and capability here and is called
there: so a large library stays out of its host. One that the lock does not know is asked what it is when it is first used.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monsoon_plugin.envelope import Described, said
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Fee, Kind, Manifest, Plugin
from shared.errors import Unavailable
from shared.providers.elsewhere.by_function import ByFunction, Client, lambda_client
from shared.providers.elsewhere.form import model_of
from shared.providers.elsewhere.remote import Capabilities, Remote, Transport, capability_in
from shared.providers.installation import written
from shared.providers.registry import Registry, lock

log = logging.getLogger(__name__)
P = TypeVar("P", bound=Plugin[Any])


@dataclass(frozen=True, slots=True)
class Family:
    """What the host knows of all plug-ins of its family."""

    kind: Kind
    protocol: type
    capability: type[BaseModel]
    config: type[Config] = Config
    """What the forms of some have in common, for a host that reads it (a courier's sender)."""
    confirmation: type[BaseModel] | None = None
    """Of payments: takes whatever the shopper's side gives; the plug-in elsewhere checks it."""


def arns(kind: Kind, setting: str) -> dict[str, str]:
    """Plug-in id → the ARN of its function, of one family. Raises ValueError for what cannot be read."""
    found = {}
    for entry in filter(None, map(str.strip, setting.split(","))):
        read = re.fullmatch(r"(payment|courier|clearing)/([a-z][a-z0-9_]{1,39})=(arn:[^=,]+)", entry)
        if read is None:
            raise ValueError(f"PLUGIN_FUNCTIONS: {entry!r} is not such as courier/acme=arn:aws:lambda:…")
        if read[1] == kind:
            found[read[2]] = read[3]
    return found


def listed(kind: Kind, setting: str, client: Client = lambda_client) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The family's plug-ins, each with manifest, form and capability as the lock has them. One that does not answer now is left out."""
    yield from lock()[kind].items()
    for plugin_id, arn in arns(kind, setting).items():
        if plugin_id not in lock()[kind]:
            try:
                told = Own(Family(kind, Plugin, BaseModel), plugin_id, ByFunction(arn, client)).told
            except PluginError as error:
                log.warning("the plug-in %s/%s does not say what it is: %s", kind, plugin_id, error)
            else:
                yield plugin_id, told.model_dump(mode="json")


class Functions(Registry[P]):
    """The family's plug-ins by the lock, and by the operator's setting."""

    def __init__(self, family: Family, setting: str, client: Client = lambda_client) -> None:
        """`setting`: the value of PLUGIN_FUNCTIONS; empty: none. Raises ValueError for what cannot be read."""
        super().__init__({plugin_id: entry["entry"] for plugin_id, entry in lock()[family.kind].items()})
        self._family, self._client, self._arns = family, client, arns(family.kind, setting)
        self._entries = {**self._entries, **dict.fromkeys(self._arns.keys() - self._entries.keys(), "")}

    def calls(self, plugin_id: str) -> bool:
        return plugin_id in self._arns or super().calls(plugin_id)

    def get(self, plugin_id: str) -> P:
        """The plug-in. Raises NotOffered for one that is not known, Unavailable for one whose function does not say what it is."""
        if plugin_id in self._arns and plugin_id not in self._loaded:
            known: Any = super().get(plugin_id) if self._entries[plugin_id] else None
            way = ByFunction(self._arns[plugin_id], self._client)
            try:
                found: Any = Locked(self._family, known, way) if known else Own(self._family, plugin_id, way)
            except PluginError as error:
                raise Unavailable(f"{plugin_id} does not say what it is: try again in a minute") from error
            self._loaded[plugin_id] = found
        return super().get(plugin_id)


class Locked(Remote):
    """A plug-in of the lock that is called in a function."""

    def __init__(self, family: Family, known: Any, way: ByFunction) -> None:
        self.protocol, self._way = family.protocol, way
        self.manifest, self.config_model, self.capability = known.manifest, known.config_model, known.capability
        if family.confirmation is not None:
            self.confirmation_model = known.confirmation_model

    def transport(self, config: Any, ctx: Ctx[Any] | None) -> Transport:
        return self._way


class Own(Remote):
    """A plug-in that only its function knows: it is asked what it is, and its form is built from the JSON Schema that it tells."""

    def __init__(self, family: Family, plugin_id: str, way: ByFunction) -> None:
        """Raises PluginError if its function does not say what it is."""
        self.protocol, self._family, self._id, self._way = family.protocol, family, plugin_id, way
        self._known = Capabilities()
        self.told = self.described()
        self.manifest, self.config_model = manifest_of(family.kind, plugin_id, self.told), model_of(self.told.form, family.config)
        if family.confirmation is not None:
            self.confirmation_model = family.confirmation

    @property
    def plugin_id(self) -> str:
        return self._id

    def capability(self, config: Config | None) -> BaseModel:
        """What it says it can do. Raises PluginError if it does not answer."""
        name = hashlib.sha256(written(config)).digest() if config else b""
        return self._known.of(name, lambda: capability_in(self._family.capability, self.described(config) if config else self.told))

    def transport(self, config: Any, ctx: Ctx[Any] | None) -> Transport:
        return self._way


def manifest_of(kind: Kind, plugin_id: str, told: Described) -> Manifest:
    """The manifest that a plug-in told, under the id that the operator gave it. Raises PluginError (protocol)."""
    m: Mapping[str, Any] = told.manifest
    try:
        return Manifest(
            id=plugin_id,
            version=str(m["version"]),
            api=1,
            kind=kind,
            name=m.get("name", {}),
            allowed_hosts=tuple(m["allowed_hosts"]),
            timeout=timedelta(seconds=m.get("timeout", 20)),
            fees=tuple(Fee.model_validate(fee) for fee in m.get("fees", [])),
            acknowledgement=str(m.get("acknowledgement", "")),
        )
    except ValidationError as error:
        raise PluginError(ErrorKind.PROTOCOL, f"the plug-in's manifest cannot be read: {said(error)}") from None
    except (KeyError, TypeError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "the plug-in's manifest is not whole", type(error).__name__) from None
