"""What the catalog heard of a supplier's picture. It joins pictures to products, and so knows each by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown
from shared.pictures.shown_picture import ShownPicture

State = Literal["shown", "broken", "hidden"]
"""`hidden`: it was shown, and is taken down."""
PictureNews = PictureShown | PictureRefused | PictureHidden


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPicture:
    """`version` counts what became of it, as pictures says; `code` and the words say why it is not shown."""

    supplier_id: str
    picture_id: str
    version: int
    state: State
    shown: ShownPicture | None = None
    code: str = ""
    reason: str = ""
    reason_zh: str = ""


def heard_of(message: PictureNews) -> HeardPicture:
    if isinstance(message, PictureShown):
        return HeardPicture(
            supplier_id=message.account_id, picture_id=message.picture_id, version=message.version, state="shown", shown=message.shown
        )
    return HeardPicture(
        supplier_id=message.account_id, picture_id=message.picture_id, version=message.version,
        state="broken" if isinstance(message, PictureRefused) else "hidden", code=message.code, reason=message.reason,
        reason_zh=message.reason_zh,
    )  # fmt: skip


def shown_among(heard: Mapping[str, HeardPicture]) -> dict[str, ShownPicture]:
    return {picture_id: picture.shown for picture_id, picture in heard.items() if picture.shown}
