"""Standard Webhooks v1: symmetric signatures that a receiver checks with any of the published libraries.

Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Signature scheme": HMAC-SHA256 over
`id.timestamp.body`, as `v1,` and base64; several signatures, separated by blanks, while a secret is being replaced.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence

Random = Callable[[int], bytes]
"""So many random bytes."""
PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST, MOST = 24, 64
"""Bytes of a secret, by the specification."""
TOLERANCE = 300
"""Seconds by which a message's time may differ from the receiver's."""
MAX_SIGNATURES = 16
"""Of one message; what stands beyond is not looked at."""


class BadSecret(ValueError):
    """Not `whsec_` and the base64 of 24 to 64 bytes."""


class Unsigned(ValueError):
    """A message without a good signature of now; its text says why, and nothing of the secret."""


class Key:
    """A secret made ready to sign: it is hashed once, not once a message."""

    __slots__ = ("_keyed",)

    def __init__(self, secret: str) -> None:
        """Raises BadSecret."""
        self._keyed = hmac.new(_bytes_of(secret), digestmod="sha256")

    def sign(self, message_id: str, timestamp: int, body: bytes) -> str:
        """`v1,` and base64. `timestamp`: epoch seconds of this attempt; `message_id` holds no dot."""
        return f"v1,{base64.b64encode(self._digest(message_id, timestamp, body)).decode()}"

    def signed(self, message_id: str, timestamp: int, body: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's; takes as long whatever differs."""
        return hmac.compare_digest(self._digest(message_id, timestamp, body), signature)

    def _digest(self, message_id: str, timestamp: int, body: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(b"%b.%d.%b" % (message_id.encode(), timestamp, body))
        return keyed.digest()


def new_secret(random: Random) -> str:
    """A secret of 32 bytes of `random`, as its owner is shown it once."""
    return PREFIX + base64.b64encode(random(SECRET_BYTES)).decode()


def headers(keys: Sequence[Key], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a message carries: one signature for each key, the newest key first."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join([key.sign(message_id, timestamp, body) for key in keys]),
    }


def verify(keys: Sequence[Key], received: Mapping[str, str], body: bytes, now: int) -> None:
    """Accept a message of at most TOLERANCE seconds before or after `now` that one of `keys` has signed.

    Header names count in any letter case. Raises Unsigned.
    """
    found = {name.lower(): value for name, value in received.items()}
    message_id, stamp, given = (found.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message_id and stamp and given):
        raise Unsigned("webhook-id, webhook-timestamp and webhook-signature are needed")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unsigned("webhook-timestamp is not in seconds")
    if abs(now - int(stamp)) > TOLERANCE:
        raise Unsigned("webhook-timestamp is too old, or yet to come")
    signatures = _signatures(given)
    if not any(key.signed(message_id, int(stamp), body, signature) for key in keys for signature in signatures):
        raise Unsigned("no signature is that of this message")


def _signatures(given: str) -> list[bytes]:
    """Those of v1; other versions are for others."""
    marked = [one.removeprefix("v1,") for one in given.split(" ", MAX_SIGNATURES)[:MAX_SIGNATURES] if one.startswith("v1,")]
    return [signature for one in marked if (signature := _base64(one)) is not None]


def _bytes_of(secret: str) -> bytes:
    found = _base64(secret.removeprefix(PREFIX))
    if found is None or not LEAST <= len(found) <= MOST or not secret.startswith(PREFIX):
        raise BadSecret(f"a secret is {PREFIX} and the base64 of {LEAST} to {MOST} bytes")
    return found


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
