"""Units taken back from a parcel before it leaves. Pure: one step of one shipment, in the same item that "dispatched" writes.

A parcel has left from its first scan on, or from its supplier's word; until then, held or manifested or labelled, its units can be
released. What is released leaves the parcel at once; its label follows (labels/label_renewal.py, label_return.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.shipping.parcels.parcel_facts import total, units_in
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.taken_back import TakenBack
from monsoon_plugin.courier import Content, Package, Parcel
from shared.shipment_messages import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks for units back. `attempt` rises each time that it is asked anew because no answer was heard."""

    id: str
    why: Why
    units: Mapping[str, int]
    attempt: int = 1
    reason: str = ""
    restock: bool = False
    fingerprint: str = ""
    """Of the request, if one asked."""


def with_answer(shipment: Shipment, question: Question, volumes: Mapping[str, int], now: str, *, label_stays: bool) -> Shipment:
    """The shipment after the question: without the units if it has not left. Itself if it has told the answer.

    `volumes`: offer id → cubic millimetres of one unit of all that is in it, 0 where it is not said. `label_stays`: whether its label
    is good for less.
    """
    known = shipment.answer_to(question.id)
    if known is not None:
        return shipment if question.attempt <= known.attempt else shipment.answered(known.told_again(question.attempt))
    answer = TakenBack(id=question.id, why=question.why, attempt=question.attempt, reason=question.reason, restock=question.restock,
                       fingerprint=question.fingerprint, units={})  # fmt: skip
    if shipment.scanned:
        return shipment.answered(answer.model_copy(update={"kept": dict(question.units), "since": shipment.left_at}))
    held = units_in(shipment.parcel)
    units = {offer_id: min(n, held[offer_id]) for offer_id, n in question.units.items() if offer_id in held}
    parcel = without(shipment.parcel, units, volumes)
    still = {content.offer_id for content in parcel.contents}
    after = shipment.amended(parcel=parcel, held=tuple(hold for hold in shipment.held if hold.offer_id in still))
    return _label_follows(after, now, stays=label_stays or not units).answered(answer.model_copy(update={"units": units}))


def _label_follows(shipment: Shipment, now: str, *, stays: bool) -> Shipment:
    """An empty parcel is given up; the label of another may have to be bought anew. The sweep sees to it, if nobody does before."""
    being_bought = shipment.state is State.PURCHASING
    due = {} if being_bought else {"due": now}
    if not shipment.parcel.contents:
        return shipment.amended(doomed=True, **(due if shipment.state is not State.VOIDED else {}))
    return shipment if stays or not (being_bought or shipment.label) else shipment.amended(relabel=True, **due)


def without(parcel: Parcel, units: Mapping[str, int], volumes: Mapping[str, int]) -> Parcel:
    """The parcel without these units: weight, customs value, volume and boxes fall with them. Boxes keep their outer size.

    Its volume is that of what stays, as it is known by now: a size that was said otherwise since, or of what is taken out was not said at
    all, leaves no wrong rest. Where a size of what stays is not said any more, what is known of the others is taken off.
    """
    packages = _unpacked(parcel.packages, units)
    contents = tuple(_fewer(content, units.get(content.offer_id, 0)) for content in parcel.contents)
    contents = tuple(content for content in contents if content.quantity)
    rest = max(parcel.volume - sum(volumes.get(offer_id, 0) * n for offer_id, n in units.items()), 0) if contents else 0
    volume = total(volumes.get(content.offer_id, 0) * content.quantity for content in contents) or rest
    weight = total(content.weight for content in contents)
    return parcel.model_copy(update={"contents": contents, "weight": weight, "volume": volume, "packages": packages})


def _fewer(content: Content, units: int) -> Content:
    left, quantity = content.quantity - units, content.quantity
    return content.model_copy(
        update={"quantity": left, "weight": content.weight * left // quantity, "value": content.value * left // quantity}
    )


def _unpacked(packages: tuple[Package, ...], units: Mapping[str, int]) -> tuple[Package, ...]:
    """The boxes, units taken out of the last ones first; an empty box is none."""
    left, kept = dict(units), list[Package]()
    for package in reversed(packages):
        contents = list[Content]()
        for content in package.contents:
            taken = min(content.quantity, left.get(content.offer_id, 0))
            left[content.offer_id] = left.get(content.offer_id, 0) - taken
            contents.append(_fewer(content, taken))
        held = tuple(content for content in contents if content.quantity)
        lighter = sum(content.weight for content in package.contents) - sum(content.weight for content in held)
        if held:
            kept.append(package.model_copy(update={"contents": held, "weight": max(package.weight - lighter, 1)}))
    return tuple(reversed(kept))
