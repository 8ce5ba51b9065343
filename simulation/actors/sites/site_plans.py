"""What a client site does in one schedule, and about when: by random choices of its own."""

from random import Random

from simulation.actors.people import People
from simulation.actors.setting import Shop
from simulation.actors.sites.client_site import ClientSite
from simulation.actors.sites.passed_over import passed_over
from simulation.actors.sites.pushed_site import PushedSite
from simulation.world import World

SOON, LATER = (0.0, 1.0, 30.0), (1.0, 60.0, 3600.0, 20 * 3600.0)
POLLS = 8
OUTAGES = (1.0, 60.0, 3600.0, 12 * 3600.0, 40 * 3600.0)
"""Seconds for which an endpoint is away."""
GONE = 0.25
"""How often an endpoint goes away for good."""
ENDPOINT = "https://shop.example.com/monsoon"


def planned_site(world: World, people: People, shop: Shop, own: Random) -> ClientSite:
    """A site that reads the feed now and then, or one that is told by webhook."""
    return _reading(world, people, shop, own) if own.random() < 0.5 else _told(world, people, shop, own)


def _reading(world: World, people: People, shop: Shop, own: Random) -> ClientSite:
    site = ClientSite(people, shop, own)
    for _ in range(own.randint(1, 4)):
        world.spawn("client site", lambda: _read(site, world), own.choice(LATER) * own.random())
    if own.random() < 0.5:
        for moment in LATER:
            world.spawn("client site follows", lambda: _follow(site, world, own), moment)
    return site


def _read(site: ClientSite, world: World) -> None:
    """Read on, and note what should have been told by then."""
    asked = site.read()
    if asked:
        site.missed += passed_over(site.offered, asked, world.place.dynamodb.items("FanoutTable"), site.shop.storefront_id)


def _follow(site: ClientSite, world: World, own: Random) -> None:
    """Read every few seconds, as a site that keeps level does, when most is done: while an index may not show yet what changed."""
    for _ in range(POLLS):
        _read(site, world)
        world.scheduler.sleep(own.uniform(2.0, 10.0))


def _told(world: World, people: People, shop: Shop, own: Random) -> PushedSite:
    site = PushedSite(people, shop, own, sleep=world.scheduler.sleep, now=world.clock, url=ENDPOINT)
    site.failing = own.choice((0.0, 0.0, 0.3))
    world.endpoints.of[site.url] = site.take
    world.tell_endpoints()
    world.spawn("client site subscribes", site.subscribe, own.choice(SOON))
    for _ in range(own.randint(1, 3)):
        world.spawn("client site away", lambda: site.be_away(own.choice(OUTAGES)), own.choice(LATER) * own.random())
    if own.random() < 0.3:
        world.spawn("client site rotates", site.rotate, own.choice(LATER))
    if own.random() < GONE:
        world.spawn("client site goes", site.go, own.choice(LATER))
    return site
