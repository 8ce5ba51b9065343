"""What requests and answers about the delivery of virtual goods carry."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, field_validator, model_validator

from functions.shipping.virtual.virtual_delivery import DeliveredLine
from shared.api.payload import Body, View
from shared.bounds.fields import MOST_LINES

MOST_SAID = 2000


class DeliveredLineBody(Body):
    offer_id: str = Field(min_length=1, max_length=64)
    text: str = Field(default="", max_length=MOST_SAID, repr=False, description="what the shopper gets for all units: keys, a code, steps")
    url: str = Field(
        default="", max_length=MOST_SAID, pattern=r"^(https://[\x21-\x7e]+)?$", repr=False, description="where to download it from, https"
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.text.strip() or self.url):
            raise ValueError("write a text, or a url, for each line")
        return self


class DeliverVirtual(Body):
    lines: list[DeliveredLineBody] = Field(
        min_length=1, max_length=MOST_LINES, description="each offer of the shipment once",
        examples=[[{"offer_id": "off_2GV1CE162YSHZP0GCANW6CBATR", "text": "AAAA-BBBB-CCCC", "url": "https://example.com/get/1234"}]],
    )  # fmt: skip

    @field_validator("lines")
    @classmethod
    def _different(cls, lines: list[DeliveredLineBody]) -> list[DeliveredLineBody]:
        if len({line.offer_id for line in lines}) < len(lines):
            raise ValueError("an offer stands in one line")
        return lines

    def delivered(self) -> list[DeliveredLine]:
        return [DeliveredLine(line.offer_id, line.text, line.url) for line in self.lines]


class DeliveredLineView(View):
    """What the shopper gets of one offer: for the shopper alone."""

    offer_id: str
    text: str = Field(description="plain text: escape it")
    url: str = Field(description="https, or empty")

    @classmethod
    def of_all(cls, lines: Sequence[DeliveredLine]) -> list[Self]:
        return [cls(offer_id=line.offer_id, text=line.text, url=line.url) for line in lines]


class VirtualDeliveryView(View):
    lines: list[DeliveredLineView] = Field(description="empty while nothing is delivered")
