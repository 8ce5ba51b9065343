"""What pictures told of each picture, and with it the rows that name one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from functions.uploads.feeds.feed import RowResult
from functions.uploads.pictures.row_picture import RowPicture, State, id_of
from functions.uploads.values.words import text_of
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown

Told = PictureShown | PictureRefused | PictureHidden


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNews:
    """The last that was told of a picture. What is shown has no reason."""

    account_id: str
    picture_id: str
    version: int
    state: State
    code: str | None = None
    reason: str | None = None
    reason_zh: str | None = None

    @classmethod
    def of(cls, message: Told) -> Self:
        state: State = "shown" if isinstance(message, PictureShown) else "hidden" if isinstance(message, PictureHidden) else "broken"
        why = {} if isinstance(message, PictureShown) else {"code": message.code, "reason": message.reason, "reason_zh": message.reason_zh}
        return cls(account_id=message.account_id, picture_id=message.picture_id, version=message.version, state=state, **why)


def named_in(account_id: str, rows: Iterable[RowResult]) -> list[str]:
    """The pictures that rows name by where they lie, each once."""
    return list(dict.fromkeys(id_of(account_id, kept) for row in rows for kept in row.pictures or ()))


def with_news(account_id: str, rows: Sequence[RowResult], news: Mapping[str, PictureNews]) -> list[RowResult]:
    """Rows with what became of their pictures by now; of what nobody told it is awaited."""

    def told(kept: RowPicture) -> RowPicture:
        picture_id = id_of(account_id, kept)
        if picture_id not in news:
            detail, detail_zh = (text_of("picture-awaited", language, {}) for language in ("en", "zh"))
            return RowPicture(url=kept.url, picture_id=picture_id, detail=detail, detail_zh=detail_zh)
        found = news[picture_id]
        return RowPicture(
            url=kept.url, picture_id=picture_id, state=found.state, code=found.code, detail=found.reason, detail_zh=found.reason_zh
        )

    return [row.model_copy(update={"pictures": [told(each) for each in row.pictures]}) if row.pictures else row for row in rows]
