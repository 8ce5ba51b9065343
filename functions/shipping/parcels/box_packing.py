"""How a parcel is packed in boxes for a courier that limits their weight. Deterministic; grams and millimetres. Pure.

1. The heaviest units come first (equal ones by offer id), each into the first box that still bears it (first fit, decreasing).
2. A box's units of one offer form the block of least surface, a × b × c of them; blocks are then set side by side in the
   direction that gives the box the least volume. So what is told to the courier holds the goods; a person may pack tighter.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from math import isqrt

from functions.shipping.parcels.parcel_facts import ParcelFacts, completed, is_told
from monsoon_plugin.courier import Capability, Content, Package, Parcel
from monsoon_plugin.money import share

Size = tuple[int, int, int]
MAX_UNITS = 20_000
"""Units of one offer in one box; an order's line can be longer, and is then packed in more boxes."""


def packed(parcel: Parcel, facts: Mapping[str, ParcelFacts], capability: Capability) -> Parcel | None:
    """The parcel with its boxes, as the courier takes them; None if it does not fit in `max_packages` of `max_weight`.

    None, too, where a weight or a size is not said, or is said no more since the parcel was planned: no box is guessed.
    """
    parcel = completed(parcel, facts)
    if not is_told(parcel, facts):
        return None
    most = capability.max_weight or parcel.weight
    boxes: list[dict[str, int]] = []
    for content in sorted(parcel.contents, key=lambda c: (-facts[c.offer_id].weight, c.offer_id)):
        if not _filled(boxes, content, facts, most, capability.max_packages):
            return None
    return parcel.model_copy(update={"packages": tuple(_packages(boxes, parcel, facts))})


def _filled(boxes: list[dict[str, int]], content: Content, facts: Mapping[str, ParcelFacts], most: int, max_boxes: int) -> bool:
    """Put all units of `content` into `boxes`, opening more as needed; False if they do not fit."""
    unit, left, at = max(facts[content.offer_id].weight, 1), content.quantity, 0
    while left and at < max_boxes:
        if at == len(boxes):
            boxes.append({})
        taken = min(left, (most - _weight(boxes[at], facts)) // unit, MAX_UNITS)
        if taken > 0:
            boxes[at][content.offer_id] = taken
            left -= taken
        at += 1
    return not left


def _weight(box: Mapping[str, int], facts: Mapping[str, ParcelFacts]) -> int:
    return sum(max(facts[offer_id].weight, 1) * units for offer_id, units in box.items())


def _packages(boxes: Sequence[Mapping[str, int]], parcel: Parcel, facts: Mapping[str, ParcelFacts]) -> Iterator[Package]:
    values = _values(boxes, parcel)
    by_offer = {content.offer_id: content for content in parcel.contents}
    for i, box in enumerate(boxes):
        contents = tuple(
            by_offer[offer_id].model_copy(
                update={"quantity": units, "weight": facts[offer_id].weight * units, "value": values[offer_id, i]}
            )
            for offer_id, units in box.items()
        )
        length, width, height = outer([block(sides(facts[offer_id]), units) for offer_id, units in box.items()])
        yield Package(weight=_weight(box, facts), length=length, width=width, height=height, contents=contents)


def _values(boxes: Sequence[Mapping[str, int]], parcel: Parcel) -> dict[tuple[str, int], int]:
    """Each offer's value in each box; they add up to the parcel's."""
    found: dict[tuple[str, int], int] = {}
    for content in parcel.contents:
        inside = [(i, box[content.offer_id]) for i, box in enumerate(boxes) if content.offer_id in box]
        for (i, _), value in zip(inside, share(content.value, [units for _, units in inside]), strict=True):
            found[content.offer_id, i] = value
    return found


def sides(facts: ParcelFacts) -> Size:
    """A unit's length, width and height; a cube of its volume for what was kept before sizes were."""
    if facts.size is not None:
        return facts.size
    side = 1
    while side**3 < facts.volume:
        side += 1
    return side, side, side


def block(unit: Size, units: int) -> Size:
    """The block of least surface that holds `units` boxes of the size `unit`, all laid the same way; of equals the shortest."""
    grids = ((a, b, -(-units // (a * b))) for a in range(1, isqrt(units) + 1) for b in range(a, isqrt(units // a) + 2))
    blocks = ((unit[0] * x, unit[1] * y, unit[2] * z) for grid in grids for x, y, z in set(permutations(grid)))
    return _falling(min(blocks, key=lambda size: (_surface(size), max(size), size)))


def outer(blocks: Sequence[Size]) -> Size:
    """A box that holds the blocks side by side, the largest first; longest side first."""
    first, *others = sorted((_falling(size) for size in blocks), key=lambda size: (-_volume(size), size))
    box = first
    for size in others:
        joined = (tuple(box[i] + size[i] if i == along else max(box[i], size[i]) for i in range(3)) for along in range(3))
        box = _falling(min(((a, b, c) for a, b, c in joined), key=lambda found: (_volume(found), max(found), found)))
    return box


def _falling(size: Size) -> Size:
    length, width, height = sorted(size, reverse=True)
    return length, width, height


def _volume(size: Size) -> int:
    return size[0] * size[1] * size[2]


def _surface(size: Size) -> int:
    return size[0] * size[1] + size[1] * size[2] + size[0] * size[2]
