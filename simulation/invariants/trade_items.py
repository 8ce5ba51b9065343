"""Trade items: what is one thing by the catalog is one on every card and for every client site."""

from collections.abc import Iterator

from functions.catalog.offers.trade_item_link import item_of as thing_of
from functions.catalog.offers.trade_item_link import variant_items_of
from functions.fanout.change_items import ChangeItem
from functions.fanout.storefront_view import ParsedChange
from functions.storefronts.index.card_items import CardItem
from functions.storefronts.index.product_card import Card
from shared.aws.dynamo import item_of
from simulation.invariants.seen import Seen


def one_thing_everywhere(seen: Seen) -> Iterator[str]:
    """Whatever was linked and undone, in whatever order it was heard: of what is on sale."""
    rows, changes = seen.items("StorefrontsTable"), seen.items("FanoutTable")
    cards = {raw["pk"]["S"]: Card.from_json(text) for raw in rows if "card" in raw and (text := item_of(CardItem, raw).card)}
    told = {raw["pk"]["S"]: ParsedChange(item_of(ChangeItem, raw).change()) for raw in changes if raw["pk"]["S"].startswith("product#")}
    for offer in seen.catalog:
        thing, at = thing_of(offer), f"product#{offer.product_id}"
        if offer.recall is None and not offer.is_delisted:
            shown = cards[at].trade_item if at in cards else None
            said = told[at].shown_alike.get("trade_item", "") if at in told else None
            if (shown, said) != (thing, thing):
                yield f"{offer.product_id} is {thing or 'alone'}, {shown} on its card, {said} for client sites"
            several = variant_items_of(offer) if offer.product.variants else []
            for variant, item in zip(offer.offered, several, strict=False):
                shown = cards[at].things.get(variant.offer_id, "") if at in cards else None
                said = _for_sites(told[at], variant.offer_id) if at in told else None
                if (shown, said) != (item, item):
                    yield f"{variant.offer_id} is {item or 'alone'}, {shown} on its card, {said} for client sites"


def _for_sites(told: ParsedChange, offer_id: str) -> str | None:
    return next((each.get("trade_item", "") for each in told.variants_alike if each["offer_id"] == offer_id), None)
