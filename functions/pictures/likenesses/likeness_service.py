"""Tells of pictures that look like others' pictures, as they are read: hints for people who decide."""

from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from functions.pictures.commons.licence import Grant
from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture
from shared.pictures.picture_messages import MOST_ALIKE, Alike, PictureLikenessFound


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...

    def senders(self, content_id: str) -> Iterable[tuple[str, str]]:
        """The account and id of each picture by which it was sent."""
        ...

    def alike(self, content: Content) -> dict[str, int]:
        """The contents that look alike, and in how many bits they differ."""
        ...


class Likenesses(Protocol):
    def tell(self, message: PictureLikenessFound) -> None:
        """Keep it with its event, unless as new a one is kept."""
        ...


class Grants(Protocol):
    def grants(self, content_id: str) -> list[Grant]:
        """What those who sent it let others do with it."""
        ...


class LikenessService:
    def __init__(self, contents: Contents, likenesses: Likenesses, grants: Grants) -> None:
        self._contents, self._likenesses, self._grants = contents, likenesses, grants

    def look(self, picture: Picture) -> None:
        """Tell which others' pictures look like one that is about to be shown. Of bytes that others sent before it was told then; an
        account's own pictures of one thing, and what is hidden, are none."""
        content = self._contents.get(picture.shown.content) if picture.shown else None
        if content is None or content.hidden_for or self._others(content, 0, picture.account_id):
            return
        if found := self._alike(content, picture.account_id):
            others = [self._named(each) for each in found]
            told = PictureLikenessFound(
                version=picture.version, picture_id=picture.id, account_id=picture.account_id, shown=content.shown, others=others
            )
            self._likenesses.tell(told)

    def _alike(self, content: Content, account_id: str) -> list[Alike]:
        found = list[Alike]()
        for content_id, apart in sorted(self._contents.alike(content).items(), key=lambda each: (each[1], each[0])):
            other = self._contents.get(content_id)
            if other and not other.hidden_for:
                found += self._others(other, apart, account_id)
            if len(found) == MOST_ALIKE:
                break
        return found

    def _named(self, other: Alike) -> Alike:
        """With what its sender says of it to everybody, if it is given to others; nothing of what is an account's own affair."""
        grants = self._grants.grants(other.shown.content)
        given = next((each for each in grants if each.account_id == other.account_id and each.shared), None)
        if given is None:
            return other
        title = given.shows.title or f"{given.shows.brand} {given.shows.mpn}".strip() or given.shows.gtin
        return other.model_copy(update={"title": title, "credit": given.credit})

    def _others(self, content: Content, apart: int, account_id: str) -> list[Alike]:
        """The first other account that sent it; none if it is this one's alone."""
        senders = ((sender, picture_id) for sender, picture_id in self._contents.senders(content.shown.content) if sender != account_id)
        return [
            Alike(picture_id=picture_id, account_id=sender, shown=content.shown, distance=apart)
            for sender, picture_id in islice(senders, 1)
        ]
