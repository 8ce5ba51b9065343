"""KMS and Secrets Manager: data keys that are bound to their context, and secrets by name."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from simulation.aws.door import Answer, NotSimulated, Raw, found, refusal
from simulation.chance import Chance


class Kms:
    """Data keys; what it wraps it unwraps for the same context alone."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        context = json.dumps(raw.get("EncryptionContext", {}), sort_keys=True).encode()
        bound = hashlib.sha256(context).digest()
        if operation == "GenerateDataKey":
            key = self._chance.random.randbytes(32)
            return found(Plaintext=key, CiphertextBlob=bound + key + _seal(bound + key))
        if operation != "Decrypt":
            raise NotSimulated(f"kms {operation}")
        blob = bytes(raw["CiphertextBlob"])
        if blob[:32] != bound or blob[64:] != _seal(blob[:64]):
            return refusal(400, "InvalidCiphertextException", "damaged, or wrapped for another context")
        return found(Plaintext=blob[32:64])


class Secrets:
    """Secrets Manager: each secret is its own name."""

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        if operation != "GetSecretValue":
            raise NotSimulated(f"secretsmanager {operation}")
        return found(SecretString=f"the simulated secret whose name is {raw['SecretId']}")


def _seal(blob: bytes) -> bytes:
    return hashlib.sha256(b"seal" + blob).digest()
