"""What events about parcels say of an order's others has a name for each meaning; events of before had one for all."""

import json
from typing import Any

import pytest

from shared.bus import envelope, opened
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent, ShipmentUnitsReleased
from tests.fakes import NOON

ABOUT: dict[str, Any] = {
    "version": 3, "shipment_id": "shp_1", "order_id": "ord_1", "storefront_id": "sto_1", "account_id": "acc_1", "supplier_id": "acc_s",
}  # fmt: skip
CASES = [
    (ShipmentDispatched, "undispatched", {"tracking_number": "T1"}),
    (ShipmentDelivered, "undelivered", {}),
    (ShipmentUnitsReleased, "undispatched", {"withdrawal_id": "wdr_1", "why": "refund", "units": {}, "parcels": 4}),
]


@pytest.mark.parametrize(("event", "name", "more"), CASES)
def test_an_event_of_before_means_by_remaining_what_it_meant(event: type[ShipmentEvent], name: str, more: dict[str, Any]):
    told = event.model_validate(ABOUT | more | {"remaining": 2})
    assert getattr(told, name) == 2


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize(("event", "name", "more"), CASES[:2])
def test_an_event_says_both_so_that_who_reads_the_old_name_is_told_the_same(
    event: type[ShipmentEvent], name: str, more: dict[str, Any], others: int
):
    told = event.model_validate(ABOUT | more | {"remaining": others, name: others})
    said = json.loads(envelope(told, NOON))["data"]
    assert (said["remaining"], said[name]) == (others, others)
    assert opened(envelope(told, NOON)) == told
