"""Parcels without a label: whoever waits is told for whom, and what a person says of a label stands."""

from collections.abc import Iterator

from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from simulation.actors.observed import LabelWord
from simulation.invariants.seen import Seen


def waiting_says_for_whom(seen: Seen) -> Iterator[str]:
    """A supplier reads of each parcel that waits for a courier which is not offered that it does, and what can be done about it."""
    yield from (
        f"a supplier was shown the draft {shipment_id} while its courier was away, and not why" for shipment_id in seen.observed.unsaid
    )


def words_on_labels_stand(seen: Seen) -> Iterator[str]:
    """What its owner said of a label, and the hub said yes to, is what became of it: settled, it is void; none was bought, and none is by
    that purchase; a number is the parcel's, until it is labelled anew."""
    shipments = {shipment.id: shipment for shipment in seen.shipments}
    for word in seen.observed.words:
        shipment = shipments[word.shipment_id]
        if word.settled and shipment.state is not State.VOIDED:
            yield f"shipment {shipment.id} is settled with its courier by its owner's word, and {shipment.state}: {shipment.setback}"
        if word.none_by and word.none_by in seen.world.post.sold:
            yield f"no label was bought by {word.none_by}, its owner said: now one is"
        if word.number and not _is_replaced(shipment, word) and _number(shipment) != word.number:
            yield f"shipment {shipment.id} has the label {_number(shipment) or 'none'}, its owner said {word.number}"


def _number(shipment: Shipment) -> str:
    return shipment.label.tracking_number if shipment.label else ""


def _is_replaced(shipment: Shipment, word: LabelWord) -> bool:
    """Whether it was given up, or its label was bought again, after the word."""
    return shipment.state is State.VOIDED or sum(entry.state is State.PURCHASING for entry in shipment.log) > word.purchases
