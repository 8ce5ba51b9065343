"""Bank transfer, which calls nobody: the merchant's word, or its statement, confirms it."""

from monsoon_plugin.testing import PaymentTrial

TRIAL = PaymentTrial(
    config={"account_holder": "Ada Lovelace", "iban": "DE89 3704 0044 0532 0130 00", "currencies": ["EUR", "JPY"]},
    standin="nobody: it only computes",
    confirmation=lambda amount: {"amount": amount.amount},
)
