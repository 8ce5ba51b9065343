"""Carries out what a content is hidden for, or is hidden for no more: its files, caches, and each picture that shows it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture, brought_back, hidden
from monsoon_plugin.clock import TimeLeft
from shared.optimistic_retry import Contended
from shared.pictures.picture_messages import ContentModerated, ContentWalkContinued

ENOUGH = timedelta(seconds=3)
"""Time that must be left to go on with another picture."""
MOST_AT_ONCE = 500
"""Pictures that follow in one call: some five seconds. Those after them follow in the next."""


class Pictures(Protocol):
    def get(self, account_id: str, picture_id: str) -> Picture | None: ...

    def settle(self, before: Picture, picture: Picture) -> None: ...


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...

    def shown_by(self, content_id: str, after: str = "") -> Iterable[tuple[str, str, str]]:
        """The place, account and id of each picture that shows it, or did; those after a place."""
        ...


class Walks(Protocol):
    def go_on(self, message: ContentWalkContinued) -> None:
        """Have those after a place follow."""
        ...


class Served(Protocol):
    """The files that are served. Each done twice leaves the same."""

    def hide(self, content: Content) -> None:
        """Serve them no more, and keep them; caches are told."""
        ...

    def show(self, content: Content) -> None:
        """Serve them again, as they were."""
        ...

    def destroy(self, content: Content) -> None:
        """Keep none of what is hidden, neither what was sent."""
        ...


class ModerationService:
    def __init__(self, pictures: Pictures, contents: Contents, served: Served, walks: Walks, most: int = MOST_AT_ONCE) -> None:
        self._pictures, self._contents, self._served, self._walks, self._most = pictures, contents, served, walks, most

    def follow(self, message: ContentModerated, time_left: TimeLeft) -> None:
        """Make all be as the content says now, whatever the message said then: its files first, then the pictures that show it, some at a
        time, the rest in further messages. Raises Contended: the message comes again, and what is done is passed over."""
        content = self._contents.get(message.content_id)
        if content is None:
            return
        if content.hidden_for:
            self._served.hide(content)
        else:
            self._served.show(content)
        if content.gone:
            self._served.destroy(content)
        self._walk(content, "", 1, time_left)

    def go_on(self, message: ContentWalkContinued, time_left: TimeLeft) -> None:
        """Make those after a place be as the content says now. Raises Contended."""
        if content := self._contents.get(message.content_id):
            self._walk(content, message.after, message.version + 1, time_left)

    def _walk(self, content: Content, after: str, step: int, time_left: TimeLeft) -> None:
        """Raises TimeoutError where there was no time for a single one."""
        content_id, place, is_left = content.shown.content, after, False
        for number, (next_place, account_id, picture_id) in enumerate(self._contents.shown_by(content_id, after)):
            if number == self._most or time_left() < ENOUGH:
                is_left = True
                break
            self._follow_picture(content, account_id, picture_id)
            place = next_place
        if is_left and place == after:
            raise TimeoutError("no time is left: it comes again")
        if self._contents.get(content_id) != content:
            raise Contended
        if is_left:
            self._walks.go_on(ContentWalkContinued(content_id=content_id, after=place, version=step))

    def _follow_picture(self, content: Content, account_id: str, picture_id: str) -> None:
        picture = self._pictures.get(account_id, picture_id)
        if picture is None or picture.shown is None or picture.shown.content != content.shown.content:
            return
        if content.hidden_for and picture.hidden_for != content.hidden_for:
            self._pictures.settle(picture, hidden(picture, content.hidden_for))
        elif not content.hidden_for and picture.state == "hidden":
            self._pictures.settle(picture, brought_back(picture))
