"""Pictures that several send, give, take and object to: one object, contributors and uses that are right, and what is hidden nowhere."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from functions.pictures.commons.commons_store import LICENCE, _grant
from functions.pictures.contents.content import original_key
from functions.pictures.contents.content_store import CONTENT, GRANT, USE
from functions.pictures.picture_items import ContentItem, LicenceItem, NoticeItem, PictureItem, SaleItem, UseItem
from functions.pictures.places.picture import Picture, commons_picture_id
from functions.pictures.places.picture_store import _picture
from functions.pictures.takedowns.notice import hiding
from functions.pictures.takedowns.notice_store import NOTICE, _notice
from functions.pictures.takedowns.served_client import HIDDEN
from functions.pictures.thanks.thanks_store import SALE
from shared.aws.dynamo import item_of
from simulation.actors.commons.gallery import content_of
from simulation.invariants.seen import Seen
from simulation.invariants.told.sale_news import SaleNews

FILES = 4
"""Sizes of a content."""


def one_object(seen: Seen) -> Iterator[str]:
    """The same bytes are one content, whoever sent them, and each who sent them is among its contributors, by each picture."""
    if not (gallery := seen.observed.gallery):
        return
    pictures, known = _pictures(seen), {raw["pk"]["S"] for raw in _items(seen, CONTENT)}
    granted = {(raw["pk"]["S"], raw["sk"]["S"].removeprefix(GRANT)) for raw in _items(seen, GRANT)}
    for sent in gallery.sent:
        picture = pictures[sent.who.account_id, sent.picture_id]
        content = content_of(sent.body)
        if picture.state not in ("shown", "hidden") or not picture.shown or picture.shown.content != content:
            yield f"{sent.picture_id} is {picture.state} and shows {picture.shown and picture.shown.content}, its bytes are {content}"
        if content not in known or (content, f"{sent.who.account_id}#{sent.picture_id}") not in granted:
            yield f"{content} does not know that {sent.who.account_id} sent it by {sent.picture_id}"
    if strangers := known - {content_of(sent.body) for sent in gallery.sent}:
        yield f"nobody sent {strangers}"


def hidden_nowhere(seen: Seen) -> Iterator[str]:
    """What notices hide is served nowhere and by no picture, neither told by the catalog; what they do not is all there, as it was."""
    if not seen.observed.gallery:
        return
    notices = [_notice(item_of(NoticeItem, raw)) for raw in _items(seen, NOTICE)]
    decided = {notice.id: notice.state == "upheld" for notice in notices if notice.decision}
    for notice_id, upheld in seen.observed.gallery.decided.items():
        if decided.get(notice_id) != upheld:
            yield f"{notice_id} was decided {upheld}, and is {decided.get(notice_id)}"
    for raw in _items(seen, CONTENT):
        item, content = item_of(ContentItem, raw), raw["pk"]["S"]
        mine = [notice for notice in notices if notice.content_id == content]
        if item.hidden_for != hiding(mine):
            yield f"{content} is hidden for {item.hidden_for}, its notices say {hiding(mine)}"
        if bool(item.gone) != any(notice.state == "upheld" for notice in mine):
            yield f"{content}: gone is {item.gone}, its notices are {[notice.state for notice in mine]}"
        yield from _follows(seen, content, hidden=bool(item.hidden_for), gone=bool(item.gone))


def _follows(seen: Seen, content: str, *, hidden: bool, gone: bool) -> Iterator[str]:
    keys = Counter(_kind(key, content) for _, key in seen.world.place.s3.objects if content in key)
    wanted = Counter({"served": 0 if hidden else FILES, "kept": FILES if hidden and not gone else 0, "original": int(not gone)})
    if not hidden:
        wanted["kept"] = keys["kept"]  # what was hidden once stays in the private bucket
    if +keys != +wanted:
        yield f"{content}, hidden {hidden}, gone {gone}: its files are {dict(keys)}"
    state = "hidden" if hidden else "shown"
    for picture in _pictures(seen).values():
        if picture.shown and picture.shown.content == content and picture.state != state:
            yield f"{content} is {state}, {picture.id} of {picture.account_id} is {picture.state}"
    for offer in seen.catalog:
        if hidden and any(shown.content == content for shown in offer.shown):
            yield f"{content} is hidden, {offer.product_id} shows it"


def _kind(key: str, content: str) -> str:
    if key == original_key(content):
        return "original"
    return "kept" if key.startswith(HIDDEN) else "served"


def uses_are_counted(seen: Seen) -> Iterator[str]:
    """A use is counted once, to who gave it; whatever the hub said was taken is a use."""
    if not (gallery := seen.observed.gallery):
        return
    uses = [item_of(UseItem, raw) for raw in _items(seen, USE)]
    kept = {(use.pk, *use.sk.removeprefix(USE).split("#")) for use in uses}
    if lost := gallery.taken - kept:
        yield f"taken, and no use is kept of it: {lost}"
    by_grant = Counter((use.pk, use.granted_by) for use in uses)
    for raw in _items(seen, LICENCE):
        grant = _grant(item_of(LicenceItem, raw))
        if grant.uses != by_grant[raw["pk"]["S"], grant.account_id]:
            yield f"{raw['pk']['S']} of {grant.account_id} counts {grant.uses} uses, kept are {by_grant[raw['pk']['S'], grant.account_id]}"
    pictures = _pictures(seen)
    for content, account_id, _ in kept:
        if (account_id, commons_picture_id(account_id, content)) not in pictures:
            yield f"{account_id} took {content}, and has no picture of it"


def thanks_are_what_was_sold(seen: Seen) -> Iterator[str]:
    """Each grant counts the units that were sold with it, and what was paid for them: by the orders' own news, each once, whatever came
    twice or late. Nothing of an order whose money is disputed or missing."""
    if not (gallery := seen.observed.gallery):
        return
    wanted, counted, told = Counter[tuple[str, str, str]](), set[str](), SaleNews(seen.world.messages.told("pictures"))
    for raw in _items(seen, SALE):
        item, order_id = item_of(SaleItem, raw), raw["pk"]["S"]
        shown = json.loads(item.told)["credits"]
        if shown:
            counted.add(order_id)
        for product_id, several in shown.items():
            for content, account_id in several:
                for what, many in told.left(order_id, product_id).items():
                    wanted[content, account_id, what] += many
    for raw in _items(seen, LICENCE):
        grant, content = _grant(item_of(LicenceItem, raw)), raw["pk"]["S"]
        for what, found in {"units": grant.sold, **grant.sold_for}.items():
            if found != (sold := wanted.pop((content, grant.account_id, what), 0)):
                yield f"{content} of {grant.account_id} is thanked for {found} {what}, sold were {sold}"
    if left := {key: many for key, many in wanted.items() if many}:
        yield f"sold, and nobody is thanked: {left}"
    for order_id, (product_id, content) in gallery.thanked.items():
        if told.paid[order_id][1][product_id, "units"] and order_id not in counted and content not in gallery.disputed:
            yield f"order {order_id} was paid, its print shows {content}, and nobody is thanked"


def _items(seen: Seen, sk: str) -> list[dict[str, Any]]:
    return [raw for raw in seen.items("PicturesTable") if raw["sk"]["S"].startswith(sk) and raw["pk"]["S"].startswith(("img_", "ord_"))]


def _pictures(seen: Seen) -> dict[tuple[str, str], Picture]:
    found = [raw for raw in seen.items("PicturesTable") if raw["pk"]["S"].endswith("#pictures") and raw["sk"]["S"].startswith("pic_")]
    accounts = [(raw["pk"]["S"].removesuffix("#pictures"), item_of(PictureItem, raw)) for raw in found]
    return {(account_id, item.sk): _picture(account_id, item) for account_id, item in accounts}
