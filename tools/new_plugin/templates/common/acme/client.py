"""Acme's API over HTTP: one request for one operation. All that knows the network; what answers mean stands in translate.py."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from acme.translate import error_of

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.http_call import Request, send
from monsoon_plugin.plugin import Ctx

T = TypeVar("T")


def called(ctx: Ctx[Any], path: str, read: Callable[[Any], T], body: Any = None, key: str = "") -> T:
    """One request, a change if it has an idempotency `key`; what `read` makes of the answer. Where keys and bodies go, the provider's
    documentation says. Raises PluginError for all but an explicit success: by translate's tables, and protocol where `read` fails."""
    headers = {"Authorization": f"Bearer {ctx.config.api_key.get_secret_value()}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    request = Request(ctx.base_url + path, headers, json.dumps(body).encode() if key else b"", "POST" if key else "GET")
    outcome = send(ctx, request, changes=bool(key))
    if not outcome.taken:
        raise error_of(outcome.status or 0, code_of(outcome.body), changes=bool(key))
    try:
        return read(json.loads(outcome.body))
    except (ValueError, KeyError, TypeError):
        raise PluginError(ErrorKind.PROTOCOL, "Acme's answer is not as it is documented.") from None


def code_of(body: bytes) -> str:
    """The provider's code in the answer of a refusal, here `{"error": {"code": …}}`; empty where there is none."""
    try:
        return str(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""
