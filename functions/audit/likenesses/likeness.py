"""A picture that looks like others' pictures: a hint, until a person says whether both show one thing. No number says it."""

from dataclasses import dataclass, replace
from typing import Self

from shared.errors import Conflict, Forbidden
from shared.pictures.picture_messages import Alike, PictureLikenessFound
from shared.pictures.shown_picture import ShownPicture


class RuledBefore(Conflict):
    code, title = "already-decided", "Somebody said otherwise of these pictures before"


class OwnPicture(Forbidden):
    code, title = "own-picture", "Nobody decides on a picture of their own"


class AnotherPicture(Conflict):
    code, title = "version-moved-on", "The supplier has sent another picture since you looked: read the list again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person said: whether they are `same`, one picture made anew. `at`: RFC 3339."""

    same: bool
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """`version`: the picture's, of which it was found; `at`: when it was heard of, RFC 3339."""

    supplier_id: str
    picture_id: str
    version: int
    shown: ShownPicture
    others: tuple[Alike, ...]
    at: str
    word: Word | None = None

    @classmethod
    def found(cls, message: PictureLikenessFound, at: str) -> Self:
        return cls(
            supplier_id=message.account_id, picture_id=message.picture_id, version=message.version, shown=message.shown,
            others=tuple(message.others), at=at,
        )  # fmt: skip

    def after(self, version: int, word: Word) -> Self:
        """Once a person has looked; said again it stays. Raises OwnPicture, AnotherPicture or RuledBefore."""
        if word.by in (self.supplier_id, *(other.account_id for other in self.others)):
            raise OwnPicture
        if version != self.version:
            raise AnotherPicture
        if self.word is None:
            return replace(self, word=word)
        if self.word.same != word.same:
            raise RuledBefore
        return self
