"""A picture as answers show it: addresses in all its sizes, and what a page needs before they are there."""

from pydantic import Field

from shared.api.payload import View
from shared.pictures.shown_picture import JPEG_SIZE, ShownPicture, media_key, sizes_of


class PictureSize(View):
    url: str
    width: int = Field(description="pixels: what `srcset` wants behind the address, as 640w")
    height: int


class PictureView(View):
    """The same address is the same picture for ever, unless it is taken down."""

    width: int = Field(description="pixels, as it was sent, upright; with the height it keeps a page from jumping")
    height: int
    colour: str = Field(description="what it is on the whole, #rrggbb: to be shown until it is there")
    blur: str = Field(description="a data: URL of the picture in a few pixels, to be stretched and shown until it is there")
    sizes: list[PictureSize] = Field(description="WebP, the smallest first; none is larger than what was sent")
    jpeg: str = Field(description="its address as a JPEG of 1280 pixels at most, for mail and for channels that take no WebP")


def picture_view(shown: ShownPicture, media_url: str) -> PictureView:
    """`media_url`: what stands before each picture's key."""
    sizes = [
        PictureSize(url=f"{media_url}/{media_key(shown.content, size)}", width=width, height=height)
        for size, width, height in sizes_of(shown.width, shown.height)
    ]
    return PictureView(
        width=shown.width, height=shown.height, colour=shown.colour, blur=f"data:image/webp;base64,{shown.blur}", sizes=sizes,
        jpeg=f"{media_url}/{media_key(shown.content, JPEG_SIZE, 'jpg')}",
    )  # fmt: skip
