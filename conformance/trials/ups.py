"""UPS through Karrio."""

from conformance.standins.ups import Ups
from conformance.trials.karrio import DOUBLED, REFUSED, labels, trial

TRIAL = trial(
    Ups, "client_secret", {"client_id": "standin", "account_number": "A1B2C3"},
    abroad="CA", refused_address=REFUSED, overweight=70_000, labels=labels, gaps=DOUBLED,
)  # fmt: skip
