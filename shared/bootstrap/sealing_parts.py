"""The part of a service that seals, or opens, what buyers say."""

import secrets
from dataclasses import dataclass
from functools import cached_property

from shared.bootstrap.parts import Parts
from shared.ids import Random
from shared.providers.kms_keys import KmsKeys
from shared.sealing.keys_store import KeysStore
from shared.sealing.sealing import Sealing


@dataclass(frozen=True, slots=True)
class SealingSettings:
    keys_table: str
    credentials_key: str


class SealingParts(Parts):
    @cached_property
    def random(self) -> Random:
        return secrets.token_bytes

    @cached_property
    def sealing(self) -> Sealing:
        settings = self.settings(SealingSettings)
        return Sealing(KmsKeys(settings.credentials_key), KeysStore(settings.keys_table), random=self.random, clock=self.clock)
