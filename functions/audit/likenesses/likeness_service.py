"""Keeps hints that pictures look alike, beside products that wait for a person, and what people say of them."""

from collections.abc import Sequence
from typing import Protocol

from functions.audit.likenesses.likeness import Likeness, Word
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.paging import Position, Read
from shared.errors import NotFound
from shared.ids import named
from shared.optimistic_retry import Contended, Retry
from shared.pictures.picture_messages import PictureLikenessFound
from shared.pictures.product_pictures import named_pictures
from shared.trade.product import Product


class Likenesses(Protocol):
    def keep(self, likeness: Likeness) -> None:
        """Keep it, unless as new a one is kept."""
        ...

    def get(self, supplier_id: str, picture_ids: Sequence[str]) -> list[Likeness]:
        """Those of these pictures that there are, in their order; at most 100."""
        ...

    def say(self, likeness: Likeness) -> bool:
        """Keep what a person said; False if somebody was quicker, or the picture is another."""
        ...

    def open(self, at: Position | None, limit: int) -> tuple[list[Likeness], Position | None]:
        """Those of which nobody has said anything, oldest first."""
        ...


class LikenessService:
    def __init__(self, likenesses: Likenesses, clock: Clock, retry: Retry) -> None:
        self._likenesses, self._clock, self._retry = likenesses, clock, retry

    def hear(self, message: PictureLikenessFound) -> None:
        self._likenesses.keep(Likeness.found(message, rfc3339(self._clock())))

    def of(self, supplier_id: str, product: Product) -> list[Likeness]:
        """Beside what rules found of a product: which of its pictures look like others' pictures."""
        return self._likenesses.get(supplier_id, named_pictures(product))

    def pages_open(self, limit: int) -> Read[Likeness]:
        return lambda at: self._likenesses.open(at, limit)

    def say(self, supplier_id: str, picture_id: str, version: int, word: Word) -> Likeness:
        """Take a person's word. Raises NotFound, OwnPicture, AnotherPicture, RuledBefore or Busy."""
        named(picture_id)
        return self._retry(lambda: self._said(supplier_id, picture_id, version, word))

    def _said(self, supplier_id: str, picture_id: str, version: int, word: Word) -> Likeness:
        held = next(iter(self._likenesses.get(supplier_id, [picture_id])), None)
        if held is None:
            raise NotFound("nothing is known to look like this picture")
        after = held.after(version, word)
        if after is not held and not self._likenesses.say(after):
            raise Contended
        return after
