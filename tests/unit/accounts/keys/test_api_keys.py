import re

import pytest

from functions.accounts.account_store import AccountStore
from functions.accounts.keys.api_keys import MAX_KEYS, SHOWN, KeyRing, TooManyKeys, digest_of
from shared.api.idempotency import KeyReused
from shared.errors import NotFound
from shared.ids import derived_id
from tests.fakes import FakeClock
from tests.unit.accounts.fakes import CLAIM, idempotency

ACCOUNT, STOREFRONT = derived_id("acc", "1"), derived_id("sf", "1")


@pytest.fixture
def ring(make_table) -> KeyRing:
    return KeyRing(AccountStore(make_table("accounts")), FakeClock())


def test_a_key_is_shown_once_and_kept_as_a_hash(ring: KeyRing) -> None:
    key, text = ring.create(ACCOUNT, STOREFRONT, "shop", idempotency())
    assert text is not None
    assert re.fullmatch(r"mk_\w{26}_\w{26}_[\w-]{43}", text)
    kept = ring.kept.key(ACCOUNT, key.id)
    assert kept is not None
    assert (kept.prefix, kept.digest) == (text[:SHOWN], digest_of(text))
    assert text[60:] not in repr(kept)
    assert kept.digest not in repr(kept)


def test_a_replay_answers_the_key_without_its_text(ring: KeyRing) -> None:
    key, _ = ring.create(ACCOUNT, STOREFRONT, "shop", idempotency())
    assert ring.create(ACCOUNT, STOREFRONT, "shop", idempotency()) == (key, None)


def test_a_key_reused_for_another_request_is_refused(ring: KeyRing) -> None:
    ring.create(ACCOUNT, STOREFRONT, "shop", idempotency())
    with pytest.raises(KeyReused):
        ring.create(ACCOUNT, STOREFRONT, "other", idempotency(body=CLAIM))


def test_two_keys_share_nothing_but_their_account(ring: KeyRing) -> None:
    texts = {ring.create(ACCOUNT, STOREFRONT, "shop", idempotency(str(n)))[1] for n in range(3)}
    assert len({text.split("_", 3)[3] for text in texts if text}) == 3


def test_revoking_twice_is_once(ring: KeyRing) -> None:
    key, _ = ring.create(ACCOUNT, STOREFRONT, "shop", idempotency())
    ring.revoke(ACCOUNT, key.id)
    first = ring.kept.key(ACCOUNT, key.id)
    ring.now.tick(hours=1)  # type: ignore[attr-defined]
    ring.revoke(ACCOUNT, key.id)
    assert first is not None
    assert first.revoked_at is not None
    assert ring.kept.key(ACCOUNT, key.id) == first


def test_another_account_s_key_is_not_found(ring: KeyRing) -> None:
    key, _ = ring.create(ACCOUNT, STOREFRONT, "shop", idempotency())
    with pytest.raises(NotFound):
        ring.revoke(derived_id("acc", "2"), key.id)


def test_an_account_has_so_many_keys_and_no_more(ring: KeyRing) -> None:
    for n in range(MAX_KEYS):
        ring.create(ACCOUNT, STOREFRONT, "shop", idempotency(str(n)))
    with pytest.raises(TooManyKeys):
        ring.create(ACCOUNT, STOREFRONT, "shop", idempotency("over"))
