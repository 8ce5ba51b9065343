"""Keys of batches, ids of payouts."""

from datetime import date

from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT, batch_key, payout_id


def test_a_payout_id_fits_a_sepa_identification_and_is_known_again():
    key = batch_key("acc_01HZ#sf_01HZ", "EUR", date(2026, 11, 20), 19)
    known = payout_id(key, 499)
    assert len(known) <= 35
    assert BATCH_OR_PAYOUT.fullmatch(known).groups() == (key, "-0499")
    assert BATCH_OR_PAYOUT.search(f"REF {known}X") is None
