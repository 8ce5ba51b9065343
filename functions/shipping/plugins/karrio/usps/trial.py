"""USPS through Karrio."""

from functions.shipping.plugins.karrio.trial import DOUBLED, labels, trial
from functions.shipping.plugins.karrio.usps.standin import Usps

TWICE = "USPS documents no answer to a second cancellation: its refusal is told as it is"
TRIAL = trial(
    Usps, "client_secret", {"client_id": "standin", "account_number": "1000405525", "crid": "56982563", "mid": "904128936"},
    overweight=32_000, labels=labels,
    gaps={**DOUBLED, "test_a_label_is_given_back_and_again": TWICE, "test_a_void_whose_answer_was_lost_is_asked_for_again": TWICE},
)  # fmt: skip
