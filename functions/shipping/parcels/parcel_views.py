"""How parcels are shown."""

from typing import Self

from pydantic import Field

from monsoon_plugin.courier import Content, Parcel
from shared.api.payload import View


class BoxView(View):
    weight: int = Field(description="grams")
    size: tuple[int, int, int] = Field(description="outer length, width and height, millimetres")


class ParcelView(View):
    supplier_id: str
    weight: int = Field(description="grams; 0 where it is not said of some of its contents")
    contents: list[Content]
    packages: list[BoxView] = Field(description="the boxes that the courier was told of; empty where none is asked")

    @classmethod
    def of(cls, parcel: Parcel) -> Self:
        boxes = [BoxView(weight=p.weight, size=(p.length, p.width, p.height)) for p in parcel.packages]
        return cls(supplier_id=parcel.supplier_id, weight=parcel.weight, contents=list(parcel.contents), packages=boxes)
