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
        "return put_if(item, unchanged)",
        "return put_if(item, ShipmentItem.pk.exists() | ShipmentItem.pk.does_not_exist())",
    ),
    Mutant(
        "an order's plan is written over another",
        STORE,
        "if put_if(item, _unchanged(plan)) if counter is None",
        "if put_if(item, PlanItem.pk.exists() | PlanItem.pk.does_not_exist()) if counter is None",
    ),
    Mutant("a question that comes twice takes its units twice", RELEASE, "known = shipment.answer_to(question.id)", "known = None"),
    Mutant(
        "a parcel is made with what was asked back before",
        SHIPMENTS,
        "back = plan.units_back(event.taken_off)",
        "back = plan.units_back(plan.taken_back)",
    ),
    Mutant(
        "an emptied parcel is not given up", RELEASE, "        return shipment.amended(doomed=True,", "        return shipment.amended("
    ),
    Mutant(
        "a label that may have been bought is bought anew",
        "functions/shipping/shipments/shipment.py",
        'return self.id if self.purchase == 1 else f"{self.id}-{self.purchase}"',
        'return f"{self.id}-{self.version}"',
    ),
    Mutant(
        "a parcel whose courier is away waits for ever",
        "functions/shipping/labels/awaited_courier.py",
        "waiting.amended(awaits_courier=True, due=self._changes.next_try(draft))",
        "waiting.amended(awaits_courier=True)",
    ),
    Mutant(
        "a label that may have been bought is taken for none",
        "functions/shipping/labels/label_recovery.py",
        "        if not ready.capability.lookup:\n            return self._changes.leave_to_a_person(shipment, UNDECIDED)",
        "        if not ready.capability.lookup:\n            return self._changes.back_to_draft(shipment, UNDECIDED)",
    ),
    Mutant(
        "a label that is settled with the courier is asked for again",
        "functions/shipping/labels/manual_label.py",
        "settled = shipment.after(self._entry(State.VOIDED, idempotency)).without_old_label().amended(setback=None, tries=0)",
        "settled = shipment.noted(tries=0)",
    ),
    Mutant("a live courier labels what was paid in test mode", SHIPMENTS, "log=(first,), test=event.test,", "log=(first,), test=False,"),
    Mutant(
        "the stream passes over every second event of an item",
        "functions/publish/stream_events.py",
        'if new and new != record["dynamodb"].get("OldImage", {}).get("event"):',
        'if new and not record["dynamodb"].get("OldImage", {}).get("event"):',
    ),
    Mutant(
        "a label of the merchant's own is given back to the courier",
        "functions/shipping/labels/label_return.py",
        "if shipment.label is not None and not shipment.own_label:",
        "if shipment.label is not None:",
    ),
    Mutant(
        "a parcel that waits for its courier does not say so",
        "functions/shipping/labels/awaited_courier.py",
        "waiting = self._changes.with_setback(draft, PluginError(ErrorKind.UNAVAILABLE, absent))",
        'waiting = draft.amended(due="") if absent else draft',
    ),
    Mutant(
        "a label of which none was bought is bought by the same key",
        "functions/shipping/labels/manual_label.py",
        "return begun.amended(purchase=shipment.purchase + 1, tries=0,",
        "return begun.amended(purchase=shipment.purchase, tries=0,",
    ),
    Mutant(
        "a person's word on a given-up label is not kept",
        "functions/shipping/labels/manual_label.py",
        "        self._save(settled)\n        return settled",
        "        return settled",
    ),
    Mutant(
        "virtual goods that were delivered have not left",
        "functions/shipping/virtual/virtual_delivery.py",
        "        return shipment.after(entry).amended(delivery=key)",
        "        return shipment.noted(delivery=key)",
    ),
    Mutant(
        "a supplier's virtual goods are in its parcel",
        "shared/variants/order_part.py",
        "return supplier_id + _MARK if virtual else supplier_id",
        "return supplier_id",
    ),
)
