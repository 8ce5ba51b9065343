"""FedEx through Karrio."""

from conformance.standins.fedex import Fedex
from conformance.trials.karrio import DOUBLED, REFUSED, labels, trial

TRIAL = trial(
    Fedex, "secret_key", {"api_key": "standin", "account_number": "740561073"},
    abroad="CA", refused_address=REFUSED, overweight=70_000, labels=labels,
    gaps={**DOUBLED, "test_each_of_several_packages_has_a_label": "Karrio tells the master number of a FedEx shipment alone"},
)  # fmt: skip
