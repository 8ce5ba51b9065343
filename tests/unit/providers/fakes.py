"""A key service in memory."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.providers.credentials import Unreadable


@dataclass
class FakeKeys:
    """Wraps a data key by remembering it (shared.providers.credentials.KeyService)."""

    kept: dict[bytes, tuple[bytes, dict[str, str]]] = field(default_factory=dict, repr=False)
    unwrapped: int = 0

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        key, wrapped = secrets.token_bytes(32), secrets.token_bytes(16)
        self.kept[wrapped] = (key, dict(context))
        return key, wrapped

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self.unwrapped += 1
        key, known = self.kept.get(wrapped, (b"", {}))
        if known != dict(context):
            raise Unreadable("another context")
        return key
