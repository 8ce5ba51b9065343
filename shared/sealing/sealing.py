"""Sealing: a text under a key of its own, so that erasing the key erases every copy of the text, wherever it lies.

A key is derived (HKDF, RFC 5869) from two secrets: the hub's root key, which KMS alone unwraps, and a salt of the key's own, which lies
in the table of keys. Without the salt nothing brings the key back. Salts are made in batches, one write each, before they are used
(docs/decisions/0059-sealing.md).
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from monsoon_plugin.clock import Clock
from shared.aws.packing import packed, unpacked
from shared.ids import Random, derived_id, new_id
from shared.providers.credentials import KeyService, Unreadable
from shared.sealing.sealed_text import SealedText

ROOT_CONTEXT = {"tenant": "hub", "plugin": "sealing"}
"""What the root key is wrapped for; the key's policy refuses whoever names no tenant and plug-in."""
BATCH = 16
"""Salts in one item, which is below a kilobyte: one write unit for sixteen orders of a process."""
ONCE = bytes(12)
"""The nonce: each text has a key of its own, derived for its part, so that none meets a key twice (NIST SP 800-38D, 8)."""
SECRET = 32
"""Bytes of a salt and of a key."""


class Keys(Protocol):
    """Where the root key lies, wrapped, and the salts."""

    def root(self) -> bytes | None:
        """The wrapped root key; None if there is none yet."""

    def add_root(self, wrapped: bytes) -> bytes:
        """Keep it unless one stands; answers the one that stands."""

    def add_batch(self, batch: str, salts: Sequence[bytes]) -> None:
        """Keep a new batch: the salts of `batch.0`, `batch.1` …"""

    def salts(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Key → its salt, of those that are not erased."""

    def erase(self, key: str) -> None:
        """Forget a key's salt for good. Doing it again changes nothing."""


class Sealing:
    """Seals and opens texts of a tenant (`account#storefront`); what it answers in the clear is never kept."""

    def __init__(self, service: KeyService, keys: Keys, *, random: Random, clock: Clock) -> None:
        self._service, self._keys, self._random, self._clock = service, keys, random, clock
        self._root: bytes | None = None
        self._fresh: list[tuple[str, bytes]] = []
        self._last: dict[str, bytes] = {}

    def seal(self, tenant: str, *plain: str) -> list[SealedText]:
        """The texts, under a key that seals nothing else. One write for each BATCH of keys, none for the others."""
        if not self._fresh:
            self._fresh = self._made(self._clock())
        key, salt = self._fresh.pop()
        self._last = {key: salt}
        return [self._sealed(tenant, key, salt, part=part, plain=text) for part, text in enumerate(plain)]

    def open(self, texts: Sequence[tuple[str, SealedText]]) -> list[str | None]:
        """What each tenant's text says, all in one read; None where its key is erased. What was sealed last here is opened once without
        a read, by whoever shows it.

        Raises Unreadable for what is damaged, or another tenant's.
        """
        asked = {text.key for _, text in texts}
        salts = {key: self._last.pop(key) for key in asked & self._last.keys()}
        if asked - salts.keys():
            salts |= self._keys.salts(asked - salts.keys())
        return [self._opened(tenant, text, salts[text.key]) if text.key in salts else None for tenant, text in texts]

    def erase(self, text: SealedText) -> None:
        """Let nobody read it, or any copy of it, again."""
        self._last.pop(text.key, None)
        self._keys.erase(text.key)

    def pseudonym(self, kind: str, account_id: str, text: str) -> str:
        """The one id of `kind` that stands for `text` at this account, and leads back to it for nobody without the root key."""
        key = _derived(self.root, None, f"{kind}\x1f{account_id}")
        return derived_id(kind, hmac.new(key, text.encode(), hashlib.sha256).hexdigest())

    @property
    def root(self) -> bytes:
        """The hub's root key; made by whoever needs it first."""
        if self._root is None:
            wrapped = self._keys.root()
            if wrapped is None:
                wrapped = self._keys.add_root(self._service.generate(ROOT_CONTEXT)[1])
            self._root = self._service.unwrap(wrapped, ROOT_CONTEXT)
        return self._root

    def _made(self, now: datetime) -> list[tuple[str, bytes]]:
        batch, salts = new_id("slt", now, self._random), [self._random(SECRET) for _ in range(BATCH)]
        self._keys.add_batch(batch, salts)
        return [(f"{batch}.{n}", salt) for n, salt in enumerate(salts)]

    def _sealed(self, tenant: str, key: str, salt: bytes, *, part: int, plain: str) -> SealedText:
        cipher = AESGCM(_derived(self.root, salt, _info(tenant, key, part)))
        return SealedText(key=key, part=part, text=b64encode(cipher.encrypt(ONCE, packed(plain), None)).decode())

    def _opened(self, tenant: str, text: SealedText, salt: bytes) -> str:
        cipher = AESGCM(_derived(self.root, salt, _info(tenant, text.key, text.part)))
        try:
            return unpacked({"B": cipher.decrypt(ONCE, b64decode(text.text), None)})
        except (InvalidTag, ValueError) as error:
            raise Unreadable("not sealed for this tenant, or damaged") from error


def _info(tenant: str, key: str, part: int) -> str:
    return f"sealed\x1f{tenant}\x1f{key}\x1f{part}"


def _derived(root: bytes, salt: bytes | None, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=SECRET, salt=salt, info=info.encode()).derive(root)
