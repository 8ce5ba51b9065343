"""A sealed text is read by its tenant while its key is there, by nobody else, and by nobody at all once the key is erased."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any

import boto3
import pytest

from shared.aws.dynamo import connection
from shared.providers.credentials import Unreadable
from shared.providers.kms_keys import KmsKeys
from shared.sealing.keys_store import KeysStore
from shared.sealing.sealed_text import SealedText
from shared.sealing.sealing import BATCH, Sealing
from tests.conftest import kms_key
from tests.fakes import FakeClock, FakeKeyService, MemoryKeys

TENANT, OTHER = "acc_1#sf_1", "acc_1#sf_2"
PLAIN = '{"name": "Ada Chen", "note": "bitte klingeln 请按门铃"}'


@pytest.fixture
def store(make_table: Callable[[str], str]) -> KeysStore:
    return KeysStore(make_table("keys"))


@pytest.fixture
def process(store: KeysStore) -> Callable[[], Sealing]:
    """A process of one hub: each call makes another, over the same key and table."""
    service, drawn = KmsKeys(kms_key()), iter(range(10_000))
    return lambda: Sealing(service, store, random=lambda n: next(drawn).to_bytes(n, "big"), clock=FakeClock())


def items() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = boto3.resource("dynamodb").Table("keys-test").scan()["Items"]
    return found


def test_another_process_reads_what_one_has_sealed(process: Callable[[], Sealing]) -> None:
    first, second = process(), process()
    texts = [*first.seal(TENANT, PLAIN, "two"), *second.seal(OTHER, "three")]
    assert process().open([(TENANT, texts[0]), (OTHER, texts[2]), (TENANT, texts[1])]) == [PLAIN, "three", "two"]
    assert process().open([]) == []


def test_another_tenant_reads_nothing_and_a_text_under_anothers_key_is_none(process: Callable[[], Sealing]) -> None:
    sealing = process()
    (one, other), (two,) = sealing.seal(TENANT, PLAIN, PLAIN), sealing.seal(TENANT, PLAIN)
    changed = [one.model_copy(update=to) for to in ({"key": two.key}, {"text": "AAAA"}, {"part": 1}, {"text": other.text})]
    for at in [(OTHER, one), *((TENANT, text) for text in changed)]:
        with pytest.raises(Unreadable):
            sealing.open([at])


def test_an_erased_key_opens_nothing_ever_again_and_leaves_the_others(process: Callable[[], Sealing]) -> None:
    sealing = process()
    (one,), (two,) = sealing.seal(TENANT, PLAIN), sealing.seal(TENANT, "two")
    sealing.erase(one)
    sealing.erase(one)
    assert one.key.split(".")[0] == two.key.split(".")[0]
    for reader in (sealing, process()):
        assert reader.open([(TENANT, one), (TENANT, two)]) == [None, "two"]
    sealing.erase(SealedText(key="slt_unknown.3", text=""))
    assert {item["pk"] for item in items()} == {"hub", two.key.split(".")[0]}


def test_what_was_sealed_last_is_erased_as_all_else_is(process: Callable[[], Sealing]) -> None:
    """It is opened once without a read, by whoever shows it; not after its key is gone."""
    sealing = process()
    (last,) = sealing.seal(TENANT, PLAIN)
    sealing.erase(last)
    assert sealing.open([(TENANT, last)]) == [None]


def test_nothing_that_lies_in_the_table_is_a_key_or_was_used_for_two_texts(process: Callable[[], Sealing]) -> None:
    sealing = process()
    texts = [text for _ in range(3 * BATCH) for text in sealing.seal(TENANT, PLAIN)]
    assert len({text.key for text in texts}) == len({text.text for text in texts}) == 3 * BATCH
    said = str(items())
    assert not [root for root in (sealing.root.hex(), b64encode(sealing.root).decode(), str(sealing.root)) if root in said]
    assert "Ada" not in said + str(texts)


def test_a_batch_of_keys_is_one_write_below_a_kilobyte_and_sealing_makes_no_other_call(process: Callable[[], Sealing]) -> None:
    sealing, calls = process(), list[str]()
    sealing.seal(TENANT, PLAIN)
    events = connection().client.meta.events
    note = lambda model, **_: calls.append(model.name)  # noqa: E731
    events.register("before-call.dynamodb", note)
    for _ in range(2 * BATCH):
        sealing.seal(TENANT, PLAIN)
    events.unregister("before-call.dynamodb", note)
    assert calls == ["PutItem"] * 2
    sizes = [sum(len(number) + len(salt) + 3 for number, salt in item["salts"].items()) + 100 for item in items() if "salts" in item]
    assert max(sizes) <= 1024


def test_of_two_roots_the_first_is_kept(store: KeysStore) -> None:
    assert store.root() is None
    assert [store.add_root(b"of the first"), store.add_root(b"too late"), store.root()] == [b"of the first"] * 3


@dataclass
class Overtaken(MemoryKeys):
    """Another process keeps a root of its own between this one's look and its write."""

    def root(self) -> bytes | None:
        found, self.wrapped = self.wrapped, self.wrapped or b"of another process, of 32 bytes."
        return found


def test_processes_that_begin_at_once_seal_under_one_root() -> None:
    keys = Overtaken()
    overtaken, other = (Sealing(FakeKeyService(), keys, random=token_bytes, clock=FakeClock()) for _ in range(2))
    (text,) = overtaken.seal(TENANT, PLAIN)
    assert other.open([(TENANT, text)]) == [PLAIN]


def test_a_pseudonym_is_one_account_s_and_tells_nothing(process: Callable[[], Sealing]) -> None:
    said = process().pseudonym("pty", "acc_1", "ada@example.com")
    assert said == process().pseudonym("pty", "acc_1", "ada@example.com")
    others = {process().pseudonym("pty", "acc_2", "ada@example.com"), process().pseudonym("pty", "acc_1", "eve@example.com")}
    assert len(others | {said}) == 3
    assert said.startswith("pty_")
