"""Pictures in their service's table, under their account."""

from datetime import timedelta
from typing import Any

from functions.pictures.picture_items import AWAITED_LIFE, BROKEN_LIFE, PictureItem
from functions.pictures.places.picture import Picture, event_of
from functions.pictures.reading.refusal import Refusal
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, put_if
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.pictures.shown_picture import ShownPicture


class PictureStore:
    """picture_service.Pictures and arrival_service.Pictures."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, PictureItem)
        self._clock = clock

    def add(self, picture: Picture, idempotency: Idempotency) -> None:
        """Note that the account may put this picture; it expires if nothing comes. Raises KeyReused."""
        item = PictureItem(
            partition(picture.account_id), picture.id, fingerprint=idempotency.fingerprint, sha256=picture.sha256, state=picture.state,
            expires_at=self._after(AWAITED_LIFE),
        )  # fmt: skip
        if not put_if(item, PictureItem.pk.does_not_exist()):
            idempotency.same(PictureItem.get(item.pk, item.sk, consistent_read=True).fingerprint)

    def get(self, account_id: str, picture_id: str) -> Picture | None:
        try:
            return _picture(account_id, PictureItem.get(partition(account_id), picture_id, consistent_read=True))
        except PictureItem.DoesNotExist:
            return None

    def settle(self, picture: Picture) -> None:
        """Keep what became of a picture that is awaited yet, with its event; one that is settled, or expired, stays as it is."""
        try:
            item = PictureItem.get(partition(picture.account_id), picture.id, consistent_read=True)
        except PictureItem.DoesNotExist:
            return
        before = item.version
        item.state, item.version = picture.state, picture.version
        item.expires_at = None if picture.shown else self._after(BROKEN_LIFE)
        item.shown = picture.shown.model_dump_json() if picture.shown else None
        if picture.refusal:
            item.code, item.found = picture.refusal.code, picture.refusal.found or None
        item.hidden_for = picture.hidden_for
        item.event = envelope(event_of(picture), self._clock())
        put_if(item, (PictureItem.version == before) & (PictureItem.version < picture.version))

    def _after(self, life: timedelta) -> int:
        return int((self._clock() + life).timestamp())


def partition(account_id: str) -> str:
    return f"{account_id}#pictures"


def _picture(account_id: str, item: Any) -> Picture:
    return Picture(
        account_id=account_id, id=item.sk, sha256=item.sha256, state=item.state, version=item.version,
        shown=kept(ShownPicture, item.shown) if item.shown else None, refusal=Refusal(item.code, item.found or "") if item.code else None,
        hidden_for=item.hidden_for,
    )  # fmt: skip
