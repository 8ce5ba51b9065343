"""shared/api/idempotency.py: the IETF draft's header, and what makes two requests the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.idempotency import Idempotency, KeyReused
from shared.api.payload import Body
from shared.errors import Malformed

VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'), min_size=1, max_size=255)


class Thing(Body):
    name: str
    size: int = 1


def of(key: str | None, *, tenant: str = "acc_1", route: str = "POST /v1/things", body: Thing | None = None) -> Idempotency:
    return Idempotency.of({} if key is None else {"idempotency-key": key}, tenant, route, body)


@given(VISIBLE)
def test_a_quoted_key_and_a_bare_one_are_the_same(key: str):
    assert of(key) == of(f'"{key}"')


@pytest.mark.parametrize("key", [None, "", '""', "x" * 256, "a b", '"open', 'a"b', "é", "\t", "k\n"])
def test_a_missing_or_unreadable_key_is_malformed_and_names_the_header(key: str | None):
    with pytest.raises(Malformed) as refusal:
        of(key)
    assert [error.pointer for error in refusal.value.errors] == ["header/Idempotency-Key"]


def test_the_draft_s_example_is_a_quoted_string_that_may_hold_spaces():
    assert of('"8e03978e-40d5-43dd-bc93-6894a57f9324"').key == "8e03978e-40d5-43dd-bc93-6894a57f9324"
    assert of('"a b"').key == "a b"


def test_the_same_key_creates_the_same_thing_and_only_for_its_tenant_route_and_kind():
    first = of("k")
    assert first.id("ord") == of("k").id("ord")
    others = [of("k", tenant="acc_2"), of("k", route="POST /v1/others"), of("k2")]
    assert len({first.id("ord"), first.id("ref"), *(other.id("ord") for other in others)}) == 5


def test_another_body_under_the_same_key_is_refused():
    stored = of("k", body=Thing(name="a")).fingerprint
    of("k", body=Thing(name="a", size=1)).same(stored)
    with pytest.raises(KeyReused) as refusal:
        of("k", body=Thing(name="b")).same(stored)
    assert refusal.value.status == 422
