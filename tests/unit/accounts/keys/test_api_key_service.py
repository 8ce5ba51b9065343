import re
from dataclasses import replace

import pytest

from functions.accounts.keys.api_key_service import ApiKeyService
from functions.accounts.keys.api_key_store import ApiKeyStore
from functions.accounts.keys.issued_key import MAX_KEYS, KeyRevoked, TooManyKeys
from shared.api.idempotency import KeyReused
from shared.api_key import SHOWN, hash_of
from shared.errors import NotFound
from shared.ids import derived_id
from tests.fakes import FakeClock
from tests.unit.accounts.fakes import CLAIM, idempotency

ACCOUNT, STOREFRONT = derived_id("acc", "1"), derived_id("sf", "1")


@pytest.fixture
def keys(make_table) -> ApiKeyService:
    return ApiKeyService(ApiKeyStore(make_table("accounts")), FakeClock())


def test_a_key_is_shown_once_and_kept_as_a_hash(keys: ApiKeyService) -> None:
    key, text = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    assert text is not None
    assert re.fullmatch(r"mk_\w{26}_\w{26}_[\w-]{43}", text)
    kept = keys.kept.get(ACCOUNT, key.id)
    assert kept is not None
    assert (kept.prefix, kept.key_hash) == (text[:SHOWN], hash_of(text))
    assert text[60:] not in repr(kept)
    assert kept.key_hash not in repr(kept)


def test_a_replay_answers_the_key_without_its_text(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    assert keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency()) == (key, None)


def test_a_key_reused_for_another_request_is_refused(keys: ApiKeyService) -> None:
    keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    with pytest.raises(KeyReused):
        keys.create(ACCOUNT, STOREFRONT, "other", "sell", idempotency(body=CLAIM))


def test_two_keys_share_nothing_but_their_account(keys: ApiKeyService) -> None:
    texts = {keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency(str(n)))[1] for n in range(3)}
    assert len({text.split("_", 3)[3] for text in texts if text}) == 3


def test_revoking_twice_is_once(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    keys.revoke(ACCOUNT, key.id)
    first = keys.kept.get(ACCOUNT, key.id)
    keys.clock.tick(hours=1)  # type: ignore[attr-defined]
    keys.revoke(ACCOUNT, key.id)
    assert first is not None
    assert first.revoked_at is not None
    assert keys.kept.get(ACCOUNT, key.id) == first


def test_another_account_s_key_is_not_found(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    with pytest.raises(NotFound):
        keys.revoke(derived_id("acc", "2"), key.id)


def test_an_account_has_so_many_keys_and_no_more(keys: ApiKeyService) -> None:
    for n in range(MAX_KEYS):
        keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency(str(n)))
    with pytest.raises(TooManyKeys):
        keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency("over"))


def test_a_scope_is_changed_without_another_key_and_the_same_one_again_changes_nothing(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    changed = keys.change_scope(ACCOUNT, key.id, "browse")
    assert (changed.scope, changed.key_hash) == ("browse", key.key_hash)
    assert keys.change_scope(ACCOUNT, key.id, "browse") == changed == keys.kept.get(ACCOUNT, key.id)


def test_a_revoked_key_gets_no_other_scope(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    keys.revoke(ACCOUNT, key.id)
    with pytest.raises(KeyRevoked):
        keys.change_scope(ACCOUNT, key.id, "manage")
    assert not keys.kept.set_scope(key)


def test_another_account_changes_no_scope(keys: ApiKeyService) -> None:
    key, _ = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", idempotency())
    with pytest.raises(NotFound):
        keys.change_scope(derived_id("acc", "2"), key.id, "manage")
    assert not keys.kept.set_scope(replace(key, id=derived_id("key", "forgotten")))
