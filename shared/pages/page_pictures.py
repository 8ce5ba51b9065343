"""What a page needs to show pictures: leave to load them, and their colours, which stand in their places until they are there."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from shared.pictures.addresses import SizedPicture


def colours_css(pictures: Iterable[SizedPicture]) -> str:
    """A class for each colour, `.c1a2b3c{background:#1a2b3c}`: the CSP lets no style stand in an element."""
    return "".join(f".c{colour[1:]}{{background:{colour}}}" for colour in sorted({each.colour for each in pictures}))


def origins(pictures: Iterable[SizedPicture]) -> list[str]:
    """Where they lie, as CSP names it; nothing for those that lie where the page does."""
    return origins_of(each.jpeg for each in pictures)


def origins_of(addresses: Iterable[str]) -> list[str]:
    """The same of pictures of which the address alone is known."""
    found = {urlsplit(each)[:2] for each in addresses}
    return sorted(f"{scheme}://{host}" for scheme, host in found if host)
