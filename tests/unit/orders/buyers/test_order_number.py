"""An order's number: read out, typed in again, and found by, without a number ever being handed out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.idempotency import Idempotency
from shared.buyers.order_number import id_prefix, order_number

ORDER = "ord_2GV1CE162YSHZP0GCANW6CBATR"
ids = st.text(min_size=1).map(lambda key: Idempotency(key, "acc_1", "f").id("ord"))


@given(ids)
def test_the_number_leads_back_to_the_beginning_of_its_id(order_id: str) -> None:
    prefix = id_prefix(order_number(order_id))
    assert prefix is not None
    assert order_id.startswith(prefix)
    assert len(prefix) == len("ord_") + 10


@pytest.mark.parametrize(
    "typed", ["2GV1C-E162Y", "2gv1c-e162y", " #2GV1C E162Y ", "2GVIC-EI62Y", "2GVlC-El62Y", "2GU1C–E162Y", "2gv1ce162y"]
)
def test_it_is_found_however_it_is_read_and_typed(typed: str) -> None:
    assert id_prefix(typed) == ORDER[:14]


@pytest.mark.parametrize("typed", ["", "2GV1C", "2GV1C-E162YS", "2GV1C-E162*", "ord_2GV1CE162Y", "２GV1C-E162Y"])
def test_what_is_no_number_finds_nothing(typed: str) -> None:
    assert id_prefix(typed) is None


def test_ten_thousand_orders_of_a_storefront_have_as_many_numbers() -> None:
    assert len({order_number(Idempotency(str(n), "acc_1", "f").id("ord")) for n in range(10_000)}) == 10_000
