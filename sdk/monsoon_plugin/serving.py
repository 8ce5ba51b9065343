"""The other side: whoever wrote a plug-in serves it here, in a Lambda function or behind HTTPS, without the hub's core.

    served = Served(CourierPlugin, [Acme()])
    handler = lambda_handler(served)                                  # the operator's: a function, asked by its ARN
    status, headers, body = https_answer(served, "whsec_…", request_headers, request_body, utc_now())   # a merchant's own

Nothing of an exception leaves the process but its name.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from monsoon_plugin.envelope import DESCRIBE, MAX_CALL, Call, Described, Method, method_of, refused, said
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Plugin, form_of
from monsoon_plugin.signatures import Key, Unsigned, headers, verify

JSON = {"content-type": "application/json"}
log = logging.getLogger(__name__)


class Served:
    """Some plug-ins of one family, each by its id."""

    def __init__(
        self, protocol: type, plugins: Iterable[Plugin[Any]], bases: Mapping[str, str] = MappingProxyType({}), *, local: bool = False
    ) -> None:
        """`protocol`: PaymentPlugin, CourierPlugin or ClearingPlugin. `bases`: plug-in id → where its provider answers, if not at
        its own host. `local`: the laptop stage."""
        self._protocol, self._bases, self._local = protocol, bases, local
        self._plugins = {plugin.manifest.id: plugin for plugin in plugins}

    def answered(self, body: bytes) -> bytes:
        """The answer to an envelope; whatever happens, it is one."""
        try:
            call = _call(body)
            return self._answered(call)
        except PluginError as error:
            return refused(error)
        except Exception as error:
            # A plug-in's own mistake: its message may hold what the merchant or shopper typed, so only its name is told or logged.
            log.error("the plug-in failed: %s", type(error).__name__)
            return refused(PluginError(ErrorKind.PROTOCOL, "the plug-in failed", type(error).__name__))

    def _answered(self, call: Call) -> bytes:
        plugin: Any = self._plugins.get(call.plugin) or (next(iter(self._plugins.values())) if len(self._plugins) == 1 else None)
        if plugin is None:
            raise PluginError(ErrorKind.PROTOCOL, f"there is no plug-in {call.plugin} here")
        try:
            method = method_of(self._protocol, call.call)
        except KeyError:
            raise PluginError(ErrorKind.PROTOCOL, f"there is no call {call.call}") from None
        if call.call == DESCRIBE:
            return method.answered(described(plugin, config_of(plugin, call.config) if call.config else None))
        ctx = self._ctx(plugin, call)
        return method.answered(getattr(plugin, method.name)(ctx, **_given(plugin, method, call.arguments)))

    def _ctx(self, plugin: Plugin[Any], call: Call) -> Ctx[Any]:
        base_url = call.base_url or plugin.manifest.base_url(self._bases)
        config = config_of(plugin, call.config)
        return Ctx(
            config=config,
            base_url=base_url,
            deadline=call.deadline,
            now=call.now,
            mode=call.mode,
            notify_url=call.notify_url,
            local=self._local,
        )


def lambda_handler(served: Served) -> Callable[[Any, Any], Any]:
    """The entry point of a function that the operator names in PLUGIN_FUNCTIONS. Who may invoke it, IAM says."""

    def handler(event: Any, context: Any) -> Any:
        return json.loads(served.answered(json.dumps(event).encode()))

    return handler


def https_answer(
    served: Served, secret: str, received: Mapping[str, str], body: bytes, now: datetime
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """Status, headers and body that answer a POST of the hub; 401 for one that the hub has not signed just now.

    Args: `secret`: the merchant's signing secret, whsec_…; `received`: the request's headers.
    """
    key, at = Key(secret), int(now.timestamp())
    try:
        verify([key], received, body, at)
    except Unsigned as error:
        return 401, JSON, json.dumps({"detail": str(error)}).encode()
    call_id = next(value for name, value in received.items() if name.lower() == "webhook-id")
    answer = served.answered(body)
    return 200, {**JSON, **headers([key], call_id, at, answer)}, answer


def described(plugin: Plugin[Any], config: Config | None) -> Described:
    """What a plug-in says of itself."""
    m = plugin.manifest
    told: dict[str, Any] = {"id": m.id, "version": m.version, "name": m.name, "allowed_hosts": m.allowed_hosts, "fees": m.fees}
    told |= {"timeout": int(m.timeout.total_seconds()), "acknowledgement": m.acknowledgement}
    return Described(
        manifest=to_jsonable_python(told), form=form_of(plugin.config_model), capability=plugin.capability(config).model_dump(mode="json")
    )


def config_of(plugin: Plugin[Any], document: Mapping[str, Any]) -> Config:
    """The merchant's config. Raises PluginError (config) that names each wrong field."""
    try:
        found: Config = plugin.config_model.model_validate(document)
    except ValidationError as error:
        raise PluginError(ErrorKind.CONFIG, said(error)) from None
    return found


def _call(body: bytes) -> Call:
    if len(body) > MAX_CALL:
        raise PluginError(ErrorKind.PROTOCOL, f"a call has at most {MAX_CALL} bytes")
    try:
        return Call.model_validate_json(body)
    except ValidationError as error:
        raise PluginError(ErrorKind.PROTOCOL, f"the hub's call cannot be read: {said(error)}") from None


def _given(plugin: Any, method: Method, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the call; what the shopper's side gave to a payment, as the plug-in's own model. Raises PluginError."""
    model = getattr(plugin, "confirmation_model", None)
    request = arguments.get("request")
    if model is None or not isinstance(request, Mapping):
        return method.read(arguments)
    given = method.read({**arguments, "request": {**request, **({"data": None} if "data" in request else {})}})
    if request.get("data") is not None:
        given["request"] = replace(given["request"], data=_data(model, request["data"]))
    if "data" in given:
        given["data"] = _data(model, given["data"])
    return given


def _data(model: Any, document: Any) -> Any:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise PluginError(ErrorKind.INVALID, said(error)) from None
