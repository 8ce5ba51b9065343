"""Where the catalog keeps its offers: one item a product, under its supplier."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.catalog.offers.asked_prices import AskedPrices
from functions.catalog.offers.offer import Link, Offer, OfferChange, Recall
from functions.catalog.offers.sale_sweep import DueSale
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_if, stores_packed
from shared.bounds.kept import kept
from shared.bus import envelope, opened_as
from shared.messages import OfferPublished
from shared.pictures.product_pictures import Shown, lines_of, of_lines
from shared.trade.product import Product

PREFIX = "product#"
DUE, LAST = "due", "~"


class OfferItem(Item):
    class Meta(Table):
        pass

    product = UnicodeAttribute(null=True)
    """JSON; absent where the event says it: a product is kept once, and paid for once."""
    shown = UnicodeAttribute(null=True)
    """JSON of its pictures' lines and blurs, where the event does not say them."""
    submission = IntegerAttribute()
    version = IntegerAttribute()
    changed_at = UnicodeAttribute()
    first_published_at = UnicodeAttribute(null=True)
    recalled_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    gone = UnicodeAttribute(null=True)
    """JSON; absent where no variant is. So is `withheld`."""
    more_gone = BooleanAttribute(null=True)
    withheld = UnicodeAttribute(null=True)
    withheld_for = UnicodeAttribute(null=True)
    trade_item = UnicodeAttribute(null=True)
    linked_by = UnicodeAttribute(null=True)
    """Both absent where its codes say which it is."""
    named = BooleanAttribute(null=True)
    variant_links = UnicodeAttribute(null=True)
    """JSON: offer id → item, by whose word; absent where nothing was said of a variant. So is `variants_named`."""
    variants_named = UnicodeAttribute(null=True)
    prices = UnicodeAttribute(null=True)
    """JSON of AskedPrices; absent where nothing is reduced, nor was asked otherwise lately."""
    requests = UnicodeAttribute(null=True)


class DueItem(Item):
    """That one of a product's sales begins or ends at a moment: all under one key, by the moment."""

    class Meta(Table):
        pass


class OfferStore:
    """offer_service.Offers."""

    def __init__(self, table: str) -> None:
        bind(table, OfferItem, DueItem)

    def get(self, supplier_id: str, product_id: str) -> Offer | None:
        try:
            return _offer(OfferItem.get(supplier_id, PREFIX + product_id, consistent_read=True))
        except OfferItem.DoesNotExist:
            return None

    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        """At most `limit` offers of the supplier, by product id, after the one named."""
        beyond: Any = OfferItem.sk > PREFIX + after
        within: Any = OfferItem.sk.startswith(PREFIX)
        return [_offer(item) for item in OfferItem.query(supplier_id, beyond if after else within, limit=limit)]

    def save(self, change: OfferChange, held: Offer | None, now: datetime) -> bool:
        """Keep `change` with its event, in one write, if what is kept is still `held`. Answers whether it was.

        Where nothing is to be told the event of before stays, which the stream knows; so after a restore it can be told again.
        """
        unchanged = OfferItem.pk.does_not_exist() if held is None else OfferItem.version == held.version
        next_sale = change.offer.next_sale()
        if next_sale and (held is None or held.next_sale() != next_sale):
            self.await_sale(change.offer, next_sale)
        return put_if(_item(change, now), unchanged)

    def await_sale(self, offer: Offer, moment: datetime) -> None:
        """Have the product looked at then. Written before the change that wants it: one look too many is no harm."""
        DueItem(DUE, f"{rfc3339(moment)}#{offer.supplier_id}#{offer.product_id}").save()

    def due(self, now: datetime) -> Iterator[DueSale]:
        """Whose sales have begun or ended, the earliest first."""
        for item in DueItem.query(DUE, DueItem.sk < rfc3339(now) + LAST):
            yield DueSale(item.sk, *item.sk.split("#")[1:])

    def done(self, due: DueSale) -> None:
        DueItem(DUE, due.key).delete()


def _item(change: OfferChange, now: datetime) -> OfferItem:
    """A release that reads no packed texts reads the product by itself, and so it is kept where such a one may be at work."""
    offer = change.offer
    is_told = stores_packed() and isinstance(change.event, OfferPublished)
    return OfferItem(
        offer.supplier_id, PREFIX + offer.product_id, product=None if is_told else offer.product.model_dump_json(exclude_defaults=True),
        submission=offer.submission, version=offer.version, changed_at=offer.changed_at,
        shown=json.dumps(lines_of(offer.shown)) if offer.shown and not is_told else None,
        first_published_at=offer.first_published_at, recalled_by=offer.recall.by if offer.recall else None,
        reason=offer.recall.reason if offer.recall else None,
        gone=json.dumps(offer.gone) if offer.gone else None,
        withheld=json.dumps(offer.withheld) if offer.withheld else None, withheld_for=offer.withheld_for or None,
        more_gone=offer.more_gone or None,
        trade_item=offer.link.item if offer.link else None, linked_by=offer.link.by if offer.link else None,
        named=offer.named or None,
        variant_links=_links(offer),
        variants_named=json.dumps(offer.variants_named) if offer.variants_named else None,
        requests=json.dumps(dict(offer.requests)) if offer.requests else None, prices=offer.prices.to_json(),
        event=envelope(change.event, now) if change.event else offer.told or None,
    )  # fmt: skip


def _links(offer: Offer) -> str | None:
    said = {offer_id: (link.item, link.by) for offer_id, link in offer.variant_links.items()}
    return json.dumps(said) if said else None


def _first_published_at(item: Any) -> str:
    """Items of before it was kept do not say it, and have all been on sale."""
    return str(item.changed_at if item.first_published_at is None else item.first_published_at)


def _product(item: Any) -> tuple[Product, Shown]:
    """With those of its pictures that are shown. Items of before keep it beside their event, which says it too."""
    if item.product is not None:
        return kept(Product, item.product), of_lines(*json.loads(item.shown)) if item.shown else ()
    event = opened_as(OfferPublished, item.event)
    return event.product, of_lines(event.shown, event.blurs)


def _offer(item: Any) -> Offer:
    product, shown = _product(item)
    recall = Recall(item.recalled_by, item.reason) if item.recalled_by else None
    return Offer(
        product_id=item.sk.removeprefix(PREFIX), supplier_id=item.pk, product=product, shown=shown,
        submission=item.submission, version=item.version, changed_at=item.changed_at, first_published_at=_first_published_at(item),
        recall=recall, gone=tuple(json.loads(item.gone or "[]")), withheld=tuple(json.loads(item.withheld or "[]")),
        withheld_for=item.withheld_for or "", more_gone=bool(item.more_gone), requests=json.loads(item.requests or "{}"),
        prices=AskedPrices.from_json(item.prices),
        told=item.event or "", link=Link(item.trade_item, item.linked_by) if item.trade_item else None, named=bool(item.named),
        variant_links={each: Link(*said) for each, said in json.loads(item.variant_links or "{}").items()},
        variants_named=tuple(json.loads(item.variants_named or "[]")),
    )  # fmt: skip
