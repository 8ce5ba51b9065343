"""The rules that every figure of `make bench` rests on, against worked examples of the DynamoDB developer guide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capacity import Index, Schema, charged, index_units, read_units, size, write_units

OPEN = Index(frozenset({"open_pk", "open_sk"}), frozenset({"pk", "sk", "open_pk", "open_sk"}))
TABLE = Schema(frozenset({"pk", "sk"}), (OPEN,))


def item(text: str = "", **more: str) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in {"pk": "p", "sk": "s", "text": text, **more}.items()}


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [
        ({"S": "abc"}, 3), ({"S": "碗"}, 3), ({"B": b"1234"}, 4), ({"BOOL": True}, 1), ({"NULL": True}, 1),
        ({"N": "0"}, 1), ({"N": "7"}, 2), ({"N": "1234"}, 3), ({"N": "-1234"}, 4), ({"N": "12000"}, 2), ({"N": "0.05"}, 2),
        ({"N": "9" * 38}, 20), ({"SS": ["ab", "c"]}, 3), ({"L": []}, 3), ({"M": {}}, 3),
        ({"L": [{"S": "ab"}]}, 3 + 1 + 2), ({"M": {"key": {"S": "ab"}}}, 3 + 1 + 3 + 2),
    ],
)  # fmt: skip
def test_a_value_has_the_size_that_the_guide_gives_it(value, bytes_):
    assert size({"": value}) == bytes_


def test_an_items_size_counts_names_too():
    assert size({"name": {"S": "four"}}) == 8
    assert size(None) == 0


def test_a_write_costs_a_unit_for_each_begun_kb_of_the_larger_image():
    assert write_units(None, item("x" * 1000)) == 1
    assert write_units(item("x" * 3000), item()) == 3
    assert write_units(None, None) == 1


def test_a_transaction_doubles_the_tables_part_and_not_the_indexes():
    new = item(open_pk="o", open_sk="1")
    assert charged(TABLE, None, new) == 2
    assert charged(TABLE, None, new, transactional=True) == 3
    assert charged(TABLE, item(), item(), transactional=True) == 2


def test_an_index_costs_only_what_changes_in_it():
    without, first, second = item(), item(open_pk="o", open_sk="1"), item(open_pk="o", open_sk="2")
    assert index_units(OPEN, without, item("another")) == 0
    assert index_units(OPEN, first, first | item("another", open_pk="o", open_sk="1")) == 0
    assert index_units(OPEN, without, first) == 1
    assert index_units(OPEN, first, without) == 1
    assert index_units(OPEN, first, second) == 2


def test_an_entry_that_changes_in_place_costs_one_write():
    everything = Index(frozenset({"open_pk"}), None)
    assert index_units(everything, item("a", open_pk="o"), item("b", open_pk="o")) == 1


def test_reads_are_charged_by_begun_blocks_of_4_kb():
    assert read_units(0) == 0.5
    assert read_units(4096) == 0.5
    assert read_units(4097, consistent=True) == 2
    assert read_units(100, transactional=True) == 2


def test_a_schema_is_read_as_cloudformation_says_it():
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    own = [{"AttributeName": "open_pk", "KeyType": "HASH"}, {"AttributeName": "open_sk", "KeyType": "RANGE"}]
    indexes = [{"IndexName": "open", "KeySchema": own, "Projection": {"ProjectionType": "KEYS_ONLY"}}]
    assert Schema.of({"KeySchema": keys, "GlobalSecondaryIndexes": indexes}) == TABLE


@given(st.integers(-(10**38) + 1, 10**38 - 1))
def test_no_number_is_larger_than_21_bytes_nor_free(number):
    assert 1 <= size({"": {"N": str(number)}}) <= 21


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_a_write_never_costs_less_in_a_transaction_nor_with_an_index(before, after):
    old, new = item(before), item(after, open_pk="o", open_sk="1")
    plain = charged(Schema(TABLE.keys), old, new)
    assert plain < charged(TABLE, old, new) < charged(TABLE, old, new, transactional=True)
