"""One call of a plug-in that runs elsewhere, as JSON; the same for every family. Pure.

{api, call, plugin, installation, mode, config, base_url, notify_url, now, deadline, arguments} → {result} or {error}.
Arguments and results are written and read by the annotations of the family's Protocol, so that no method is described twice. Bytes
are base64 in the URL-safe alphabet (RFC 4648, 5). docs/remote-plugins.md shows the whole format.
"""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Mode

DESCRIBE = "describe"
"""The call that asks what a plug-in is; its `arguments` are empty, its config may be."""
CHANGES = frozenset({"start", "confirm", "capture", "cancel", "refund", "buy", "void", "submit"})
"""The calls that ask for an effect: without an answer nobody knows whether it happened."""
MAX_CALL = 4 * 1024 * 1024
"""Bytes of a call; a bank's statement is the largest thing that is sent."""
WIRE = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class Call(BaseModel):
    """What is asked of a plug-in."""

    api: Literal[1] = 1
    call: str = Field(pattern=r"^[a-z][a-z_]{1,39}$")
    plugin: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    installation: str = Field(default="", max_length=64, description="the merchant's; empty where the hub has no public address")
    mode: Mode = "test"
    config: dict[str, Any] = Field(default={}, repr=False, description="as the merchant typed it, its secrets in the clear")
    base_url: str = Field(default="", max_length=500, description="where the provider answers; empty: the plug-in knows")
    notify_url: str = Field(default="", max_length=500)
    now: datetime
    deadline: datetime
    arguments: dict[str, Any] = Field(default={}, repr=False)


class Refusal(BaseModel):
    """A PluginError."""

    kind: ErrorKind
    message: str = Field(max_length=500)
    provider_code: str = Field(default="", max_length=200)

    @classmethod
    def of(cls, error: PluginError) -> "Refusal":
        return cls(kind=error.kind, message=error.message[:500], provider_code=error.provider_code[:200])


@dataclass(frozen=True)
class Method:
    """How one method of a Protocol is written and read."""

    name: str
    arguments: type[BaseModel]
    answer: type[BaseModel]

    @property
    def changes(self) -> bool:
        return self.name in CHANGES

    def written(self, *given: Any, **named: Any) -> dict[str, Any]:
        """The arguments after `ctx`, as JSON values."""
        passed = dict(zip(self.arguments.model_fields, given, strict=False)) | named
        document: dict[str, Any] = self.arguments.model_construct(**passed).model_dump(mode="json")
        return document

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by name. Raises PluginError (protocol) that names what is wrong, never its value."""
        try:
            read = self.arguments.model_validate_json(json.dumps(arguments))
        except ValidationError as error:
            raise PluginError(ErrorKind.PROTOCOL, f"the hub's call cannot be read: {said(error)}") from None
        return {name: getattr(read, name) for name in self.arguments.model_fields}

    def answered(self, result: Any) -> bytes:
        """A plug-in's answer."""
        return self.answer.model_construct(result=result).model_dump_json(include={"result"}).encode()

    def opened(self, body: bytes) -> Any:
        """The result in an answer. Raises PluginError: the one it tells, or protocol for what is no answer."""
        try:
            answer: Any = self.answer.model_validate_json(body)
        except ValidationError as error:
            raise PluginError(ErrorKind.PROTOCOL, f"the plug-in's answer cannot be read: {said(error)}") from None
        if answer.error is not None:
            raise PluginError(answer.error.kind, answer.error.message, answer.error.provider_code)
        if answer.model_fields_set != {"result"}:
            raise PluginError(ErrorKind.PROTOCOL, "the plug-in's answer has neither a result nor an error")
        return answer.result


class Described(BaseModel):
    """What a plug-in is, in answer to `describe`: as the lock holds it, with its limits."""

    manifest: dict[str, Any] = Field(description="id, version, name, allowed_hosts, timeout in seconds, fees, acknowledgement")
    form: dict[str, Any] = Field(description="JSON Schema of the config")
    capability: dict[str, Any] = Field(description="with the call's config; without one the most that any allows")


def refused(error: PluginError) -> bytes:
    """A plug-in's refusal, as an answer."""
    return json.dumps({"error": Refusal.of(error).model_dump(mode="json")}).encode()


@cache
def method_of(protocol: type, name: str) -> Method:
    """A method of a family's Protocol, or `describe`. Raises KeyError for a name that is not a call of it."""
    if name == DESCRIBE:
        return Method(name, create_model("Describe"), _answer(Described))
    asked = getattr(protocol, name, None)
    if name.startswith("_") or not inspect.isfunction(asked) or "ctx" not in inspect.signature(asked).parameters:
        raise KeyError(name)
    hints, parameters = get_type_hints(asked), inspect.signature(asked).parameters
    fields: dict[str, Any] = {
        n: (hints[n], ... if p.default is p.empty else p.default) for n, p in parameters.items() if n not in ("self", "ctx")
    }
    return Method(name, create_model(f"{name}_arguments", __config__=WIRE, **fields), _answer(hints["return"]))


def said(error: ValidationError) -> str:
    """Which fields a model refuses, and why; never their values."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[:5]
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in found)[:400]


def _answer(result: Any) -> type[BaseModel]:
    return create_model("Answer", __config__=WIRE, result=(result, None), error=(Refusal | None, None))
