"""Contents in pictures' table, each under its own id: known once, whoever sends them."""

import json
from collections.abc import Iterator
from typing import Any

from pynamodb.exceptions import UpdateError

from functions.pictures.contents.content import Content
from functions.pictures.contents.look import REACH, bands, distance, neighbours
from functions.pictures.picture_items import ContentItem, GrantItem, LookItem, UseItem
from functions.pictures.places.picture import Picture
from shared.aws.dynamo import bind, put_if, refused
from shared.bounds.kept import kept
from shared.pictures.shown_picture import ShownPicture

CONTENT, GRANT, USE = "content", "grant#", "use#"
LAST = "\U0010ffff"
"""Sorts after whatever a place has."""
MOST_UNDER_ONE = 25


class ContentStore:
    """arrival_service.Contents and picture_service.Contents."""

    def __init__(self, table: str) -> None:
        bind(table, ContentItem, GrantItem, LookItem, UseItem)

    def get(self, content_id: str) -> Content | None:
        try:
            item: Any = ContentItem.get(content_id, CONTENT, consistent_read=True)
        except ContentItem.DoesNotExist:
            return None
        shown, rights = kept(ShownPicture, item.shown), json.loads(item.rights or "{}")
        return Content(
            item.sha256, shown, rights, hidden_for=item.hidden_for, gone=bool(item.gone), moderations=item.moderations or 0,
            look=item.look or "",
        )  # fmt: skip

    def add(self, content: Content) -> None:
        """Keep it; one that is kept stays as it is: two who send it at once have made the same."""
        shown, rights = content.shown.model_dump_json(), json.dumps(dict(content.rights)) if content.rights else None
        self._lay(content.shown.content, content.look)  # before the content: one that is known lies under its bands
        item = ContentItem(content.shown.content, CONTENT, sha256=content.sha256, shown=shown, rights=rights, look=content.look or None)
        put_if(item, ContentItem.pk.does_not_exist())

    def note_look(self, content_id: str, look: str) -> None:
        """Keep what a content looks like that was read before that was noted; what is noted stays."""
        self._lay(content_id, look)
        unknown = ContentItem.pk.exists() & ContentItem.look.does_not_exist()
        try:
            ContentItem(content_id, CONTENT).update([ContentItem.look.set(look)], condition=unknown)
        except UpdateError as error:
            if not refused(error):
                raise

    @staticmethod
    def _lay(content_id: str, look: str) -> None:
        for key in bands(look) if look else ():
            LookItem(key, content_id, look=look).save()

    def grant(self, content_id: str, account_id: str, picture_id: str) -> None:
        """Note that the account sent these bytes, by this picture."""
        put_if(GrantItem(content_id, f"{GRANT}{account_id}#{picture_id}"), GrantItem.pk.does_not_exist())

    def is_sent_by(self, content_id: str, picture: Picture) -> bool:
        """Whether the account of `picture` sent these bytes by it."""
        return (picture.account_id, picture.id) in self.senders(content_id, picture.account_id)

    def alike(self, content: Content) -> dict[str, int]:
        """The contents that look alike within REACH bits, and by how many they differ: of each key the first MOST_UNDER_ONE."""
        found = dict[str, int]()
        for key in neighbours(content.look) if content.look else ():
            for item in LookItem.query(key, limit=MOST_UNDER_ONE):
                apart = distance(content.look, item.look)
                if apart <= REACH and item.sk != content.shown.content:
                    found[item.sk] = apart
        return found

    def shown_by(self, content_id: str, after: str = "") -> Iterator[tuple[str, str, str]]:
        """The place, account and id of each picture that shows it, or did: of who sent it, then of who took it from the commons; those
        after a place."""
        if not after.startswith(USE):
            for grant in GrantItem.query(content_id, _beyond(GrantItem.sk, GRANT, after), consistent_read=True):
                if grant.sk != after:
                    yield grant.sk, *_sender(grant)
        for use in UseItem.query(content_id, _beyond(UseItem.sk, USE, after), consistent_read=True):
            if use.sk != after:
                yield use.sk, use.sk.removeprefix(USE).partition("#")[0], str(use.picture_id)

    def is_shown_by(self, content_id: str, account_id: str) -> bool:
        """Whether the account shows it, or did."""
        if any(True for _ in self.senders(content_id, account_id)):
            return True
        return any(True for _ in UseItem.query(content_id, UseItem.sk.startswith(f"{USE}{account_id}#"), limit=1, consistent_read=True))

    def senders(self, content_id: str, account_id: str = "") -> Iterator[tuple[str, str]]:
        """Who sent it: account id and picture; of one account, if it is given."""
        for item in GrantItem.query(content_id, GrantItem.sk.startswith(GRANT + account_id), consistent_read=True):
            yield _sender(item)


def _sender(item: Any) -> tuple[str, str]:
    sender, _, picture_id = item.sk.removeprefix(GRANT).partition("#")
    return sender, picture_id or str(item.picture_id)


def _beyond(key: Any, prefix: str, after: str) -> Any:
    """All with that prefix; those from a place on, if it has it too."""
    return key.between(after, prefix + LAST) if after.startswith(prefix) else key.startswith(prefix)
