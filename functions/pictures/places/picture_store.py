"""Pictures in their service's table, under their account."""

from datetime import datetime, timedelta
from typing import Any

from functions.pictures.picture_items import AWAITED_LIFE, BROKEN_LIFE, REQUEST_LIFE, PictureItem, RequestItem
from functions.pictures.places.picture import Picture, event_of
from functions.pictures.reading.refusal import Refusal
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, put_if
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.pictures.shown_picture import ShownPicture


class PictureStore:
    """picture_service.Pictures, arrival_service.Pictures and fetch_service.Pictures."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, PictureItem, RequestItem)
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

    def note(self, account_id: str, idempotency: Idempotency) -> None:
        """Keep a request's fingerprint under its key. Raises KeyReused."""
        item = RequestItem(partition(account_id), idempotency.id("req"), fingerprint=idempotency.fingerprint)
        item.expires_at = self._after(REQUEST_LIFE)
        if not put_if(item, RequestItem.pk.does_not_exist()):
            idempotency.same(RequestItem.get(item.pk, item.sk, consistent_read=True).fingerprint)

    def ask(self, before: Picture | None, picture: Picture) -> bool:
        """Keep that its file is to be fetched; False if it is no longer as `before`. One that was told of is told of no less."""
        if before is None:
            item = PictureItem(partition(picture.account_id), picture.id, address=picture.address, asked=picture.asked, state=picture.state)
            item.expires_at = self._after(AWAITED_LIFE)
            return put_if(item, PictureItem.pk.does_not_exist())
        return self._write(before, picture)

    def settle(self, before: Picture, picture: Picture) -> None:
        """Keep what became of a picture, with its event where that is news; one that is no longer as `before`, or expired, stays so."""
        self._write(before, picture)

    def _write(self, before: Picture, picture: Picture) -> bool:
        try:
            item = PictureItem.get(partition(picture.account_id), picture.id, consistent_read=True)
        except PictureItem.DoesNotExist:
            return False
        if _picture(picture.account_id, item) != before:
            return False
        same = (PictureItem.version == item.version) & (PictureItem.state == item.state)
        same &= (PictureItem.asked == item.asked) if item.asked else PictureItem.asked.does_not_exist()
        item.state, item.version = picture.state, picture.version
        item.asked, item.awaits_anew = picture.asked or None, picture.awaits_anew or None
        life = AWAITED_LIFE if picture.state == "awaited" else BROKEN_LIFE
        item.expires_at = None if picture.shown else self._after(life)
        item.shown = picture.shown.model_dump_json() if picture.shown else None
        item.code, item.found = (picture.refusal.code, picture.refusal.found or None) if picture.refusal else (None, None)
        item.hidden_for = picture.hidden_for
        if picture.version > before.version:
            item.event = envelope(event_of(picture), self._clock())
        return put_if(item, same)

    def _after(self, life: timedelta) -> int:
        return int((self._clock() + life).timestamp())


def item_of(picture: Picture, now: datetime) -> PictureItem:
    """A picture that was not there before, and is shown, with its event."""
    item = PictureItem(partition(picture.account_id), picture.id, state=picture.state, version=picture.version)
    item.shown = picture.shown.model_dump_json() if picture.shown else None
    item.event = envelope(event_of(picture), now)
    return item


def partition(account_id: str) -> str:
    return f"{account_id}#pictures"


def _picture(account_id: str, item: Any) -> Picture:
    return Picture(
        account_id=account_id, id=item.sk, sha256=item.sha256 or "", address=item.address or "", asked=item.asked or "",
        awaits_anew=bool(item.awaits_anew), state=item.state, version=item.version,
        shown=kept(ShownPicture, item.shown) if item.shown else None, refusal=Refusal(item.code, item.found or "") if item.code else None,
        hidden_for=item.hidden_for,
    )  # fmt: skip
