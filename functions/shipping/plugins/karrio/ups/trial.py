"""UPS through Karrio."""

from functions.shipping.plugins.karrio.trial import DOUBLED, REFUSED, labels, trial
from functions.shipping.plugins.karrio.ups.standin import Ups

TRIAL = trial(
    Ups, "client_secret", {"client_id": "standin", "account_number": "A1B2C3"},
    abroad="CA", refused_address=REFUSED, overweight=70_000, labels=labels, gaps=DOUBLED,
)  # fmt: skip
