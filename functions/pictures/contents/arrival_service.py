"""Reads the files that have arrived, each content once."""

import hashlib
from collections.abc import Callable
from typing import Protocol

from functions.pictures.contents.content import Content, content_of
from functions.pictures.places.picture import Picture, after_reading, hidden, sender_of
from functions.pictures.reading.refusal import Refusal, Refused
from functions.pictures.reading.rendered import Rendered
from shared.pictures.shown_picture import ShownPicture, content_id

MOST_ATTEMPTS = 3
"""A message that comes once more ended a process three times, or met trouble that lasts: the picture is told to be broken, not tried
for ever."""
Render = Callable[[bytes], Rendered]


class Pictures(Protocol):
    def get(self, account_id: str, picture_id: str) -> Picture | None: ...

    def settle(self, before: Picture, picture: Picture) -> None:
        """Keep what became of a picture, with its event where that is news; one that is no longer as `before` stays as it is."""
        ...


class Contents(Protocol):
    """What is known of each content, and who has it."""

    def get(self, content_id: str) -> Content | None: ...

    def add(self, content: Content) -> None:
        """Keep it; one that is kept stays as it is."""
        ...

    def grant(self, content_id: str, account_id: str, picture_id: str) -> None:
        """Note that the account sent these bytes, by this picture."""
        ...


class Files(Protocol):
    """The two buckets: what was sent and the originals, which are private, and what is served."""

    def sent(self, key: str) -> bytes | None: ...

    def keep(self, content_id: str, original: bytes, served: Rendered) -> None: ...

    def drop(self, key: str) -> None: ...


class Likenesses(Protocol):
    def look(self, picture: Picture) -> None:
        """Tell what a picture that is about to be shown looks like."""
        ...


class ArrivalService:
    """Takes each file that was sent, and says what became of it. Done twice it does nothing anew."""

    def __init__(self, pictures: Pictures, contents: Contents, files: Files, render: Render, likenesses: Likenesses) -> None:
        self._pictures, self._contents, self._files, self._render, self._likenesses = pictures, contents, files, render, likenesses

    def take(self, key: str, attempt: int) -> None:
        """Take the file at `key`, if it is a picture's place. `attempt`: how often its message has come, 1 the first time."""
        if not (sender := sender_of(key)):
            return
        picture = self._pictures.get(*sender)
        if picture is None:  # its place has expired, and its file does too
            return
        if picture.awaits and key == picture.sent_to:
            try:
                found = self._found(picture, attempt)
            except Refused as refused:
                found = refused.refusal
            if found is None:
                return
            picture = self._settled(picture, after_reading(picture, found))
        self._hide(picture)
        self._files.drop(key)

    def _settled(self, before: Picture, picture: Picture) -> Picture:
        """Keep what became of a picture. What it looks like is told first: who dies in between does both again."""
        if picture.version > before.version:
            self._likenesses.look(picture)
        self._pictures.settle(before, picture)
        return picture

    def _hide(self, picture: Picture) -> None:
        """Hide a picture whose content is hidden, or is meanwhile; also one that a process settled which died before it came to that."""
        content = self._contents.get(picture.shown.content) if picture.shown and picture.state == "shown" else None
        if content and content.hidden_for:
            self._pictures.settle(picture, hidden(picture, content.hidden_for))

    def _found(self, picture: Picture, attempt: int) -> ShownPicture | Refusal | None:
        """What the file is; None if there is none (any more). Raises Refused."""
        if attempt > MOST_ATTEMPTS:
            return Refusal("unreadable")
        body = self._files.sent(picture.sent_to)
        if body is None:
            return None
        sha256 = hashlib.sha256(body).hexdigest()
        if picture.sha256 and sha256 != picture.sha256:
            return Refusal("other-bytes")
        content = self._content(sha256, body)
        self._contents.grant(content.shown.content, picture.account_id, picture.id)
        return content.shown

    def _content(self, sha256: str, body: bytes) -> Content:
        """Known, or made: its files first, so that what is known is served. Raises Refused."""
        key = content_id(sha256)
        known = self._contents.get(key)
        if known is not None and known.sha256 == sha256:
            return known
        if known is not None:  # an id has 127 of a checksum's 256 bits: nobody puts another picture in this one's place
            raise Refused("unreadable")
        rendered = self._render(body)
        self._files.keep(key, body, rendered)
        made = content_of(sha256, rendered)
        self._contents.add(made)
        return made
