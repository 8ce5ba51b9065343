"""Likenesses in pictures' table, under the account whose picture it is: what audit is told rides in them."""

from functions.pictures.picture_items import LikenessItem
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import bind, put_newer
from shared.bus import envelope
from shared.pictures.picture_messages import PictureLikenessFound


class LikenessStore:
    """likeness_service.Likenesses."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, LikenessItem)
        self._clock = clock

    def tell(self, message: PictureLikenessFound) -> None:
        item = LikenessItem(f"{message.account_id}#likenesses", message.picture_id, version=message.version)
        item.event = envelope(message, self._clock())
        put_newer(item, LikenessItem.version, message.version)
