"""A picture as answers show it: addresses in all its sizes, and what a page needs before they are there."""

from pydantic import Field

from shared.api.payload import View
from shared.pictures.product_pictures import ProductPicture
from shared.pictures.shown_picture import JPEG_SIZE, ShownPicture, media_key, sizes_of


class PictureSize(View):
    url: str
    width: int = Field(description="pixels: what `srcset` wants behind the address, as 640w")
    height: int


class SizedPicture(View):
    """The same address is the same picture for ever, unless it is taken down."""

    width: int = Field(description="pixels, as it was sent, upright; with the height it keeps a page from jumping")
    height: int
    colour: str = Field(description="what it is on the whole, #rrggbb: to be shown until it is there")
    sizes: list[PictureSize] = Field(description="WebP, the smallest first; none is larger than what was sent")
    jpeg: str = Field(description="its address as a JPEG of 1280 pixels at most, for mail and for channels that take no WebP")


class PictureView(SizedPicture):
    content_id: str = Field(description="of its bytes, whoever sends them: what a shop's logo names")
    blur: str = Field(description="a data: URL of the picture in a few pixels, to be stretched and shown until it is there")


class ProductPictureView(SizedPicture):
    """A picture of a product, by the id by which `pictures` names it."""

    picture_id: str
    blur: str | None = Field(
        default=None, description="a data: URL of the picture in a few pixels, to be shown until it is there; of a product's first 12 alone"
    )
    alt: str = Field(description="what it shows, for people who cannot see it: in the title's language, by its supplier or the title")


def picture_view(shown: ShownPicture, media_url: str) -> PictureView:
    """`media_url`: what stands before each picture's key."""
    return PictureView(
        content_id=shown.content, width=shown.width, height=shown.height, colour=shown.colour, blur=blur_url(shown.blur),
        sizes=_sizes(shown.content, shown.width, shown.height, media_url), jpeg=jpeg_url(shown.content, media_url),
    )  # fmt: skip


def product_picture_view(shown: ProductPicture, media_url: str, alt: str) -> ProductPictureView:
    """What the hub itself made is not validated again."""
    return ProductPictureView.model_construct(
        picture_id=shown.picture_id, width=shown.width, height=shown.height, colour=shown.colour, alt=alt,
        blur=blur_url(shown.blur) if shown.blur else None, sizes=_sizes(shown.content, shown.width, shown.height, media_url),
        jpeg=jpeg_url(shown.content, media_url),
    )  # fmt: skip


def sized_picture(content: str, size: tuple[int, int], colour: str, media_url: str) -> SizedPicture:
    """A picture of which no more is known than its content, its width and height, and its colour."""
    return SizedPicture.model_construct(
        width=size[0], height=size[1], colour=colour, sizes=_sizes(content, *size, media_url), jpeg=jpeg_url(content, media_url),
    )  # fmt: skip


def content_of(shown: SizedPicture, media_url: str) -> str:
    """The content whose picture this is: by it whoever has the media's address shows it too."""
    return shown.jpeg.removeprefix(f"{media_url}/").partition("/")[0]


def srcset(shown: ProductPicture, media_url: str) -> str:
    """As HTML's `srcset` wants it."""
    several = _sizes(shown.content, shown.width, shown.height, media_url)
    return ", ".join(f"{each.url} {each.width}w" for each in several)


def blur_url(blur: str) -> str:
    return f"data:image/webp;base64,{blur}"


def jpeg_url(content: str, media_url: str) -> str:
    return f"{media_url}/{media_key(content, JPEG_SIZE, 'jpg')}"


def _sizes(content: str, width: int, height: int, media_url: str) -> list[PictureSize]:
    return [
        PictureSize.model_construct(url=f"{media_url}/{media_key(content, size)}", width=wide, height=high)
        for size, wide, high in sizes_of(width, height)
    ]
