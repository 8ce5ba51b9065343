"""Likenesses in audit's table, under the supplier whose picture it is; in the index `open` until a person has said something.

pk                    sk         what
account#likenesses    pic_…      that a picture looks like others' pictures
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from functions.audit.likenesses.likeness import Likeness, Word
from shared.api.paging import Position
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table, bind, put_if, put_newer
from shared.bounds.kept import kept
from shared.pictures.picture_messages import Alike
from shared.pictures.shown_picture import ShownPicture

OPEN = "likenesses"
FOLDER = "#likenesses"
OTHERS = TypeAdapter(list[Alike])


class OpenIndex(GlobalSecondaryIndex["LikenessItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class LikenessItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    shown = UnicodeAttribute()
    others = PackedAttribute()
    at = UnicodeAttribute()
    word = UnicodeAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open_index = OpenIndex()


class LikenessStore:
    """likeness_service.Likenesses."""

    def __init__(self, table: str) -> None:
        bind(table, LikenessItem)

    def keep(self, likeness: Likeness) -> None:
        put_newer(_item(likeness), LikenessItem.version, likeness.version)

    def get(self, supplier_id: str, picture_ids: Sequence[str]) -> list[Likeness]:
        return self._read([(supplier_id + FOLDER, picture_id) for picture_id in picture_ids])

    def _read(self, keys: Sequence[tuple[str, str]]) -> list[Likeness]:
        found = {(item.pk, item.sk): _likeness(item) for item in LikenessItem.batch_get(keys, consistent_read=True)} if keys else {}
        return [found[key] for key in keys if key in found]

    def say(self, likeness: Likeness) -> bool:
        return put_if(_item(likeness), (LikenessItem.version == likeness.version) & LikenessItem.word.does_not_exist())

    def open(self, at: Position | None, limit: int) -> tuple[list[Likeness], Position | None]:
        """The index follows the table by a moment: what was said meanwhile is left out."""
        beyond: Any = OpenIndex.open_sk > str(at["after"]) if at else None
        keys: list[Any] = list(LikenessItem.open_index.query(OPEN, beyond, limit=limit))
        found = self._read([(item.pk, item.sk) for item in keys])
        return [each for each in found if each.word is None], {"after": keys[-1].open_sk} if len(keys) == limit else None


def _item(likeness: Likeness) -> LikenessItem:
    is_open = likeness.word is None
    return LikenessItem(
        likeness.supplier_id + FOLDER, likeness.picture_id, version=likeness.version, shown=likeness.shown.model_dump_json(),
        others=OTHERS.dump_json(list(likeness.others)).decode(), at=likeness.at,
        word=json.dumps(asdict(likeness.word), ensure_ascii=False) if likeness.word else None,
        open_pk=OPEN if is_open else None, open_sk=f"{likeness.at}#{likeness.supplier_id}#{likeness.picture_id}" if is_open else None,
    )  # fmt: skip


def _likeness(item: Any) -> Likeness:
    return Likeness(
        supplier_id=item.pk.removesuffix(FOLDER), picture_id=item.sk, version=item.version, shown=kept(ShownPicture, item.shown),
        others=tuple(OTHERS.validate_json(item.others)), at=item.at, word=Word(**json.loads(item.word)) if item.word else None,
    )  # fmt: skip
