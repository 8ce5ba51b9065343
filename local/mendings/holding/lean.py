"""What the emulator holds in memory though it needs a part of it, or holds many times.

Of each service that answers, botocore's whole model, 2 to 10 MB, for two words of its metadata; of each transaction, for ten minutes, all
that was asked, 16 KB, to compare it with what may be asked again by the same token; of each function its own copy of its service's code.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from ministack.core import responses
from ministack.services import dynamodb, lambda_svc

CODE = "code_zip"


class Digest:
    """Stands for what was asked: equal to whatever says the same."""

    __slots__ = ("_digest",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, asked: Any) -> None:
        self._digest = _digest(asked)

    def __eq__(self, other: object) -> bool:
        return self._digest == (other._digest if isinstance(other, Digest) else _digest(other))


def _digest(asked: Any) -> bytes:
    return sha256(json.dumps(asked, sort_keys=True).encode()).digest()


def store_digests(store: Callable[[str, dict[str, Any]], None]) -> Callable[[str, dict[str, Any]], None]:
    """`store` notes under a transaction's token what was asked and answered."""

    def stored(token: str, entry: dict[str, Any]) -> None:
        store(token, entry | {"signature": Digest(entry["signature"])})

    return stored


def metadata_of(model_of: Callable[[str], Any]) -> Callable[[str], Any]:
    """What `model_of` finds of a service, without all but its metadata."""

    @cache
    def found(service: str) -> Any:
        model = model_of(service)
        return None if model is None else SimpleNamespace(metadata=dict(model.metadata))

    return found


def share_code() -> None:
    """Let functions whose code is the same hold one copy of it."""
    one: dict[bytes, bytes] = {}
    for held in _holders():
        if isinstance(code := held.get(CODE), bytes):
            held[CODE] = one.setdefault(code, code)


def _holders() -> Iterator[dict[str, Any]]:
    for function in list(lambda_svc._functions.all_values()):
        yield function
        yield from list(function.get("versions", {}).values())


def mend() -> None:
    responses._service_model = metadata_of(responses._service_model.__wrapped__)
    dynamodb._txn_token_store = store_digests(dynamodb._txn_token_store)
