"""FedEx through Karrio."""

from functions.shipping.plugins.karrio.fedex.standin import Fedex
from functions.shipping.plugins.karrio.trial import DOUBLED, REFUSED, labels, trial

TRIAL = trial(
    Fedex, "secret_key", {"api_key": "standin", "account_number": "740561073"},
    abroad="CA", refused_address=REFUSED, overweight=70_000, labels=labels,
    gaps={**DOUBLED, "test_each_of_several_packages_has_a_label": "Karrio tells the master number of a FedEx shipment alone"},
)  # fmt: skip
