"""Who buys on pages in one schedule, and about when: by choices of its own."""

from functools import partial
from random import Random

from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import SHOP, Setting, Shop
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.cart_walk import CartWalk
from simulation.actors.shop_pages.page_payer import PagePayer
from simulation.actors.shop_pages.page_shopper import PageShopper
from simulation.actors.shop_pages.strangers import Stranger
from simulation.actors.story import Story

SHOWN = 0.04
"""How often anybody buys on pages."""
STRANGE = 0.3
OPENED = 60.0
"""Seconds in which a shop that has opened its pages is known of everywhere."""


def have_pages_visited(story: Story, people: People, setting: Setting, seed: int) -> None:
    """In some schedules shoppers buy in browsers at one shop."""
    own = Random(f"pages {seed}")
    if not story.has("pages", SHOWN, own):
        return
    shop, other = own.sample(setting.shops, 2)
    story.world.spawn("pages are opened", partial(_open, people, shop))
    if own.random() < STRANGE:
        story.world.spawn("other pages are opened", partial(_open, people, other))
        walk = CartWalk(shop=shop, goods=setting.goods, random=own, shown=story.observed.shown)
        stranger = Stranger(walk=walk, other=other, browser=_browser(story, people), random=own, shown=story.observed.shown)
        story.world.spawn("stranger", stranger.try_all, OPENED + own.random())
    for n in range(own.randint(1, 3)):
        shopper = _shopper(story, people, shop, own, f"ada{n}@buyers.example")
        story.world.spawn(f"page shopper {n}", shopper.buy, OPENED + own.choice((0.0, 1.0, 3600.0)) * own.random())


def _open(people: People, shop: Shop) -> None:
    """Let a shop show its goods to anybody."""
    held = people.must(shop.owner, "GET", shop.path)
    people.must(shop.owner, "PUT", shop.path, SHOP | {"version": held["version"], "pages": {"slug": shop.slug}})


def _browser(story: Story, people: People) -> Browser:
    return Browser(hub=people.hub, history=people.history, sleep=people.sleep, troubled=people.troubled, now=people.now)


def _shopper(story: Story, people: People, shop: Shop, own: Random, email: str) -> PageShopper:
    observed: Observed = story.observed
    payer = PagePayer(
        shop=shop, observed=observed, random=own, books=story.world.card, console=story.console,
        merchant=Merchant(people, observed, own), later=story.world.spawn,
    )  # fmt: skip
    return PageShopper(
        people=people, setting=story.setting, observed=observed, random=own, shop=shop, email=email, browser=_browser(story, people),
        payer=payer, later=story.world.spawn,
    )  # fmt: skip
