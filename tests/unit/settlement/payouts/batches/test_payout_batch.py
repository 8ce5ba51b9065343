"""Keys of batches, ids of payouts, and how far a payout is known to have come."""

from datetime import date
from typing import get_args

import pytest

from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT, PayoutRecord, PayoutState, advanced, batch_key, payout_id
from monsoon_plugin.clearing import PayoutView
from monsoon_plugin.money import Money


def test_a_payout_id_fits_a_sepa_identification_and_is_known_again():
    key = batch_key("acc_01HZ#sf_01HZ", "EUR", date(2026, 11, 20), 19)
    known = payout_id(key, 499)
    assert len(known) <= 35
    assert BATCH_OR_PAYOUT.fullmatch(known).groups() == (key, "-0499")
    assert BATCH_OR_PAYOUT.search(f"REF {known}X") is None


def test_no_two_storefronts_share_a_batchs_key():
    assert batch_key("acc_1#sf_1", "EUR", date(2026, 11, 20), 0) != batch_key("acc_1#sf_2", "EUR", date(2026, 11, 20), 0)


@pytest.mark.parametrize("known", get_args(PayoutState))
@pytest.mark.parametrize("told", get_args(PayoutState))
def test_what_is_known_of_a_payout_never_falls_back(known, told):
    order = ["prepared", "submitted", "failed", "paid", "returned"]
    record = PayoutRecord(
        payout_id="p", batch_key="b", tenant="a#s", plugin="bank", installation_id="ins", payee="acc", amount=Money(1, "EUR"), state=known
    )
    after = advanced(record, PayoutView("p", told, "ref"))
    assert after.state == max(known, told, key=order.index)
    assert (after is record) == (order.index(told) <= order.index(known))
