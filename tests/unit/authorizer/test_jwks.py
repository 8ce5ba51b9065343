import json
from dataclasses import dataclass, field

import pytest

from functions.authorizer.jwks import MAX_KEYS, SigningKeys, rsa_keys
from tests.fakes import FakeClock
from tests.unit.authorizer.issuing import jwks


@dataclass
class Published:
    """The issuer's document, and how often it was fetched."""

    document: bytes = field(default_factory=lambda: jwks("one"))
    fetched: int = 0

    def __call__(self) -> bytes:
        self.fetched += 1
        return self.document


def test_keys_are_fetched_once_an_hour() -> None:
    published, clock = Published(), FakeClock()
    keys = SigningKeys(published, clock)
    assert keys("one") is keys("one")
    clock.tick(minutes=59)
    keys("one")
    assert published.fetched == 1
    clock.tick(minutes=1)
    keys("one")
    assert published.fetched == 2


def test_a_new_key_is_found_within_a_minute_and_forged_ids_cost_one_fetch_a_minute() -> None:
    published, clock = Published(), FakeClock()
    keys = SigningKeys(published, clock)
    keys("one")
    published.document = jwks("two")
    assert [keys(kid) for kid in ("two", "forged", "forged too")] == [None] * 3
    clock.tick(minutes=1)
    assert keys("two") is not None
    assert keys("one") is None
    assert published.fetched == 2


def test_only_rsa_signing_keys_count_and_no_more_than_a_few() -> None:
    usual = json.loads(jwks("one"))["keys"][0]
    others = [usual | {"kid": "enc", "use": "enc"}, usual | {"kid": "ps", "alg": "PS256"}, {"kty": "oct", "kid": "oct", "k": "AA"}]
    assert list(rsa_keys(json.dumps({"keys": [*others, usual]}).encode())) == ["one"]
    assert len(rsa_keys(jwks(*map(str, range(MAX_KEYS + 5))))) == MAX_KEYS


def test_a_document_without_keys_is_the_issuer_s_fault() -> None:
    with pytest.raises(ValueError, match="no keys"):
        rsa_keys(b"{}")
