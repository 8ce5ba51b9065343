"""Who pays in another currency than suppliers ask in: a shop sells in three, and pays its suppliers in each."""

from functools import partial
from random import Random

from simulation.actors.people import People
from simulation.actors.setting import SHOP, Setting, Shop
from simulation.actors.shopper import OWN, Shopper
from simulation.actors.story import Story

ABROAD = 0.04
"""How often."""
OTHERS = ("EUR", "JPY")
"""One with cents, and one without."""
CHANGED_MEANWHILE = 409
KNOWN = 60.0
"""Seconds in which everybody has heard in what a shop sells."""


def have_other_money_paid(story: Story, people: People, setting: Setting, seed: int) -> None:
    """In some schedules one shop sells in other currencies too, by choices of its own. Not in those whose shops open pages: who writes a
    storefront twice at one moment is refused once."""
    own = Random(f"other money {seed}")
    if not story.has("other money", ABROAD, own) or "pages" in story.acts:
        return
    shop = own.choice([shop for shop in setting.shops if shop.payer != "cash_on_delivery"])
    story.world.spawn("other money is taken", partial(_sell, people, shop))
    for n in range(own.randint(1, 3)):
        currency = own.choice((OWN, *OTHERS, *OTHERS))
        shopper = Shopper(people, setting, story.observed, own, currency=currency)
        name = f"{currency} shopper {n}"
        story.world.spawn(name, story.shopping(name, shop, shopper), KNOWN + own.choice((0.0, 1.0, 3600.0)) * own.random())


def _sell(people: People, shop: Shop) -> None:
    """Let a shop sell in all of them, and pay in all that it pays in."""
    rule = SHOP["price_rule"] | {"currencies": [OWN, *OTHERS]}
    held = people.must(shop.owner, "GET", shop.path)
    people.must(shop.owner, "PUT", shop.path, SHOP | {"version": held["version"], "price_rule": rule})
    path = f"{shop.path}/payout-schedule"
    while (paid := people.ask(shop.owner, "GET", path)).status == 200:
        every = {name: paid.body[name] for name in ("installation_id", "every", "on")}
        kept = people.ask(shop.owner, "PUT", path, every | {"currencies": [{"currency": each} for each in (OWN, *OTHERS)]})
        if kept.status != CHANGED_MEANWHILE:
            return
