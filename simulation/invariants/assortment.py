"""What suppliers have on their lists: each product is what was said of it last, whoever said it and by which way."""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from typing import Any

from functions.catalog.offers.offer import Offer
from shared.variants.offered import offers_of
from shared.variants.sale import Priced
from simulation.actors.lists.assortment import FILLED
from simulation.actors.observed import CompleteFeed, DefaultsSet, Said, Span
from simulation.actors.setting import IN_UNION
from simulation.invariants.seen import Seen

NOTHING = (None, "new")
"""What these fields are where nobody has set defaults."""


def what_was_said_last(seen: Seen) -> Iterator[str]:
    """The catalog has a version as new as any receipt names, and it says what was sent by that version."""
    for offer in seen.catalog:
        mine = [said for said in seen.observed.said if said.product_id == offer.product_id]
        if mine and offer.submission < max(said.version for said in mine):
            yield f"{offer.product_id} has version {offer.submission}, acknowledged was {max(said.version for said in mine)}"
        yield from _otherwise(offer, mine)


def _otherwise(offer: Offer, mine: Sequence[Said]) -> Iterator[str]:
    """What no version says is as the one before it has it, as far back as all are known."""
    product = offer.product
    found = {
        "status": product.status, "amount": product.price.amount, "answered": product.safety is not None,
        "sales": (product.sale,) if product.sale else (),
    }  # fmt: skip
    for name, value in found.items():
        version = offer.submission
        while known := [said for said in mine if said.version == version]:
            told = [wanted for said in known if (wanted := getattr(said, name)) is not None]
            yield from (
                f"{offer.product_id}, version {version} of {offer.submission}: {name} is {value}, its supplier said {wanted}"
                for wanted in told
                if wanted != value
            )
            version = 0 if told else version - 1


def what_is_asked_is_told(seen: Seen) -> Iterator[str]:
    """Whoever takes orders knows the price of now, of a sale that has begun and of none that has ended; nobody paid a sale's price before
    it began."""
    now = Priced(seen.people.now())
    for offer in (offer for offer in seen.catalog if not (offer.recall or offer.is_delisted)):
        for one in offers_of(offer.id, offer.product_id, offer.product, now):
            known = seen.stock[one.offer_id].offer
            if known is None or known.price != one.product.price:
                yield f"{one.offer_id} costs {one.product.price}, orders know {known and known.price}"
    for placing in seen.observed.placings:
        for line in seen.orders[placing.order_id].lines:
            if (begins := _begins(seen, line.product_id, line.unit_cost)) and begins > placing.span.end:
                yield f"order {placing.order_id} of {placing.span.end} has {line.offer_id} for {line.unit_cost}, asked from {begins} on"


def _begins(seen: Seen, product_id: str, amount: int) -> datetime | None:
    """When that is first asked of a product; None if it was without a sale, too."""
    mine = [said for said in seen.observed.said if said.product_id == product_id]
    if any(said.amount == amount for said in mine):
        return None
    return min((s.starts_at for said in mine for s in said.sales or () if s.price.amount == amount and s.starts_at), default=None)


def filled_by_one_set(seen: Seen) -> Iterator[str]:
    """What uploads left out is one set's: of a version whose receipt is known, one that held while it was sent; of a feed's, any."""
    for offer in seen.catalog:
        held = tuple(getattr(offer.product, name) for name in FILLED)
        sets = [one for one in seen.observed.defaults if one.supplier_id == offer.supplier_id]
        allowed = {NOTHING, *(one.values for one in sets)}
        sent = [said.span for said in seen.observed.said if (said.product_id, said.version) == (offer.product_id, offer.submission)]
        whole = all(said.status for said in seen.observed.said if said.product_id == offer.product_id)
        if len(sent) == 1 and whole:
            allowed = _in_force(sets, sent[0])
        if held not in allowed:
            yield f"{offer.product_id}: {held} filled, in force were {allowed}"


def _in_force(sets: list[DefaultsSet], span: Span) -> set[tuple[Any, ...]]:
    """Values of all sets of which one may have been the latest at a moment of `span`."""
    begun = [one for one in sets if one.span.start <= span.end]
    done = [one for one in begun if one.span.surely_before(span)]
    return ({NOTHING} if not done else set()) | {
        one.values for one in begun if not any(one.span.surely_before(later.span) for later in done)
    }  # fmt: skip


def complete_feeds_archive(seen: Seen) -> Iterator[str]:
    """What is archived by no word of its supplier's was lacked by a complete file and not sent after that; what the latest file lacks is
    archived, unless it was, or was counted. A file that was given up archives nothing."""
    complete = [feed for feed in seen.observed.complete if feed.feed_id not in seen.given_up]
    answers = {feed.feed_id: seen.people.must(feed.who, "GET", f"/v1/feeds/{feed.feed_id}")["archiving"] for feed in complete}
    for feed in complete:
        if answers[feed.feed_id]["state"] not in ("archived", "kept", "asked"):
            yield f"feed {feed.feed_id}: {answers[feed.feed_id]}"
    whose = {goods.product_id for goods in seen.setting.goods}  # an e-book that is sold beside them is in no file that people know of
    for offer in (offer for offer in seen.catalog if offer.product_id in whose):
        lacking = [feed for feed in complete if offer.product_id in feed.lacks]
        spoken = any((said.product_id, said.version) == (offer.product_id, offer.submission) for said in seen.observed.said)
        if offer.is_delisted and not spoken and all(_touched(seen, offer, feed) for feed in lacking):
            yield f"{offer.product_id} is archived, and was sent after each of {[feed.feed_id for feed in lacking]}"
        for feed in lacking:
            last = not any(other.arrived >= feed.arrived for other in seen.observed.complete if other is not feed and other.who == feed.who)
            if last and answers[feed.feed_id]["state"] == "archived" and not offer.is_delisted and not _about(seen, offer, feed):
                yield f"{offer.product_id} is on sale, feed {feed.feed_id} lacks it: {answers[feed.feed_id]}"


def _touched(seen: Seen, offer: Offer, feed: CompleteFeed) -> bool:
    """Whether it was surely sent after the file had arrived; or counted, before anything may have been archived by it: a count of what is
    archived is kept, and brings nothing back."""
    if any(said.span.start > feed.arrived for said in seen.observed.said if said.product_id == offer.product_id):
        return True
    begun = min((told.at for told in seen.observed.told if told.feed_id == feed.feed_id), default=feed.arrived)
    return any(span.start > feed.arrived and span.end < begun for span in _spans(seen, offer, seen.given_up))


def _about(seen: Seen, offer: Offer, feed: CompleteFeed) -> bool:
    """Whether it may have been, or was in a file of another kind."""
    others = any(who == feed.who for who, feed_id in seen.observed.feeds if feed_id not in {one.feed_id for one in seen.observed.complete})
    return others or any(span.end >= feed.arrived for span in _spans(seen, offer))


def _spans(seen: Seen, offer: Offer, without: Container[str] = ()) -> list[Span]:
    """When it was sent or counted, but by the feeds `without`."""
    offers = set(offer.known_offers)
    counted = [count.told or count.span for count in seen.observed.counted if count.offer_id in offers and count.feed_id not in without]
    return counted + [said.span for said in seen.observed.said if said.product_id == offer.product_id]


def safety_is_answered(seen: Seen) -> Iterator[str]:
    """Where the hub demands it of goods that travel: no order went to the EU with some of which nobody had said it, and none can now."""
    if not seen.observed.safety_demanded:
        return
    product = {goods.offer_id: goods.product_id for goods in seen.setting.goods}
    for placing in seen.observed.in_union:
        for line in placing.body["lines"]:
            said = [said for said in seen.observed.said if said.answered and said.product_id == product[line["offer_id"]]]
            if not any(one.span.start <= placing.span.end for one in said):
                yield f"order {placing.order_id} goes to the EU, and nobody answers for {line['offer_id']}"
    shop, shown = seen.setting.shops[0], {each.offer_id: offer for offer in seen.catalog for each in offer.offered}
    for offer_id in sorted(seen.on_sale):
        ask = {"lines": [{"offer_id": offer_id, "quantity": 1}], "address": IN_UNION[0], "currency": "GBP"}
        reply = seen.people.ask(shop.owner, "POST", f"{shop.path}/shipping-quotes", ask)
        refused = reply.status >= 400 and str(reply.body["type"]).endswith("safety-unanswered")
        sold = shown[offer_id].product
        if refused != (sold.safety is None and sold.requires_shipping):
            yield f"{offer_id}: a quote to the EU answers {reply.status}, safety is {sold.safety}"
