"""Pictures on the pages of a shop: where they lie, what stands in their places, which come first."""

import re
import zlib
from typing import Any

import pytest

from shared.ids import derived_id
from shared.messages import OfferPublished
from shared.pictures.product_pictures import lines_of, shown_of
from shared.pictures.shown_picture import ShownPicture
from tests.fakes import MEDIA, Reply
from tests.unit.storefronts.pages.shopper import Shopper, hidden
from tests.unit.storefronts.pages.test_list_pages import described
from tests.unit.storefronts.pages.test_product_pages import offer_ids, teapot, variant
from tests.unit.storefronts.pages.test_shop_routes import OPEN, documents, links
from tests.unit.storefronts.service import StorefrontsService, published

FRONT, BACK, BLUE = (derived_id("pic", name) for name in ("front", "back", "blue"))
ORIGIN = "https://media.example"


def read(picture_id: str) -> ShownPicture:
    """Of a colour of its own; the back is taller than wide."""
    width, height = (900, 1400) if picture_id == BACK else (1400, 900)
    return ShownPicture(
        content=derived_id("img", picture_id), width=width, height=height, colour=f"#{hash_of(picture_id)}", blur="UklGRg=="
    )


def hash_of(picture_id: str) -> str:
    return f"{zlib.crc32(picture_id.encode()) & 0xFFFFFF:06x}"


def pictured(message: OfferPublished, pictures: list[str], *, lost: str = "", **more: Any) -> OfferPublished:
    """With these pictures of its own; all that it names are shown but `lost`."""
    told = message.product.model_dump(exclude_defaults=True) | {"pictures": pictures} | more
    product = type(message.product).model_validate(told)
    lines, blurs = lines_of(shown_of(product, {each: read(each) for each in product.all_pictures if each != lost}))
    return message.model_copy(update={"product": product, "shown": lines, "blurs": blurs})


def media(picture_id: str, file: str) -> str:
    return f"{MEDIA}/{derived_id('img', picture_id)}/{file}"


def pictures(page: Reply) -> list[dict[str, str]]:
    """The attributes of each, in order."""
    return [dict(re.findall(r'([a-z]+)="([^"]*)"', tag)) for tag in re.findall(r"<img ([^>]*)>", page.body)]


def sources(page: Reply) -> list[str]:
    """What the page may load pictures from."""
    (found,) = (part.split()[1:] for part in page.headers["Content-Security-Policy"].split("; ") if part.startswith("img-src "))
    assert found.pop() == "data:", "the tab's"
    return found


def test_a_cart_shows_a_small_picture_of_each_line_and_its_address_hands_them_on(teashop: StorefrontsService) -> None:
    shopper = Shopper(teashop)
    for number in (1, 2):
        shopper.puts_in(number)
    cart = shopper.looks("cart")
    (shown,) = pictures(cart)
    assert (shown["src"], shown["width"], shown["height"]) == (media(FRONT, "320.webp"), "56", "56")
    assert sources(cart) == [ORIGIN]
    assert hidden(shopper.looks("address"), "pictures") == f"{derived_id('img', FRONT)} -"
    assert pictures(shopper.looks("cart", {"view": "text"})) == []


@pytest.fixture
def teashop(service: StorefrontsService) -> StorefrontsService:
    """A vase with a front and a back, and one without any."""
    service.tell(pictured(published(1), [FRONT, BACK], alt_texts={FRONT: {"en": 'A "vase" <front>'}}), published(2))
    service.opened(OPEN)
    return service


def test_a_list_shows_one_picture_a_product_in_sizes_and_with_words(teashop: StorefrontsService) -> None:
    for path in ("", "products"):
        page = teashop.shown(path)
        (shown,) = pictures(page)
        assert shown["srcset"] == f"{media(FRONT, '320.webp')} 320w,{media(FRONT, '640.webp')} 640w"
        assert (shown["width"], shown["height"], shown["decoding"]) == ("1400", "900", "async")
        assert shown["sizes"]
        assert shown["alt"] == "A &#34;vase&#34; &lt;front&gt;"
        assert '<span class="pic" aria-hidden="true">V</span>' in page.body, "a placeholder for what has none"


def test_words_that_are_the_title_are_not_read_out_twice(service: StorefrontsService) -> None:
    service.tell(pictured(published(1), [FRONT]))
    service.opened(OPEN)
    assert [each["alt"] for each in pictures(service.shown("products"))] == [""]
    assert [each["alt"] for each in pictures(service.shown("products/prd_1"))] == ["Vase 1"]


def test_what_is_seen_first_is_loaded_first_and_the_rest_once_it_is_near(service: StorefrontsService) -> None:
    service.tell(*(pictured(published(n), [derived_id("pic", str(n))]) for n in range(1, 9)))
    service.opened(OPEN)
    assert [each.get("loading", "") for each in pictures(service.shown("products"))] == [""] * 4 + ["lazy"] * 4


def test_colours_stand_in_the_one_style_that_the_policy_lets_in(teashop: StorefrontsService) -> None:
    page = teashop.shown("products/prd_1")
    for each in (FRONT, BACK):
        assert f".c{hash_of(each)}{{background:#{hash_of(each)}}}" in page.body.partition("</style>")[0]
    assert [each["class"] for each in pictures(page)][:2] == [f"c{hash_of(FRONT)}", f"c{hash_of(BACK)} tall"]
    assert " style=" not in page.body


@pytest.mark.parametrize(
    ("media_url", "allowed"),
    [("https://media.example", [ORIGIN]), ("http://127.0.0.1:4566/media", ["http://127.0.0.1:4566"]), ("", ["'self'"])],
)
def test_pictures_are_loaded_from_where_they_lie_and_nowhere_else(teashop: StorefrontsService, media_url: str, allowed: list[str]) -> None:
    teashop.media_url = media_url
    teashop.forget()
    for path in ("", "products", "products/prd_1"):
        assert sources(teashop.shown(path)) == allowed


def test_a_products_page_shows_all_of_them_without_a_script(teashop: StorefrontsService) -> None:
    page = teashop.shown("products/prd_1")
    large, small = pictures(page)[:2], pictures(page)[2:]
    assert [each["src"] for each in (*large, *small)] == [media(each, "320.webp") for each in (FRONT, BACK)] * 2
    assert large[0]["srcset"].endswith(f"{media(FRONT, '1280.webp')} 1280w")
    assert {"#p1", "#p2"} <= links(page)
    assert page.body.count('id="p2"') == 1
    assert [each["alt"] for each in small] == ["Picture 1 of 2", "Picture 2 of 2"]
    assert ("fetchpriority" in large[0], large[1]["loading"]) == (True, "lazy")


def test_the_chosen_variants_own_come_first_then_the_products(service: StorefrontsService) -> None:
    blue = {**variant("blue", "M", 1500), "pictures": [BLUE]}
    service.tell(pictured(teapot(variant("red", "M", 1000), blue), [FRONT, BACK], lost=BACK))
    service.opened(OPEN)

    def order(**query: str) -> list[str]:
        page = service.shown("products/prd_1", query)
        strip = pictures(page)[: page.body.count('id="p')]
        assert documents(page)[0]["image"] == [each["src"].replace("320.webp", "1280.jpg") for each in strip]
        return [each["src"].split("/")[-2] for each in strip]

    offers, (front, blues) = offer_ids(service), (derived_id("img", each) for each in (FRONT, BLUE))
    assert order() == [front, blues]
    assert order(offer=offers["blue", "M"]) == [blues, front]
    assert order(offer=offers["red", "M"]) == [front]


def test_who_shares_a_page_and_search_engines_are_told_absolute_addresses(teashop: StorefrontsService) -> None:
    teashop.media_url = ""
    teashop.forget()
    jpeg = f"https://hub.example/{derived_id('img', FRONT)}/1280.jpg"
    for path in ("", "products", "products/prd_1"):
        assert f'<meta property="og:image" content="{jpeg}">' in teashop.shown(path).body
    assert documents(teashop.shown("products/prd_1"))[0]["image"][0] == jpeg
    assert "og:image" not in teashop.shown("products/prd_2").body


def test_with_pictures_a_list_of_24_is_at_most_8_kb_packed_and_a_product_of_12_within_the_first_14(service: StorefrontsService) -> None:
    service.tell(*(
        pictured(described(n, f"Material {n}", f"Brand {n}"), [derived_id("pic", f"{n} {m}") for m in range(12)]) for n in range(1, 41)
    ))  # fmt: skip
    service.opened(OPEN)
    sizes = {path: len(zlib.compress(service.shown(path, {"language": "zh"}).body.encode())) for path in ("", "products", "products/prd_1")}
    assert len(pictures(service.shown("products"))) == 24
    assert max(sizes[""], sizes["products"]) <= 8 * 1024, sizes
    assert sizes["products/prd_1"] <= 14 * 1024, sizes
