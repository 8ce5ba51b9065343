"""Where the cards lie (one a product, followed through `by_time`), and whose are hidden."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from functions.storefronts.index.card_items import ByTime, CardItem, SuspendedItem
from functions.storefronts.index.index_replica import SHARDS, CardChange
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.index.variant_stock import as_left, in_stock, stocked
from monsoon_plugin.clock import Clock, rfc3339
from shared.aws.dynamo import bind, put_newer, refused, stores_packed, write_over
from shared.aws.packing import packed, unpacked
from shared.bounds.kept import kept
from shared.ids import offer_id_of
from shared.messages import OfferAvailabilityChanged
from shared.optimistic_retry import Contended, Retry
from shared.variants.variant_stock import VariantStock

PRODUCT, CARD, SUSPENDED = "product#", "card", "suspended"
REMEMBERED = timedelta(days=90)
"""How long a product's versions are kept once it is off sale: no event comes so late, and no snapshot is so old."""
WARNED = timedelta(days=3650)
"""How long people are told why a product was recalled: goods live longer than links."""


class CardStore:
    """The cards, and whose are hidden. Each change is one write of one item and its entry in `by_time`."""

    def __init__(self, table: str, clock: Clock, retry: Retry) -> None:
        bind(table, CardItem, SuspendedItem)
        self._clock, self._retry = clock, retry

    def publish(self, card: Card, detail: Detail) -> None:
        """Keep the card unless a newer one, or a newer recall, is kept. An availability that was heard stays.

        One write; of a product that has or had variants, a read before it, and both again if another was quicker. Raises Busy.
        """
        told: list[Action] = [
            CardItem.version.set(card.version), CardItem.expires_at.remove(),
            CardItem.detail.set(_kept(detail, card)),
            CardItem.recalled.remove(),
        ]  # fmt: skip
        plain = _older(CardItem.version, card.version) & CardItem.variant_stock.does_not_exist()
        if detail.variants or not self._update(card.product_id, [*told, CardItem.card.set(card.to_json())], plain):
            self._retry(lambda: self._publish_over(card, detail, told))

    def _publish_over(self, card: Card, detail: Detail, told: Sequence[Action]) -> None:
        held = _read(card.product_id)
        if held is None or (held.version or 0) < card.version:
            stock = _stock_in(held, card.product_id).within_bounds({card.offer_id, *(variant.offer_id for variant in detail.variants)})
            shown = CardItem.card.set(as_left(card, detail, stock).to_json())
            self._level(held, card.product_id, [*told, shown, *_stock_actions(stock, card, detail)])

    def remove(self, product_id: str, version: int, recalled: str = "") -> None:
        """Leave only the versions, so that an older card that comes late is dropped, and followers learn that it is gone; and why it was
        recalled, if it was."""
        until = int((self._clock() + (WARNED if recalled else REMEMBERED)).timestamp())
        told = [CardItem.recalled.set(recalled)] if recalled else [CardItem.recalled.remove()]
        gone = [CardItem.card.remove(), CardItem.detail.remove(), CardItem.expires_at.set(until), *told]
        self._update(product_id, [*gone, CardItem.version.set(version)], _older(CardItem.version, version))

    def keep_stock(self, message: OfferAvailabilityChanged) -> None:
        """Keep whether there are units, also of a product that is not published yet; of a variant beside the others'. Raises Busy."""
        told = [CardItem.stock_version.set(message.version), CardItem.in_stock.set(message.in_stock)]
        plain = _older(CardItem.stock_version, message.version) & CardItem.variant_stock.does_not_exist()
        if message.variant or message.backorder == "full" or not self._update(message.product_id, told, plain):
            self._retry(lambda: self._keep_stock_over(message))

    def _keep_stock_over(self, message: OfferAvailabilityChanged) -> None:
        held, full = _read(message.product_id), message.backorder == "full"
        if not message.variant and not full and held is not None and held.variant_stock is None:
            return
        before = _stock_in(held, message.product_id)
        if (stock := before.after(message.offer_id, message.version, message.in_stock, full=full)) is not before:
            card = Card.from_json(held.card) if held and held.card else None
            detail = _detail(held, card) if held else None
            now = as_left(card, detail, stock) if card and detail else card
            shown = [CardItem.card.set(now.to_json())] if now and now != card else []
            self._level(held, message.product_id, [*shown, *_stock_actions(stock, card, detail)])

    def _level(self, held: CardItem | None, product_id: str, actions: Sequence[Action]) -> None:
        """Write over what was read. Raises Contended if that has changed."""
        read = (CardItem.version, CardItem.stock_version, CardItem.variant_stock)
        found = [(attribute, getattr(held, attribute.attr_name) if held else None) for attribute in read]
        same = [attribute.does_not_exist() if value is None else attribute == value for attribute, value in found]
        if not self._update(product_id, actions, same[0] & same[1] & same[2]):
            raise Contended

    def suspend(self, supplier_id: str, version: int, *, suspended: bool) -> None:
        """Hide a supplier's cards, or show them again, unless something newer was heard."""
        put_newer(SuspendedItem(SUSPENDED, supplier_id, version=version, suspended=suspended), SuspendedItem.version, version)

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        """A product on sale."""
        try:
            item = CardItem.get(PRODUCT + product_id, CARD)
        except CardItem.DoesNotExist:
            return None
        card = _card(item)
        detail = _detail(item, card)
        return (card, stocked(detail, _stock_in(item, product_id))) if card and detail else None

    def recalled(self, product_id: str) -> str:
        """Why the product was recalled; empty if it was not."""
        try:
            return CardItem.get(PRODUCT + product_id, CARD).recalled or ""
        except CardItem.DoesNotExist:
            return ""

    def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
        found = CardItem.by_time.query(str(shard), ByTime.at >= since, limit=limit)
        return [CardChange(i.pk.removeprefix(PRODUCT), i.at, i.version or 0, i.stock_version or 0, _card(i)) for i in found]

    def suspended(self) -> Iterator[str]:
        return (item.sk for item in SuspendedItem.query(SUSPENDED) if item.suspended)

    def _update(self, product_id: str, actions: Sequence[Action], condition: Condition) -> bool:
        """Answers whether the condition was met."""
        at = f"{rfc3339(self._clock())}#{product_id}"
        stamp = [CardItem.at.set(at), CardItem.shard.set(str(zlib.crc32(product_id.encode()) % SHARDS))]
        try:
            write_over(CardItem(PRODUCT + product_id, CARD), [*actions, *stamp], condition)
        except UpdateError as error:
            if not refused(error):
                raise
            return False
        return True


def _read(product_id: str) -> CardItem | None:
    try:
        return CardItem.get(PRODUCT + product_id, CARD, consistent_read=True)
    except CardItem.DoesNotExist:
        return None


def _stock_in(held: Any, product_id: str) -> VariantStock:
    """What was told of the product's variants; of one that had none, what was told of its one offer."""
    if held is None or (held.variant_stock is None and held.stock_version is None):
        return VariantStock()
    if held.variant_stock is not None:
        return VariantStock.from_json(held.variant_stock, held.full)
    card = _card(held)
    return VariantStock({card.offer_id if card else offer_id_of(product_id): (int(held.stock_version), bool(held.in_stock))})


def _stock_actions(stock: VariantStock, card: Card | None, detail: Detail | None) -> list[Action]:
    """What is told of the product's stock as a whole, for followers; nothing while nothing was told: then its card says it."""
    whole = [CardItem.in_stock.set(in_stock(card, detail, stock)), CardItem.stock_version.set(stock.version)]
    full = stock.full_json()
    told = CardItem.variant_stock.set(stock.to_json()), CardItem.full.set(full) if full else CardItem.full.remove()
    return [*told, *(whole if stock.told else [])]


def _kept(detail: Detail, card: Card) -> bytes:
    """A release that reads no packed texts reads it whole, without our dictionary."""
    if not stores_packed():
        return zlib.compress(detail.model_dump_json(exclude_defaults=True).encode(), 9)
    return packed(detail.beside(card.image).model_dump_json(exclude_defaults=True))


def _detail(item: Any, card: Card | None) -> Detail | None:
    """Read either way."""
    return kept(Detail, unpacked({"B": item.detail})).with_image(card.image if card else None) if item.detail else None


def _older(attribute: Any, version: int) -> Any:
    return attribute.does_not_exist() | (attribute < version)


def _card(item: Any) -> Card | None:
    """The card as it was last changed, with the availability that was heard; None if the product is not on sale."""
    if not item.card:
        return None
    card = replace(Card.from_json(item.card), changed_at=item.at.split("#", 1)[0])
    if item.stock_version is None:
        return card
    return replace(card, in_stock=bool(item.in_stock), stock_version=int(item.stock_version))
