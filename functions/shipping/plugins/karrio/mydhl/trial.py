"""DHL Express through Karrio."""

from functions.shipping.plugins.karrio.mydhl.standin import Mydhl
from functions.shipping.plugins.karrio.trial import REFUSED, trial

TRIAL = trial(
    Mydhl, "password", {"username": "standin", "account_number": "123456789"},
    abroad="CA", refused_address=REFUSED, overweight=71_000,
)  # fmt: skip
