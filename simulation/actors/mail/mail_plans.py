"""Who gets mail in one schedule, and how SES is: by choices of its own."""

from functools import partial
from random import Random

from shared.api.caller import Caller
from simulation.actors.buying.buyers import Buyers
from simulation.actors.mail.merchants_mail import MerchantsMail
from simulation.actors.people import People
from simulation.actors.setting import Setting
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.story import Story
from simulation.aws.ses import Habits
from simulation.world import World

MAILED = 0.04
"""How often mail is brought, and what becomes of it is told."""
SWEEPS = (30.0, 300.0, 660.0, 720.0, 1000.0, 1700.0, 2700.0, 3700.0, 7200.0, 4 * 3600.0, 9 * 3600.0, 21 * 3600.0, 30 * 3600.0)
LATER = (60.0, 3600.0, 7 * 3600.0, 21 * 3600.0)


def have_mail_brought(story: Story, people: People, setting: Setting, seed: int) -> None:
    """In some schedules merchants and buyers hear of what happens by mail."""
    own = Random(f"mail {seed}")
    if not story.has("mail", MAILED, own):
        return
    story.world.have_mail_brought(Habits(Random(f"ses {seed}")))
    for seconds in SWEEPS:
        story.world.spawn("notices sweep", partial(story.world.sweep, ("notices", "sweep")), seconds * own.uniform(0.9, 1.1))
    for who in (*setting.suppliers, *(shop.owner for shop in setting.shops)):
        _merchant(story, people, who, own)
    buyers = Buyers(people, setting, story.observed, own, story.world)
    for n in range(own.randint(1, 3)):
        act = partial(buyers.buy, own.choice(setting.shops), f"heddy{n}@buyers.example")
        story.world.spawn("buyer with mail", act, own.choice((1.0, 900.0, 4000.0)) * own.random())


def _merchant(story: Story, people: People, who: Caller, own: Random) -> None:
    """Mostly a merchant gives an address at once; some think otherwise later."""
    world = story.world
    browser = Browser(hub=people.hub, history=people.history, sleep=people.sleep, troubled=people.troubled, now=people.now)
    merchant = MerchantsMail(
        who=who, people=people, random=own, ses=world.ses, browser=browser, said=story.observed.mail, kind_of=partial(_kind_of, world),
    )  # fmt: skip
    if own.random() < 0.7:
        world.spawn("merchant has mail", merchant.begin, own.random())
        if own.random() < 0.3:
            world.spawn("merchant switches", merchant.switch, own.choice(LATER))
        if own.random() < 0.3:
            world.spawn("merchant unsubscribes", merchant.unsubscribe, own.choice(LATER))


def _kind_of(world: World, mail_id: str) -> str:
    kinds = {item["pk"]["S"]: str(item["kind"]["S"]) for item in world.place.dynamodb.items("NoticesTable") if "kind" in item}
    return kinds[mail_id]
