"""Who earns what: every entry is 0, and refunds in any parts give back all but the provider's fee."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import PLATFORM, Unbalanced, provider_account, sums
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION, CommissionTerms
from functions.settlement.posting_rules.order_payment import payment_booking
from functions.settlement.posting_rules.refund_reversal import refund_booking, returned_payment_booking
from tests.fakes import NOON
from tests.unit.settlement.events import OWNER, SUPPLIER, line, order_paid, order_refunded

PROVIDER = provider_account(OWNER, "stripe")
offers = st.tuples(st.integers(1, 6), st.integers(0, 10_000), st.integers(0, 5_000), st.sampled_from(["acc_s1", "acc_s2", OWNER]))


def balances(*bookings: Booking) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for posting in (posting for booking in bookings for posting in booking.entry.postings):
        found[posting.account, posting.kind] += posting.amount
    return {key: amount for key, amount in found.items() if amount}


def test_a_paid_order_is_shared_by_supplier_storefront_provider_and_platform():
    booking = payment_booking(order_paid(), CommissionTerms(100, frozenset({SUPPLIER})), NOON)
    assert balances(booking) == {
        (PROVIDER, "receivable"): -3000, (PROVIDER, "fee_kept"): 30,
        (SUPPLIER, "goods"): 2000,
        (OWNER, "margin"): 500, (OWNER, "shipping"): 500, (OWNER, "provider_fee"): -30, (OWNER, "commission"): -50,
        (PLATFORM, "commission_earned"): 50,
    }  # fmt: skip


def test_a_total_that_the_lines_do_not_explain_is_not_booked():
    with pytest.raises(Unbalanced):
        payment_booking(order_paid(total=3001), NO_COMMISSION, NOON)


def test_a_payment_without_an_order_goes_back_and_nobody_earns():
    assert balances(returned_payment_booking(order_refunded([], amount=700), NOON)) == {}


@given(bought=st.lists(offers, min_size=1, max_size=5), shipping=st.integers(0, 3000), fee=st.integers(0, 500),
       rate=st.integers(0, 1000), data=st.data())  # fmt: skip
def test_refunds_in_any_parts_leave_nothing_but_the_fee_and_every_entry_is_zero(bought, shipping, fee, rate, data):
    lines = [line(n, cost + margin, cost, supplier, f"off_{i}") for i, (n, cost, margin, supplier) in enumerate(bought)]
    units = data.draw(st.permutations([bare.model_copy(update={"quantity": 1}) for bare in lines for _ in range(bare.quantity)]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(units)), max_size=3)) | {len(units)})
    bookings = [payment_booking(order_paid(lines, shipping, fee), CommissionTerms(rate, frozenset({"acc_s1"})), NOON)]
    for start, end in zip([0, *cuts], cuts, strict=False):
        part = order_refunded(units[start:end], shipping if end == len(units) else 0, f"ref_{end}")
        bookings.append(refund_booking(part, bookings, NOON))
        assert bookings[-1].commissionable <= 0
    assert all(not any(sums(booking.entry.postings).values()) for booking in bookings)
    assert balances(*bookings) == ({(PROVIDER, "fee_kept"): fee, (OWNER, "provider_fee"): -fee} if fee else {})
