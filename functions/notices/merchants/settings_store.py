"""Merchants' settings lie under their account / settings."""

import json
from collections.abc import Iterable
from typing import Any

from functions.notices.merchants.notice_settings import NoticeSettings
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table, bind, put_if

SETTINGS = "settings"


class SettingsItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    settings = PackedAttribute()


class SettingsStore:
    """notice_settings.AllSettings on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, SettingsItem)

    def get(self, account_id: str) -> NoticeSettings:
        try:
            return _settings(SettingsItem.get(account_id, SETTINGS, consistent_read=True))
        except SettingsItem.DoesNotExist:
            return NoticeSettings(account_id=account_id)

    def each(self, account_ids: Iterable[str]) -> list[NoticeSettings]:
        """One call; as for `get`, a read unit for each."""
        wanted = list(account_ids)
        items = SettingsItem.batch_get([(account_id, SETTINGS) for account_id in wanted], consistent_read=True) if wanted else ()
        found = {item.pk: _settings(item) for item in items}
        return [found.get(account_id) or NoticeSettings(account_id=account_id) for account_id in wanted]

    def keep(self, settings: NoticeSettings) -> bool:
        names = ("email", "confirmed", "language", "wanted", "writes_to_buyers", "asked")
        body = json.dumps({name: getattr(settings, name) for name in names}, ensure_ascii=False)
        unchanged = SettingsItem.pk.does_not_exist() if settings.version == 1 else SettingsItem.version == settings.version - 1
        return put_if(SettingsItem(settings.account_id, SETTINGS, version=settings.version, settings=body), unchanged)


def _settings(item: SettingsItem) -> NoticeSettings:
    told: dict[str, Any] = json.loads(item.settings)
    return NoticeSettings(account_id=item.pk, version=int(item.version), **(told | {"asked": tuple(told["asked"])}))
