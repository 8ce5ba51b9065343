"""A journal entry that does not balance cannot be made."""

import pytest

from functions.settlement.ledger.journal import JournalEntry, Posting, Unbalanced


def entry(*amounts: tuple[int, str]) -> JournalEntry:
    return JournalEntry("jrn_1", "ord_1", "2026-11-01T12:00:00.000Z", tuple(Posting("acc_1", "goods", a, c) for a, c in amounts))


def test_an_entry_of_postings_that_cancel_out_stands():
    assert entry((5, "EUR"), (-5, "EUR")).postings[0].amount == 5


def test_an_entry_that_is_off_by_one_cent_cannot_be_made():
    with pytest.raises(Unbalanced, match="EUR"):
        entry((5, "EUR"), (-4, "EUR"))


def test_currencies_balance_each_for_itself():
    with pytest.raises(Unbalanced):
        entry((5, "EUR"), (-5, "USD"))
