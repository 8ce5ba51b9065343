"""In some schedules people play with the commons: what they do when. All by choices of its own."""

from functools import partial
from random import Random
from typing import Any

from functions.pictures.picture_items import ContributedItem
from shared.aws.dynamo import item_of
from simulation.actors.commons.gallery import ALIKE, SAME, Gallery, bucket, content_of
from simulation.actors.commons.prints import TAKEN_FOR, Prints
from simulation.actors.lists.e_books import LATER
from simulation.actors.merchant import Merchant
from simulation.actors.people import People
from simulation.actors.setting import Setting, Shop
from simulation.actors.shopper import Shopper
from simulation.actors.story import Story
from simulation.world import World

PLAYED = 0.06
"""How often they do."""
AT_ONCE = (0.0, 0.0, 0.5, 30.0)
NEXT_DAY = 30 * 3600.0
"""Seconds until everything that was said on the first day was heard, but for what is among the dead."""
HIDDEN_AFTER = (1.0, 60.0, 3600.0, 40 * 3600.0)


def have_pictures_shared(story: Story, people: People, setting: Setting, seed: int) -> None:
    own, world = Random(f"commons {seed}"), story.world
    if not story.has("commons", PLAYED, own):
        return
    gallery = Gallery(people, own, partial(_put, world), partial(_tell, world), world.scheduler.sleep)
    story.observed.gallery = gallery
    first, second = setting.suppliers[:2]
    content = content_of(SAME)
    for who, body in ((second, SAME), (first, ALIKE), *((second, ALIKE),) * own.randint(0, 1)):
        world.spawn("picture is sent", partial(_sent, gallery, who, body), own.choice(AT_ONCE))
    given = own.choice(("attribution", "public-domain"))
    world.spawn("picture is given", partial(_given, gallery, first, given), own.choice(AT_ONCE))
    prints = Prints(people, setting, story.observed, own)
    world.spawn("picture is taken", partial(_sold, story, gallery, prints, content), own.choice(AT_ONCE))
    for n in range(own.choice((0, 0, 1, 2))):
        who, after = setting.shops[n].owner, own.choice(HIDDEN_AFTER) * own.random()
        world.spawn("picture is objected to", partial(_disputed, gallery, who, own.choice((content, content_of(ALIKE)))), after)


def _sent(gallery: Gallery, who: Any, body: bytes) -> None:
    gallery.send(who, body)


def _given(gallery: Gallery, who: Any, licence: str) -> None:
    """Sent, given, and perhaps taken back and given again."""
    own = gallery.random
    picture_id = gallery.send(who, SAME)
    if not picture_id or not gallery.give(who, picture_id, licence):
        return
    for narrower in own.choice(((), (), ("own-use",), ("own-use", licence))):
        gallery.sleep(own.choice(HIDDEN_AFTER))
        gallery.give(who, picture_id, narrower)


def _sold(story: Story, gallery: Gallery, prints: Prints, content: str) -> None:
    """Taken for some products, shown with one, and ordered the next day."""
    own, seller, world = gallery.random, prints.setting.suppliers[1], story.world
    wanted = own.sample((TAKEN_FOR, "sim-other", "sim-third"), own.randint(1, 3))
    for sku in (*wanted, *own.sample(wanted, own.randint(0, 1))):  # one is taken again, perhaps
        prints.picture_id = gallery.take(seller, content, sku) or prints.picture_id
    if not prints.picture_id:
        return
    prints.offer()
    if own.random() < 0.5:
        gallery.take(prints.setting.suppliers[0], content_of(ALIKE), "sim-0")
    for _ in range(own.randint(2, 4)):
        shop = own.choice((*prints.setting.shops, *prints.setting.shops[:2]))
        world.spawn("print is ordered", partial(_ordered, story, gallery, prints, shop), NEXT_DAY)


def _ordered(story: Story, gallery: Gallery, prints: Prints, shop: Shop) -> None:
    own, world, people, observed = gallery.random, story.world, prints.people, story.observed
    shown = _known_to_show(world, prints)
    order = prints.order(shop) if prints.offer_id else None
    if order is None:
        return
    if shown:
        gallery.thanked[order["id"]] = (prints.product_id, shown)
    shopper, merchant = Shopper(people, prints.setting, observed, own), Merchant(people, observed, own)
    world.spawn("print is paid", partial(shopper.pay, shop, order), own.choice(LATER))
    if shop.payer == "sim_later":
        world.spawn("print is captured", partial(merchant.capture, shop, order["id"]), 3600.0 + own.choice(LATER))
    for name, act, chance in (("refunded", merchant.refund, 0.6), ("cancelled", merchant.cancel, 0.3)):
        if own.random() < chance:
            world.spawn(f"print is {name}", partial(act, shop, order), 60.0 + own.choice(LATER))
    world.spawn("print is delivered", partial(story.supplier.send_all, prints.setting.suppliers[1]), 60.0 + own.choice(LATER))


def _known_to_show(world: World, prints: Prints) -> str:
    """The content that the print is known by now to show; empty if that was not heard yet."""
    for raw in world.place.dynamodb.items("PicturesTable"):
        if raw["pk"]["S"].endswith("#contributed") and "credits" in raw and raw["sk"]["S"].startswith("prd_"):
            return content_of(SAME) if item_of(ContributedItem, raw).credits else ""
    return ""


def _disputed(gallery: Gallery, who: Any, content: str) -> None:
    """A notice; perhaps an answer; perhaps a decision. All may meet those of another."""
    own = gallery.random
    notice_id = gallery.object(who, content)
    if own.random() < 0.5:
        gallery.sleep(own.choice(HIDDEN_AFTER))
        for sent in [sent for sent in gallery.sent if content_of(sent.body) == content][:1]:
            gallery.answer(sent.who, sent.picture_id)
    if notice_id and own.random() < 0.8:
        gallery.sleep(own.choice(HIDDEN_AFTER) * own.random())
        gallery.decide(content, notice_id, upheld=own.random() < 0.3)


def _put(world: World, key: str, body: bytes) -> None:
    world.place.s3.objects[bucket(), key] = body


def _tell(world: World, notice: str) -> None:
    for _ in range(world.faults.copies()):
        world.messages.put("ArrivalsQueueUrl", notice, world.faults.delay())
