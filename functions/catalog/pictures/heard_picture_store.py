"""What the catalog heard of pictures, and which products wait for one: `supplier#pictures`, by the picture's id.

sk            what
pic_…         a picture: what was heard of it last
pic_…#prd_…   that a product on sale, or about to be, names this picture and goes without it for now
"""

from collections.abc import Collection, Sequence
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError

from functions.catalog.pictures.heard_picture import HeardPicture
from functions.catalog.pictures.picture_wait import PictureWait
from shared.aws.answers import code_of
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_newer
from shared.bounds.kept import kept
from shared.iteration import chunks
from shared.optimistic_retry import Contended
from shared.pictures.shown_picture import ShownPicture

AT_ONCE = 100
"""Items that DynamoDB reads in one call."""
BEHIND, LAST = "!", "~"
"""Sort before and after every character of an id."""


class HeardPictureItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    state = UnicodeAttribute()
    shown = UnicodeAttribute(null=True)
    """JSON of ShownPicture."""
    code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    reason_zh = UnicodeAttribute(null=True)


class PictureWaitItem(Item):
    class Meta(Table):
        pass

    since = IntegerAttribute()
    """The version of the picture after which it waits; 0: nothing had been heard of it."""


class HeardPictureStore:
    """picture_service.Pictures."""

    def __init__(self, table: str) -> None:
        bind(table, HeardPictureItem, PictureWaitItem)

    def keep(self, picture: HeardPicture) -> None:
        """Keep it, unless as much or more was heard."""
        item = HeardPictureItem(
            partition(picture.supplier_id), picture.picture_id, version=picture.version, state=picture.state, code=picture.code or None,
            shown=picture.shown.model_dump_json() if picture.shown else None, reason=picture.reason or None,
            reason_zh=picture.reason_zh or None,
        )  # fmt: skip
        put_newer(item, HeardPictureItem.version, picture.version)

    def heard(self, supplier_id: str, picture_ids: Collection[str]) -> dict[str, HeardPicture]:
        """What was heard of these, read consistently; of what is absent nothing was."""
        found: dict[str, HeardPicture] = {}
        for some in chunks(list(picture_ids), AT_ONCE):
            keys = [(partition(supplier_id), each) for each in some]
            found |= {item.sk: _picture(supplier_id, item) for item in HeardPictureItem.batch_get(keys, consistent_read=True)}
        return found

    def await_each(self, waits: Sequence[PictureWait]) -> None:
        """Note that these wait; what is noted so already is not written anew."""
        for some in chunks(waits, AT_ONCE):
            keys = [(partition(each.supplier_id), _sort_key(each)) for each in some]
            known = {(item.sk, item.since) for item in PictureWaitItem.batch_get(keys, consistent_read=True)}
            for (pk, sk), each in zip(keys, some, strict=True):
                if (sk, each.since) not in known:
                    PictureWaitItem(pk, sk, since=each.since).save()

    def waiting(self, supplier_id: str, picture_id: str, after: str, limit: int) -> list[PictureWait]:
        """At most `limit` products that wait for the picture, after the one named, read consistently."""
        within: Any = PictureWaitItem.sk.between(f"{picture_id}#{after}{BEHIND if after else ''}", f"{picture_id}#{LAST}")
        found: Any = PictureWaitItem.query(partition(supplier_id), within, consistent_read=True, limit=limit)
        return [PictureWait(supplier_id, picture_id, item.sk.partition("#")[2], item.since) for item in found]

    def done(self, wait: PictureWait) -> None:
        """It waits no more, unless it has begun to wait anew since."""
        try:
            PictureWaitItem(partition(wait.supplier_id), _sort_key(wait)).delete(condition=PictureWaitItem.since == wait.since)
        except DeleteError as error:
            if code_of(error) == "TransactionConflictException":
                raise Contended from error
            if code_of(error) != "ConditionalCheckFailedException":
                raise


def partition(supplier_id: str) -> str:
    return f"{supplier_id}#pictures"


def _sort_key(wait: PictureWait) -> str:
    return f"{wait.picture_id}#{wait.product_id}"


def _picture(supplier_id: str, item: Any) -> HeardPicture:
    return HeardPicture(
        supplier_id=supplier_id, picture_id=item.sk, version=item.version, state=item.state, code=item.code or "",
        reason=item.reason or "", reason_zh=item.reason_zh or "", shown=kept(ShownPicture, item.shown) if item.shown else None,
    )  # fmt: skip
