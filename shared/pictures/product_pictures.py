"""The pictures of a product that are shown, as they travel with it: whoever shows the product reads no picture's record.

Each is one line: its id, its content's, its pixels, its colour.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from shared.goods.told_apart import MOST_PICTURES
from shared.pictures.shown_picture import Blur, ShownPicture
from shared.trade.product import MOST_OWN_PICTURES, Product

MOST_SHOWN = MOST_PICTURES
"""As many as a product may name; of one that was taken in when there was no such bound, those that come first."""
MOST_BLURRED = MOST_OWN_PICTURES
"""Of these, those that come with a blur: a page shows no more at once before it is there."""
ShownLine = Annotated[
    str,
    StringConstraints(pattern=r"^pic_[0-9A-HJKMNP-TV-Z]{26} img_[0-9A-HJKMNP-TV-Z]{26} [0-9]{1,5} [0-9]{1,5} #[0-9a-f]{6}$"),
]
ShownLines = Annotated[list[ShownLine], Field(max_length=MOST_SHOWN, description="its pictures that are shown, a line each, in order")]
Blurs = Annotated[list[Blur], Field(max_length=MOST_BLURRED, description="of the first of them")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPicture:
    """A picture of a product. `blur`: see ShownPicture; empty where it travels without."""

    picture_id: str
    content: str
    width: int
    height: int
    colour: str
    blur: str = ""

    @classmethod
    def of(cls, picture_id: str, shown: ShownPicture) -> Self:
        return cls(
            picture_id=picture_id, content=shown.content, width=shown.width, height=shown.height, colour=shown.colour, blur=shown.blur
        )

    @classmethod
    def of_line(cls, line: str, blur: str = "") -> Self:
        picture_id, content, width, height, colour = line.split(" ")
        return cls(picture_id=picture_id, content=content, width=int(width), height=int(height), colour=colour, blur=blur)

    @property
    def line(self) -> str:
        return f"{self.picture_id} {self.content} {self.width} {self.height} {self.colour}"


Shown = tuple[ProductPicture, ...]
"""In the order in which the product names them."""


def named_pictures(product: Product) -> list[str]:
    """The pictures of a product that are looked for, each once: its own, each variant's first, then each variant's second, … ."""
    columns = zip_longest(*(variant.pictures for variant in product.variants))
    of_variants = (each for column in columns for each in column if each)
    return list(islice(dict.fromkeys((*product.pictures, *of_variants)), MOST_SHOWN))


def shown_of(product: Product, found: Mapping[str, ShownPicture]) -> Shown:
    """`found`: those of its pictures that are shown."""
    several = [ProductPicture.of(each, found[each]) for each in named_pictures(product) if each in found]
    return tuple(each if place < MOST_BLURRED else replace(each, blur="") for place, each in enumerate(several))


def lines_of(shown: Shown) -> tuple[list[str], list[str]]:
    """As they travel: a line each, and the blurs of the first."""
    return [each.line for each in shown], [each.blur for each in shown if each.blur]


def of_lines(lines: Sequence[str], blurs: Sequence[str]) -> Shown:
    """What `lines_of` answered."""
    return tuple(ProductPicture.of_line(line, blur or "") for line, blur in islice(zip_longest(lines, blurs), len(lines)))


def pictures_of(picture_ids: Iterable[str], shown: Iterable[ProductPicture]) -> Shown:
    """Those that are shown of the ones named, in the order in which they are named."""
    return tuple(_found(picture_ids, {each.picture_id: each for each in shown}))


def main_picture(product: Product, cheapest: Product, shown: Shown) -> ProductPicture | None:
    """What stands for the product in a listing: its first own that is shown, else the cheapest variant's, else any; None if none is."""
    return next(iter((*pictures_of((*product.pictures, *cheapest.pictures), shown), *shown)), None)


def _found(picture_ids: Iterable[str], known: Mapping[str, ProductPicture]) -> Iterator[ProductPicture]:
    return (known[each] for each in picture_ids if each in known)


def alt_of(alts: Mapping[str, str], language: str, title: str) -> str:
    """What a picture shows, in words of its supplier's in that language or its base language; else `title`."""
    return alts.get(language) or alts.get(language.split("-")[0]) or title
