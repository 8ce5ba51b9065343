"""One schedule: a seed, from its setting to rest, and what was wrong in the end."""

import gc
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from random import Random

from simulation.actors.buying.buyers import KNOWN, Buyers, buy_now_and_then
from simulation.actors.buying.other_money import have_other_money_paid
from simulation.actors.buying.taken_back import TOO_LATE, TakenBack, take_back_now_and_then
from simulation.actors.commons.gallery_plans import have_pictures_shared
from simulation.actors.linking import LINKED, Linking, say_now_and_then
from simulation.actors.lists.assortment_plans import have_assortment_change
from simulation.actors.lists.e_books import SOLD, EBooks, sell_now_and_then
from simulation.actors.mail.mail_plans import have_mail_brought
from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import FIRST_DAYS, Setting, load_reference, seeded, settle_in
from simulation.actors.shop_pages.page_plans import have_pages_visited
from simulation.actors.story import Story
from simulation.faults import Rates, Staleness
from simulation.invariants.all import AT_REST, broken
from simulation.result import Result, Violation
from simulation.world import Place, World

QUIET_ROUNDS = (11 * 3600, 2 * 86_400, 15 * 86_400, 4 * 86_400, 600, 0)
"""Seconds between the last rounds of sweeps, with all faults over: whatever can end by itself has ended then."""
BANK_ROUNDS = (1200, 1200, 86_400, 600, 1200, 1200, 0)
"""Seconds between the rounds that a bank needs which was troubled, or has sent something back: until the next payday is over."""
HEARD = 600
"""Seconds, with all faults over, before the sweeps run that hear out what is left; nobody acts meanwhile."""


@dataclass
class Theatre:
    """What every schedule of this process begins from."""

    place: Place
    setting: Setting
    snapshot: bytes
    objects: Mapping[tuple[str, str], bytes]


def people_of(world: World) -> People:
    """Who calls a world's hub."""
    return People(
        hub=world.hub, random=world.random, history=world.history, sleep=world.scheduler.sleep, troubled=lambda: world.met, now=world.clock
    )


@cache
def theatre() -> Theatre:
    """Made once a process."""
    place = Place()
    world = World(place, seeded(), datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    load_reference()
    people = people_of(world)
    setting = settle_in(people, world.scheduler.run)
    world.hub.forget()
    made = Theatre(place, setting, place.dynamodb.snapshot(), dict(place.s3.objects))
    gc.collect()
    gc.freeze()  # what lasts as long as the process is looked at no more
    return made


def run(seed: int, without: frozenset[str] = frozenset()) -> Result:
    """Play the schedule of `seed`, without the acts and kinds of faults that are named."""
    made = theatre()
    made.place.dynamodb.restore(made.snapshot)
    made.place.s3.objects = dict(made.objects)
    made.place.chance.begin(seed)
    before, random = made.place.door.calls, Random(seed)
    world = World(made.place, random, datetime.fromisoformat(random.choice(FIRST_DAYS)))
    observed = Observed()
    people = people_of(world)
    story = Story(world, people, made.setting, observed, without)
    rates = Rates.drawn(random, without)
    story.have_a_site_read(Random(f"site {seed}"))
    if story.has("linking", LINKED, links := Random(f"links {seed}")):
        say_now_and_then(Linking(people, made.setting, links), world)
    have_assortment_change(story, people, made.setting, seed)
    if story.has("e-books", SOLD, books := Random(f"e-books {seed}")):
        sell_now_and_then(EBooks(people, made.setting, observed, books), world, story.supplier.send_all)
    if story.has("taken back", TOO_LATE, back := Random(f"taken back {seed}")):
        take_back_now_and_then(TakenBack(people, made.setting, observed, back, world, send=story.supplier.send_all))
    if story.has("buyers", KNOWN, known := Random(f"buyers {seed}")):
        buy_now_and_then(Buyers(people, made.setting, observed, known, world))
    have_pictures_shared(story, people, made.setting, seed)
    have_pages_visited(story, people, made.setting, seed)
    have_other_money_paid(story, people, made.setting, seed)
    have_mail_brought(story, people, made.setting, seed)
    story.have_providers_fall_silent(Random(f"silence {seed}"))
    staleness = Staleness(Random(f"stale {seed}"), without)
    look = partial(broken, world, made.setting, people, observed)
    violations = _played(world, story, rates, staleness, look)
    world.hub.forget()
    parts = tuple(dict.fromkeys((*story.acts, *rates.kinds, *(["stale"] if staleness.rate else []))))
    told = world.history
    return Result(
        seed=seed, parts=parts, violations=violations, fingerprint=told.fingerprint, calls=made.place.door.calls - before,
        history=list(told.lines),
    )  # fmt: skip


def _played(world: World, story: Story, rates: Rates, staleness: Staleness, look: Callable[..., list[Violation]]) -> list[Violation]:
    """Let the story run to its end, and everything come to rest. Answers what was wrong on the way, or in the end."""
    world.faults.rates, world.place.dynamodb.lag = rates, staleness.lag
    try:
        story.begin()
        world.scheduler.run()
        world.calm()
        _hear_out(world)
        found = look(AT_REST)
        if found:
            return found
        for number, seconds in enumerate(QUIET_ROUNDS):
            story.end()
            world.scheduler.run()
            world.messages.redrive()
            if number:  # the first comes right after a sweep
                world.sweep()
            world.scheduler.run()
            world.scheduler.sleep(seconds)
        if story.end_at_the_bank() | world.messages.redrive_ghosts():
            for seconds in BANK_ROUNDS:
                world.scheduler.run()
                world.sweep(("settlement", "sweep"))
                world.scheduler.run()
                world.scheduler.sleep(seconds)
        if world.ses.habits:
            world.sweep(("notices", "sweep"))
            world.scheduler.run()
        return look()
    except Exception as error:  # the schedule's own failure is its result
        return [Violation("no surprise", "".join(traceback.format_exception(error))[-3000:])]


def _hear_out(world: World) -> None:
    """Let everything that was said be heard."""
    world.messages.redrive()
    world.scheduler.run()
    world.scheduler.sleep(HEARD)
    world.sweep()
    world.scheduler.run()
