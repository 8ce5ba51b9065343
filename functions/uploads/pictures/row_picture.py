"""A picture that a row names by where it lies, and what became of it."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.pictures.by_address import picture_id_of

MOST_KEPT = 4000
"""Characters of a row's addresses that its report keeps; what is beyond is told by its id: 24 rows lie in one item."""
State = Literal["awaited", "shown", "broken", "hidden"]


class RowPicture(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)
    url: str = Field(default="", description="as the row names it; empty where a row's addresses are too long to be kept")
    picture_id: str = ""
    state: State = Field(
        default="awaited", description="awaited: it is being fetched; shown; broken: `detail` says why; hidden: somebody objects to it"
    )
    code: str | None = Field(default=None, examples=["not-served"])
    detail: str | None = Field(default=None, description="what is wrong with it, and how to mend that")
    detail_zh: str | None = Field(default=None, description="the same in Chinese")


def kept_pictures(account_id: str, addresses: Iterable[str]) -> list[RowPicture]:
    """As a report keeps them: by address, of which the id follows, as far as that is short."""
    found, length = list[RowPicture](), 0
    for address in addresses:
        length += len(address)
        short = RowPicture(url=address) if length <= MOST_KEPT else RowPicture(picture_id=picture_id_of(account_id, address))
        found.append(short)
    return found


def id_of(account_id: str, kept: RowPicture) -> str:
    return kept.picture_id or picture_id_of(account_id, kept.url)
