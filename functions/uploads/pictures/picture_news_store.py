"""What was told of pictures, in uploads' table, under their account: one item each, which stays as long as a row may name it."""

from collections.abc import Sequence
from typing import Any

from functions.uploads.pictures.picture_news import PictureNews
from functions.uploads.upload_items import PictureNewsItem, partition
from shared.aws.dynamo import bind, put_newer

FOLDER = "pictures"


class PictureNewsStore:
    """feed_service.Pictures."""

    def __init__(self, table: str) -> None:
        bind(table, PictureNewsItem)

    def keep(self, news: PictureNews) -> None:
        """Unless as new is kept."""
        item = PictureNewsItem(partition(news.account_id, FOLDER), news.picture_id, version=news.version, state=news.state)
        item.code, item.reason, item.reason_zh = news.code, news.reason, news.reason_zh
        put_newer(item, PictureNewsItem.version, news.version)

    def get(self, account_id: str, picture_ids: Sequence[str]) -> dict[str, PictureNews]:
        """Half a read unit each."""
        keys = [(partition(account_id, FOLDER), picture_id) for picture_id in picture_ids]
        return {item.sk: _news(account_id, item) for item in PictureNewsItem.batch_get(keys)} if keys else {}


def _news(account_id: str, item: Any) -> PictureNews:
    return PictureNews(
        account_id=account_id, picture_id=item.sk, version=item.version, state=item.state, code=item.code, reason=item.reason,
        reason_zh=item.reason_zh,
    )  # fmt: skip
