"""Boxes: they hold the goods, weigh no more than the courier bears, and are the same each time."""

from hypothesis import given
from hypothesis import strategies as st

from functions.shipping.parcels.box_packing import block, outer, packed
from functions.shipping.parcels.parcel_facts import parcels
from monsoon_plugin.courier import Capability, Parcel
from tests.unit.shipping.events import facts

SIDES = st.tuples(*[st.integers(1, 900)] * 3)
UNITS = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 30)), min_size=1, max_size=6)


def made(*offers: tuple[int, int], value: int = 1000, **able: int) -> Parcel | None:
    """A parcel of (weight of a unit, units) packed by a courier that is able to this."""
    known = {f"off_{i}": facts(offer_id=f"off_{i}", weight=weight) for i, (weight, _) in enumerate(offers)}
    quantities = {f"off_{i}": units for i, (_, units) in enumerate(offers)}
    (parcel,) = parcels(quantities, known, dict.fromkeys(quantities, value), "GBP")
    return packed(parcel, known, Capability(**able))


def test_a_courier_without_limits_gets_one_box():
    found = made((400, 2), (100, 1))
    assert found is not None
    assert [(p.weight, p.length, p.width, p.height) for p in found.packages] == [(900, 300, 100, 100)]


def test_what_is_too_heavy_for_one_box_goes_in_several_the_heaviest_first():
    found = made((400, 5), (700, 1), max_weight=1000, max_packages=5)
    assert found is not None
    assert [{c.offer_id: c.quantity for c in p.contents} for p in found.packages] == [
        {"off_1": 1},
        {"off_0": 2},
        {"off_0": 2},
        {"off_0": 1},
    ]


def test_a_unit_too_heavy_for_any_box_and_more_boxes_than_allowed_do_not_fit():
    assert made((1001, 1), max_weight=1000, max_packages=9) is None
    assert made((600, 3), max_weight=1000, max_packages=2) is None


@given(UNITS, st.integers(500, 9000), st.integers(1, 8))
def test_boxes_hold_every_unit_within_their_weight_and_their_values_add_up(offers, max_weight, max_packages):
    found = made(*offers, max_weight=max_weight, max_packages=max_packages)
    if found is None:
        return
    assert len(found.packages) <= max_packages
    assert max(p.weight for p in found.packages) <= max_weight
    assert sum(p.weight for p in found.packages) == found.weight
    for i, (_, units) in enumerate(offers):
        inside = [c for p in found.packages for c in p.contents if c.offer_id == f"off_{i}"]
        assert (sum(c.quantity for c in inside), sum(c.value for c in inside)) == (units, 1000)
    assert made(*offers, max_weight=max_weight, max_packages=max_packages) == found


@given(SIDES, st.integers(1, 20_000))
def test_a_block_holds_its_units_laid_the_same_way(unit, units):
    found = block(unit, units)
    turned = {(a, b, c) for a in range(3) for b in range(3) for c in range(3) if {a, b, c} == {0, 1, 2}}
    assert max((found[0] // unit[a]) * (found[1] // unit[b]) * (found[2] // unit[c]) for a, b, c in turned) >= units


def test_a_block_is_compact():
    assert block((100, 100, 100), 8) == (200, 200, 200)
    assert block((100, 100, 10), 10) == (100, 100, 100)


@given(st.lists(SIDES, min_size=1, max_size=8))
def test_an_outer_box_is_as_large_as_what_is_in_it(blocks):
    length, width, height = outer(blocks)
    assert length * width * height >= sum(a * b * c for a, b, c in blocks)
    assert all(sorted(size)[i] <= (height, width, length)[i] for size in blocks for i in range(3))
