"""Carries out what a content is hidden for, or is hidden for no more: its files, caches, and each picture that shows it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture, brought_back, hidden
from monsoon_plugin.clock import TimeLeft
from shared.optimistic_retry import Contended
from shared.pictures.picture_messages import ContentModerated

ENOUGH = timedelta(seconds=3)
"""Time that must be left to go on with another picture."""


class Pictures(Protocol):
    def get(self, account_id: str, picture_id: str) -> Picture | None: ...

    def settle(self, before: Picture, picture: Picture) -> None: ...


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...

    def shown_by(self, content_id: str) -> Iterable[tuple[str, str]]: ...


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
    def __init__(self, pictures: Pictures, contents: Contents, served: Served) -> None:
        self._pictures, self._contents, self._served = pictures, contents, served

    def follow(self, message: ContentModerated, time_left: TimeLeft) -> None:
        """Make all be as the content says now, whatever the message said then. Raises Contended, or TimeoutError where many show it: the
        message comes again, and what is done is passed over."""
        content = self._contents.get(message.content_id)
        if content is None:
            return
        if content.hidden_for:
            self._served.hide(content)
        else:
            self._served.show(content)
        if content.gone:
            self._served.destroy(content)
        for account_id, picture_id in self._contents.shown_by(message.content_id):
            if time_left() < ENOUGH:
                raise TimeoutError("no time is left for all who show it: the rest comes with the next attempt")
            self._follow_picture(content, account_id, picture_id)
        if self._contents.get(message.content_id) != content:
            raise Contended

    def _follow_picture(self, content: Content, account_id: str, picture_id: str) -> None:
        picture = self._pictures.get(account_id, picture_id)
        if picture is None or picture.shown is None or picture.shown.content != content.shown.content:
            return
        if content.hidden_for and picture.hidden_for != content.hidden_for:
            self._pictures.settle(picture, hidden(picture, content.hidden_for))
        elif not content.hidden_for and picture.state == "hidden":
            self._pictures.settle(picture, brought_back(picture))
