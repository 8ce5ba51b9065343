"""Deliberate bugs of shipping, and of the bus."""

from simulation.mutants.mutant import Mutant

STORE, RELEASE, SHIPMENTS = (
    "functions/shipping/shipping_store.py",
    "functions/shipping/fulfilment/release.py",
    "functions/shipping/fulfilment/order_shipments.py",
)
SHIPPING = (
    Mutant(
        "a parcel that has left gives its units back",
        RELEASE,
        "    if shipment.scanned:\n        return shipment.answered(",
        "    if shipment.scanned and not question.units:\n        return shipment.answered(",
    ),
    Mutant(
        "units that are given back stay in the parcel",
        RELEASE,
        "after = shipment.amended(parcel=parcel, held=",
        "after = shipment.amended(held=",
    ),
    Mutant(
        "a shipment is written over others' changes",
        STORE,
        "                item.save(condition=unchanged)\n",
        "                item.save()\n",
    ),
    Mutant(
        "an order that is accepted and paid is planned twice",
        SHIPMENTS,
        '        if plan.made_by not in ("", event.type):\n            return\n',
        "",
    ),
    Mutant(
        "a parcel is made with what was asked back before",
        SHIPMENTS,
        "back = plan.units_back(event.taken_off)",
        "back = plan.units_back(plan.taken_back)",
    ),
    Mutant(
        "a cancelled order's parcel is not given up",
        SHIPMENTS,
        "        for planned in plan.shipments:\n            self._void(planned)\n",
        "",
    ),
    Mutant(
        "a label that may have been bought is bought anew",
        "functions/shipping/shipments/shipment.py",
        'return self.id if self.purchase == 1 else f"{self.id}-{self.purchase}"',
        'return f"{self.id}-{self.version}"',
    ),
    Mutant("a live courier labels what was paid in test mode", SHIPMENTS, "log=(first,), test=event.test,", "log=(first,), test=False,"),
    Mutant(
        "the stream passes over every second event of an item",
        "functions/publish/stream_events.py",
        'if new and new != record["dynamodb"].get("OldImage", {}).get("event", {}).get("S"):',
        'if new and not record["dynamodb"].get("OldImage", {}).get("event", {}).get("S"):',
    ),
)
