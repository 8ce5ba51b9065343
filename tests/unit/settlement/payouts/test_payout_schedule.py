"""Paydays, shares, masks and references: the pure parts of paying."""

from datetime import date
from typing import Any

import pytest

from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT, batch_key, payout_id
from functions.settlement.payouts.batches.payout_shares import shares
from functions.settlement.payouts.payout_account import masked
from functions.settlement.payouts.payout_schedule import Minimum, PayoutSchedule
from functions.settlement.posting_rules.payable import Payable
from monsoon_plugin.iban import checked_iban, creditor_reference, creditor_references


def schedule(every: Any, on: int) -> PayoutSchedule:
    return PayoutSchedule(tenant="acc#sf", installation_id="ins", every=every, on=on, minimums=(Minimum("EUR", 1),))


@pytest.mark.parametrize(
    ("every", "on", "day", "following"),
    [("day", 0, "2026-12-31", "2027-01-01"), ("week", 1, "2026-11-23", "2026-11-30"), ("week", 7, "2026-11-23", "2026-11-29"),
     ("month", 28, "2026-02-28", "2026-03-28"), ("month", 1, "2026-11-23", "2026-12-01"), ("month", 28, "2028-02-28", "2028-03-28")],
)  # fmt: skip
def test_the_next_payday_is_the_first_after_the_day(every, on, day, following):
    assert schedule(every, on).next_after(date.fromisoformat(day)).isoformat() == following


def due(payee: str, *amounts: int) -> list[Payable]:
    return [Payable(payee, "EUR", "2026-11-01", f"jrn_{n}", amount) for n, amount in enumerate(amounts)]


def test_a_payee_is_paid_all_that_it_is_due_if_that_is_enough():
    found = shares(due("a", 300, -100) + due("b", 50) + due("c", -5) + due("d", 900), [], dict.fromkeys("abc", True), 100, 10)
    assert [(share.payee, share.amount) for share in found] == [("a", 200)]


def test_who_has_something_claimed_stays_in_whatever_came_since():
    found = shares(due("a", 0, -500), due("a", 300), {"a": True}, 100, 1)
    assert [(share.payee, share.amount) for share in found] == [("a", -200)]


def test_the_most_owed_come_first_where_not_all_fit():
    found = shares(due("a", 100) + due("b", 300) + due("c", 200), [], dict.fromkeys("abc", True), 1, 2)
    assert [share.payee for share in found] == ["b", "c"]


def test_a_payout_id_fits_a_sepa_identification_and_is_known_again():
    key = batch_key("acc_01HZ#sf_01HZ", "EUR", date(2026, 11, 20), 19)
    known = payout_id(key, 499)
    assert len(known) <= 35
    assert BATCH_OR_PAYOUT.fullmatch(known).groups() == (key, "-0499")
    assert BATCH_OR_PAYOUT.search(f"REF {known}X") is None


@pytest.mark.parametrize(("secret", "seen"), [("DE89370400440532013000", "DE89••••3000"), ("acct_1MTfj", "••••"), ("", "")])
def test_masks_show_too_little_to_pay_with(secret, seen):
    assert masked(secret) == seen


@pytest.mark.parametrize("wrong", ["DE89370400440532013001", "DE8937040044", "", "de89 3704 0044 0532 0130 0O", "٣" * 20])
def test_ibans_whose_digits_disagree_are_refused(wrong):
    with pytest.raises(ValueError, match="IBAN"):
        checked_iban(wrong)


def test_creditor_references_are_found_in_what_people_write():
    reference = creditor_reference("0123456789AB")
    assert creditor_references("rf18 5390 0754 7034") == ["RF18539007547034"]
    assert creditor_references(f"Order 17, {reference}, RF18539007547034 thanks") == [reference, "RF18539007547034"]
    assert creditor_references("RF18539007547034X RF19539007547034 XRF18539007547034") == []
