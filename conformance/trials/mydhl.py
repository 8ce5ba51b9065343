"""DHL Express through Karrio."""

from conformance.standins.mydhl import Mydhl
from conformance.trials.karrio import REFUSED, trial

TRIAL = trial(
    Mydhl, "password", {"username": "standin", "account_number": "123456789"},
    abroad="CA", refused_address=REFUSED, overweight=71_000,
)  # fmt: skip
