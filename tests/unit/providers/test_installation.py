"""Credentials and the stores of installations."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from monsoon_plugin.plugin import Config
from shared.errors import Conflict
from shared.providers.credentials import KEPT_FOR, KEPT_KEYS, Credentials, Unreadable
from shared.providers.installation import HIDDEN, Installation, checked, merged, shown, written
from shared.providers.installation_store import InstallationStore
from shared.providers.registry import Registry
from tests.unit.providers.fakes import FakeKeys

CONTEXT = {"tenant": "acc_1#sf_1", "installation": "ins_1", "plugin": "p"}
ONE = Installation(
    id="ins_1",
    tenant="acc_1#sf_1",
    plugin="p",
    mode="test",
    enabled=True,
    rank=100,
    sealed=b"sealed",
    created_at="2026-11-01T12:00:00.000Z",
    fingerprint="f",
)


class Keyed(Config):
    name: str = ""
    key: SecretStr
    more: list[SecretStr] = Field(default=[], max_length=2)


@given(st.binary(max_size=500))
def test_what_is_sealed_opens_in_its_own_context_only(plain: bytes) -> None:
    credentials = Credentials(FakeKeys())
    sealed = credentials.seal(plain, CONTEXT)
    assert credentials.open(sealed, CONTEXT) == plain
    for name in CONTEXT:
        with pytest.raises(Unreadable):
            credentials.open(sealed, CONTEXT | {name: "another"})


@pytest.mark.parametrize("name", ["tenant", "plugin"])
def test_nothing_is_sealed_that_the_keys_policy_would_not_open(name: str) -> None:
    """The policy refuses a data key to who does not name both, which no test meets and every merchant would."""
    with pytest.raises(ValueError, match="names plugin and tenant"):
        Credentials(FakeKeys()).seal(b"x", {key: value for key, value in CONTEXT.items() if key != name})


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: b"\x02" + s[1:], lambda s: s[:-1] + bytes([s[-1] ^ 1]), lambda s: b""])
def test_a_damaged_ciphertext_is_unreadable(spoil: Callable[[bytes], bytes]) -> None:
    credentials = Credentials(FakeKeys())
    with pytest.raises(Unreadable):
        credentials.open(spoil(credentials.seal(b"secret", CONTEXT)), CONTEXT)


def test_data_keys_are_kept_for_a_while_and_not_without_bound() -> None:
    keys, now = FakeKeys(), [0.0]
    credentials = Credentials(keys, lambda: now[0])
    first = credentials.seal(b"x", CONTEXT)
    for _ in range(3):
        credentials.open(first, CONTEXT)
    assert keys.unwrapped == 1
    now[0] = KEPT_FOR + 1
    credentials.open(first, CONTEXT)
    assert keys.unwrapped == 2
    for i in range(KEPT_KEYS):
        credentials.open(credentials.seal(b"x", CONTEXT | {"installation": str(i)}), CONTEXT | {"installation": str(i)})
    credentials.open(first, CONTEXT)
    assert keys.unwrapped == 3 + KEPT_KEYS


def test_a_config_is_written_whole_and_shown_without_its_secrets() -> None:
    config = checked(Keyed, {"name": "n", "key": "s3cret", "more": ["t0ken"]})
    assert checked(Keyed, merged(written(config), {})) == config
    assert shown(config) == {"name": "n", "key": HIDDEN, "more": [HIDDEN]}
    assert "s3cret" not in repr(config)
    assert merged(written(config), {"key": HIDDEN, "name": None}) == {"key": "s3cret", "more": ["t0ken"]}


def test_an_installation_is_found_by_its_tenant_and_by_its_id_alone(make_table: Callable[[str], str]) -> None:
    store = InstallationStore(make_table("payments"))
    assert (store.add(ONE), store.add(ONE)) == (True, False)
    assert store.find("acc_1#sf_1", "ins_1") == store.find_by_id("ins_1") == ONE
    assert store.find("acc_2#sf_1", "ins_1") is store.find_by_id("ins_2") is None
    assert store.of("acc_1#sf_1") == [ONE]
    with pytest.raises(Conflict):
        store.replace(ONE)


def test_a_plug_in_is_imported_when_it_is_first_asked_for() -> None:
    registry: Registry[object] = Registry({"broken": "no.such.module:Nothing", "dict": "builtins:dict"})  # type: ignore[type-var]
    assert registry.ids == ("broken", "dict")
    assert registry.get("dict") is registry.get("dict")
