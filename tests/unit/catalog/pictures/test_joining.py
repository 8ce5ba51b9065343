"""A product is published with those of its pictures that are shown, whatever comes first, twice, late, or in between."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.catalog.pictures.picture_rollout import PAGE
from shared.messages import OfferPublished, ProductDelisted
from tests.unit.catalog.pictures.world import PICTURES, World, approved, broken, hidden, shown

FIRST, SECOND, THIRD = PICTURES


def test_a_picture_that_was_read_before_its_product_is_approved_is_in_the_first_publication_and_nothing_waits():
    world = World()
    world.hear(shown(FIRST))
    world.hear(shown(SECOND))
    world.approve(approved())
    assert [event.shown[0].split()[0] for event in world.events] == [FIRST]
    assert (world.shows(), world.waits, world.jobs) == ([FIRST, SECOND], {}, [])


def test_pictures_that_come_after_it_publish_it_once_more_and_once_only_in_the_products_order():
    world = World()
    world.approve(approved())
    world.hear(shown(SECOND))
    world.hear(shown(FIRST))
    world.hear(shown(FIRST))
    world.settle()
    assert [[line.split()[0] for line in event.shown] for event in world.events] == [[], [FIRST, SECOND]]
    assert world.waits == {}


def test_a_broken_one_keeps_nothing_off_sale_and_is_published_by_nobody():
    world = World()
    world.approve(approved())
    world.hear(broken(FIRST))
    world.hear(shown(SECOND))
    world.settle()
    assert (world.shows(), len(world.events)) == ([SECOND], 2)


def test_one_that_is_taken_down_leaves_every_product_that_shows_it_and_comes_back_when_it_does():
    world = World()
    world.hear(shown(FIRST))
    for n in range(5):
        world.approve(approved(product_id=f"prd_{n}", pictures=[FIRST]))
    world.hear(hidden(FIRST))
    assert world.settle() == 6, "three pages, and once more for approvals that were under way"
    assert [world.shows(f"prd_{n}") for n in range(5)] == [[]] * 5
    world.hear(shown(FIRST, 3))
    world.settle()
    assert [world.shows(f"prd_{n}") for n in range(5)] == [[FIRST]] * 5
    world.hear(hidden(FIRST, 2))
    world.settle()
    assert world.shows("prd_0") == [FIRST], "older news change nothing"


def test_for_one_that_nobody_can_show_all_products_are_not_gone_through():
    world = World()
    world.approve(approved(pictures=[FIRST]))
    world.hear(broken(FIRST))
    world.hear(shown(FIRST, 2))
    assert (world.settle(), world.shows()) == (1, [FIRST]), "who waits for it alone"
    world.hear(shown(FIRST, 2))
    assert world.settle() == 2, "what comes again may not have been done"


def test_one_that_is_first_shown_while_it_is_heard_that_it_was_taken_down_leaves_what_shows_it():
    world = World()
    world.others = [(0, lambda: world.hear(shown(FIRST))), (0, lambda: world.approve(approved(pictures=[FIRST])))]
    world.hear(hidden(FIRST))
    world.settle()
    assert (world.shows(), [len(event.shown) for event in world.events]) == ([], [1, 0])


def test_another_file_under_one_id_takes_its_place_in_every_product():
    world = World()
    world.hear(shown(FIRST))
    world.approve(approved(pictures=[FIRST]))
    newer = shown(FIRST, 2).shown.model_copy(update={"width": 1200})
    world.hear(shown(FIRST, 2).model_copy(update={"shown": newer}))
    world.settle()
    assert [each.width for each in world.offers["prd_1"].shown] == [1200]


def test_who_waits_for_one_that_was_taken_down_meanwhile_goes_on_waiting():
    world = World()
    world.approve(approved(pictures=[FIRST]))
    world.hear(shown(FIRST))
    world.hear(hidden(FIRST))
    sent = list(world.jobs)
    world.settle()
    world.jobs = sent  # SQS brings some twice
    world.settle()
    assert (world.shows(), len(world.events)) == ([], 1)
    world.hear(shown(FIRST, 3))
    world.settle()
    assert world.shows() == [FIRST]


def test_as_many_products_as_wait_for_one_picture_are_all_published_with_it():
    world = World()
    for n in range(2 * PAGE + 1):
        world.approve(approved(product_id=f"prd_{n:03}", pictures=[FIRST]))
    world.hear(shown(FIRST))
    assert world.settle() == 3
    assert all(world.shows(f"prd_{n:03}") == [FIRST] for n in range(2 * PAGE + 1))
    assert world.waits == {}


def test_what_wants_a_picture_waits_for_its_first_and_for_that_alone():
    world = World()
    world.approve(approved(requires_picture=True))
    world.hear(broken(FIRST))
    world.settle()
    assert (world.events, world.offers["prd_1"].awaits_picture) == ([], True)
    world.hear(shown(SECOND))
    world.settle()
    assert [type(event) for event in world.events] == [OfferPublished]
    world.hear(hidden(SECOND))
    world.settle()
    assert not world.offers["prd_1"].awaits_picture, "what has been on sale stays there"
    assert (type(world.events[-1]), world.events[-1].shown) == (OfferPublished, [])


def test_what_is_kept_off_sale_waits_for_nothing():
    world = World()
    product = approved(status="draft").product
    world.service.delist(ProductDelisted(version=1, product_id="prd_1", supplier_id="acc_1", product=product))
    world.hear(shown(FIRST))
    assert (world.settle(), world.waits) == (0, {})


def test_an_approval_that_died_before_it_waited_waits_when_it_comes_again():
    world = World()
    world.approve(approved())
    world.waits.clear()
    world.approve(approved())
    world.hear(shown(FIRST))
    world.settle()
    assert world.shows() == [FIRST]


ACTS: list[Callable[[World], None]] = [
    lambda world: world.approve(approved(1)),
    lambda world: world.approve(approved(2, pictures=[SECOND, FIRST])),
    lambda world: world.approve(approved(3, pictures=[THIRD, FIRST])),
    lambda world: world.hear(shown(FIRST, 1)),
    lambda world: world.hear(hidden(FIRST, 2)),
    lambda world: world.hear(shown(FIRST, 3)),
    lambda world: world.hear(shown(SECOND)),
    lambda world: world.hear(broken(THIRD)),
]


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_however_they_come_the_product_shows_in_the_end_what_is_shown(data: st.DataObject):
    """Each act at least once, in any order, some within others; then all jobs, and what was looked for once more a minute later."""
    world = World()
    order = data.draw(st.permutations([*ACTS, *data.draw(st.lists(st.sampled_from(ACTS), max_size=3))]))
    at = data.draw(st.lists(st.integers(0, 8), min_size=len(order), max_size=len(order)))
    jobs = data.draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    world.others = [(steps, lambda act=act: act(world)) for steps, act in zip(at, order, strict=True)]  # type: ignore[misc]
    for early in jobs:
        if world.others:
            world.others.pop(0)[1]()
        if early and world.jobs:
            world.rollout.carry_out(world.jobs.pop(0))
    world.settle()
    held = world.offers["prd_1"]
    assert held.submission == 3
    assert [each.picture_id for each in held.shown] == [each for each in held.product.pictures if world.pictures[each].shown]
    assert {(picture, "prd_1") for picture in held.product.pictures if not world.pictures[picture].shown} <= world.waits.keys()
