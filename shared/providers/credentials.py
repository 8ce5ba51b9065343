"""Envelope encryption of merchants' credentials: AES-256-GCM under a data key that only the key service can unwrap."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes (NIST SP 800-38D, 8.2.2). Every sealing has a data key of its own, so a nonce never meets its key twice."""
KEPT_KEYS = 256
KEPT_FOR = 300.0
"""At most this many data keys stay in a process, for at most this many seconds."""
FORMAT = b"\x01"
BOUND_TO = {"tenant", "plugin"}
"""What every context names. The key's policy (infra/tables.yaml) refuses a data key to whoever does not."""


class Unreadable(Exception):
    """The ciphertext is not of this tenant, installation and plug-in, or it is damaged."""


class KeyService(Protocol):
    """Makes and unwraps data keys of 32 bytes, each bound to an encryption context."""

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key: in the clear, and wrapped."""

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """The data key in the clear. Raises Unreadable for another context."""


class Credentials:
    """Seals and opens texts; what it answers in the clear is never kept."""

    def __init__(
        self, keys: KeyService, monotonic: Callable[[], float] = time.monotonic, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:  # fmt: skip
        self._keys, self._monotonic, self._random = keys, monotonic, random
        self._kept: OrderedDict[tuple[bytes, bytes], tuple[float, bytes]] = OrderedDict()

    def seal(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        """`plain`, encrypted: format (1 byte), length of the wrapped key (2), wrapped key, nonce (12), ciphertext with tag.

        Raises ValueError for a context that lacks one of BOUND_TO.
        """
        if not context.keys() >= BOUND_TO:
            raise ValueError(f"an encryption context names {' and '.join(sorted(BOUND_TO))}, not {', '.join(sorted(context))}")
        key, wrapped = self._keys.generate(context)
        nonce = self._random(NONCE)
        return FORMAT + len(wrapped).to_bytes(2, "big") + wrapped + nonce + AESGCM(key).encrypt(nonce, plain, associated(context))

    def open(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """What was sealed under the same context. Raises Unreadable."""
        if sealed[:1] != FORMAT:
            raise Unreadable("an unknown format")
        end = 3 + int.from_bytes(sealed[1:3], "big")
        nonce = sealed[end : end + NONCE]
        try:
            return AESGCM(self._key(sealed[3:end], context)).decrypt(nonce, sealed[end + NONCE :], associated(context))
        except (InvalidTag, ValueError) as error:
            raise Unreadable("not sealed for this context") from error

    def _key(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        name, now = (wrapped, associated(context)), self._monotonic()
        found = self._kept.pop(name, None)
        if found is None or found[0] < now:
            found = (now + KEPT_FOR, self._keys.unwrap(wrapped, context))
        self._kept[name] = found
        if len(self._kept) > KEPT_KEYS:
            self._kept.popitem(last=False)
        return found[1]


def associated(context: Mapping[str, str]) -> bytes:
    """The context as GCM's associated data."""
    return "\x1f".join(f"{name}={context[name]}" for name in sorted(context)).encode()
