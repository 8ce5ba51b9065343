"""Pictures in uploads' table: that an account may put one, `pic_…` under `account#pictures`."""

from collections.abc import Collection

from functions.uploads.upload_items import CreatedItem, partition
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, put_if


class PictureStore:
    """picture_service.Pictures, and which pictures are whose."""

    def __init__(self, table: str) -> None:
        bind(table, CreatedItem)

    def add(self, account_id: str, picture_id: str, content_type: str, idempotency: Idempotency) -> None:
        """Note that the account may put this picture. Raises KeyReused."""
        item = CreatedItem(partition(account_id, "pictures"), picture_id, fingerprint=idempotency.fingerprint, content_type=content_type)
        if not put_if(item, CreatedItem.pk.does_not_exist()):
            idempotency.same(CreatedItem.get(item.pk, item.sk, consistent_read=True).fingerprint)

    def owned(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]:
        """Those of `picture_ids` that are the supplier's."""
        keys = [(partition(supplier_id, "pictures"), picture_id) for picture_id in set(picture_ids) if picture_id]
        return {item.sk for item in CreatedItem.batch_get(keys, attributes_to_get=["pk", "sk"])} if keys else set()
