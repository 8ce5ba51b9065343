"""What a supplier is told of its product's pictures, by name."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from functions.catalog.pictures.heard_picture import HeardPicture
from shared.api.payload import View
from shared.pictures.product_pictures import named_pictures
from shared.trade.product import Product

MISSING = "its file has not come, or is being read: GET /v1/pictures/{picture_id} says which; put the file to the place that you were given"
MISSING_ZH = "文件还没收到，或正在处理：请用 GET /v1/pictures/{picture_id} 查看；请把文件上传到所给的地址"


class PictureStanding(View):
    picture_id: str
    state: Literal["shown", "missing", "broken", "hidden"] = Field(
        description="the product is shown with those that are `shown`; hidden: it was taken down"
    )
    code: str | None = None
    detail: str | None = Field(default=None, description="why it is not shown, and what to do")
    detail_zh: str | None = Field(default=None, description="the same in Chinese")

    @classmethod
    def each_of(cls, product: Product, heard: Mapping[str, HeardPicture]) -> list[Self]:
        return [cls._of(picture_id, heard.get(picture_id)) for picture_id in named_pictures(product)]

    @classmethod
    def _of(cls, picture_id: str, heard: HeardPicture | None) -> Self:
        if heard is None:
            detail, detail_zh = (text.format(picture_id=picture_id) for text in (MISSING, MISSING_ZH))
            return cls(picture_id=picture_id, state="missing", detail=detail, detail_zh=detail_zh)
        return cls(
            picture_id=picture_id, state=heard.state, code=heard.code or None, detail=heard.reason or None,
            detail_zh=heard.reason_zh or None,
        )  # fmt: skip
