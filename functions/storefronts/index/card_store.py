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
from functions.storefronts.index.product_card import Card, Detail
from monsoon_plugin.clock import Clock, rfc3339
from shared.aws.dynamo import bind, put_newer, refused
from shared.bounds.kept import kept
from shared.messages import OfferAvailabilityChanged

PRODUCT, CARD, SUSPENDED = "product#", "card", "suspended"
REMEMBERED = timedelta(days=90)
"""How long a recalled product's versions are kept: no event comes so late, and no snapshot is so old."""


class CardStore:
    """The cards, and whose are hidden. Each change is one write of one item and its entry in `by_time`."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, CardItem, SuspendedItem)
        self._clock = clock

    def publish(self, card: Card, detail: Detail) -> None:
        """Keep the card unless a newer one, or a newer recall, is kept. An availability that was heard stays."""
        told = [
            CardItem.version.set(card.version), CardItem.card.set(card.to_json()),
            CardItem.detail.set(zlib.compress(detail.model_dump_json(exclude_defaults=True).encode(), 9)), CardItem.expires_at.remove(),
        ]  # fmt: skip
        self._update(card.product_id, told, _older(CardItem.version, card.version))

    def remove(self, product_id: str, version: int) -> None:
        """Leave only the versions, so that an older card that comes late is dropped, and followers learn that it is gone."""
        until = int((self._clock() + REMEMBERED).timestamp())
        gone = [CardItem.card.remove(), CardItem.detail.remove(), CardItem.expires_at.set(until)]
        self._update(product_id, [*gone, CardItem.version.set(version)], _older(CardItem.version, version))

    def keep_stock(self, message: OfferAvailabilityChanged) -> None:
        """Keep whether there are units, also of a product that is not published yet."""
        told = [CardItem.stock_version.set(message.version), CardItem.in_stock.set(message.in_stock)]
        self._update(message.product_id, told, _older(CardItem.stock_version, message.version))

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
        return (card, kept(Detail, zlib.decompress(item.detail))) if card and item.detail else None

    def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
        found = CardItem.by_time.query(str(shard), ByTime.at >= since, limit=limit)
        return [CardChange(i.pk.removeprefix(PRODUCT), i.at, i.version or 0, i.stock_version or 0, _card(i)) for i in found]

    def suspended(self) -> Iterator[str]:
        return (item.sk for item in SuspendedItem.query(SUSPENDED) if item.suspended)

    def _update(self, product_id: str, actions: Sequence[Action], condition: Condition) -> None:
        at = f"{rfc3339(self._clock())}#{product_id}"
        stamp = [CardItem.at.set(at), CardItem.shard.set(str(zlib.crc32(product_id.encode()) % SHARDS))]
        try:
            CardItem(PRODUCT + product_id, CARD).update(actions=[*actions, *stamp], condition=condition)
        except UpdateError as error:
            if not refused(error):
                raise


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
