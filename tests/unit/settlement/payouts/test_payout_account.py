"""Account numbers: checked, and shown masked."""

import pytest

from functions.settlement.payouts.payout_account import masked
from monsoon_plugin.iban import checked_iban, creditor_reference, creditor_references


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
