"""How shops look: presets, pictures that the hub serves, and what a reader wants to see of them."""

import re
from itertools import product
from typing import Any, get_args

import pytest

from functions.storefronts.configuration.shop_look import PRESETS
from monsoon_plugin.clock import utc_now
from shared.ids import derived_id
from shared.pages.style import GROUNDS, Corners, Density, Ground, Letters, Style
from shared.pages.theme import ENOUGH, contrast, css
from shared.pages.visits.visit import Visits
from shared.pages.visits.visit_pages import visit_page
from tests.fakes import MEDIA, TICKETS, Reply
from tests.unit.storefronts.pages.shopper import Shopper, hidden
from tests.unit.storefronts.pages.test_shop_pictures import FRONT, pictured, sources
from tests.unit.storefronts.pages.test_shop_routes import OPEN, PAGES, links
from tests.unit.storefronts.service import StorefrontsService, published

LOGO = {"content": derived_id("img", "logo"), "width": 300, "height": 100}
HERO = {"content": derived_id("img", "hero"), "width": 1600, "height": 700, "colour": "#123456", "alt": {"en": "Our <shop>"}}


def looking(**look: Any) -> dict[str, Any]:
    return {**OPEN, "pages": {**PAGES, "look": look}}


def others(page: Reply) -> set[str]:
    """The links to other views, which alone do not keep the present one."""
    return set(re.findall(r'rel="nofollow" href="([^"]*)"', page.body)) - {href for href in links(page) if "view=text" in href}


def test_every_style_is_read_on_its_grounds_by_day_and_by_night_and_is_small():
    for shades in (each for pair in GROUNDS.values() for each in pair):
        for text, ground in product(("text", "muted"), ("ground", "soft")):
            assert contrast(shades[text], shades[ground]) >= ENOUGH
    for choice in product(*map(get_args, (Letters, Density, Corners, Ground))):
        style = Style(*choice)
        assert len(css("#ffcc00", style).encode()) <= 8.5 * 1024
        for (good, bad), shades in zip((("#17663a", "#a3271b"), ("#6fcf97", "#ff9d91")), style.shades, strict=True):
            assert min(contrast(word, shades[ground]) for word in (good, bad) for ground in ("ground", "soft")) >= ENOUGH


@pytest.mark.parametrize("accent", ["#000000", "#ffffff", "#777777", "#ffcc00", "#0f6b5c"])
def test_an_accent_is_read_on_every_ground(accent: str):
    for ground, (day, night) in GROUNDS.items():
        told = re.findall(r"--accent:(#[0-9a-f]{6})", css(accent, Style(ground=ground)))
        assert contrast(told[0], day["soft"]) >= ENOUGH
        assert contrast(told[1], night["soft"]) >= ENOUGH


def test_the_way_to_the_order_looks_as_the_shop_does(service: StorefrontsService) -> None:
    service.tell(published(1))
    service.opened(looking(preset="paper", density="dense"))
    shopper = Shopper(service)
    shopper.puts_in()
    address = shopper.looks("address")
    for rule in ("--radius:0", "Songti", "--phone:3", GROUNDS["warm"][1]["ground"]):
        assert rule in address.body, rule
    visit = Visits(TICKETS, utc_now).read(hidden(address, "visit"), "tea-house")
    assert visit.shop.style == "serif dense square warm"
    assert "Songti" in visit_page("shared/pages/visits/visit.html", visit, {}, ticket="t").text, "as other services show it"


def test_words_say_every_style_and_what_is_not_known_of_them_says_nothing():
    for choice in product(*map(get_args, (Letters, Density, Corners, Ground))):
        assert Style.of(Style(*choice).words) == Style(*choice)
        assert len(Style(*choice).words) <= 40
    assert Style.of("gothic serif </style>") == Style(letters="serif")


def test_a_preset_is_the_whole_look_and_an_owner_changes_what_he_likes_of_it(service: StorefrontsService) -> None:
    made = service.opened(looking(preset="paper", corners="round"))
    assert made.body["pages"]["look"]["preset"] == "paper"
    style = service.shown().body
    assert "--radius:22px" in style
    assert "Songti" in style
    assert GROUNDS[PRESETS["paper"].ground][1]["ground"] in style


@pytest.mark.parametrize(
    ("look", "pointer"),
    [
        ({"preset": "neon"}, "/pages/look/preset"),
        ({"letters": "Comic Sans"}, "/pages/look/letters"),
        ({"logo": {**LOGO, "content": "https://evil.example/x.svg"}}, "/pages/look/logo/content"),
        ({"hero": {**HERO, "colour": "red;}body{display:none"}}, "/pages/look/hero/colour"),
        ({"hero": {**HERO, "width": 0}}, "/pages/look/hero/width"),
    ],
)
def test_what_is_no_look_is_refused_by_name(service: StorefrontsService, look: dict[str, Any], pointer: str) -> None:
    refused = service.opened(looking(**look))
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)


def test_a_logo_and_a_large_picture_come_from_where_the_hub_serves_pictures_alone(service: StorefrontsService) -> None:
    service.tell(published(1))
    service.opened(looking(logo=LOGO, hero=HERO))
    home, product_page = service.shown(), service.shown("products/prd_1")
    assert f'src="{MEDIA}/{LOGO["content"]}/320.webp" width="300" height="100" alt="Lantern"' in product_page.body
    assert f"{MEDIA}/{HERO['content']}/1280.webp 1280w" in home.body
    assert 'alt="Our &lt;shop&gt;"' in home.body
    assert f'og:image" content="{MEDIA}/{HERO["content"]}/1280.jpg"' in home.body
    assert sources(home) == sources(product_page) == ["https://media.example"]


def test_the_logo_goes_with_a_shopper_to_the_pages_of_other_services_unless_they_read_text_alone(service: StorefrontsService) -> None:
    service.tell(published(1))
    service.opened(looking(logo=LOGO))
    shopper = Shopper(service)
    shopper.puts_in()
    page = shopper.looks("address")
    assert f'src="{MEDIA}/{LOGO["content"]}/320.webp" width="300" height="100"' in page.body
    assert "https://media.example" in sources(page)
    assert "<img" not in shopper.looks("address", {"view": "text"}).body


def test_a_reader_may_want_text_alone_or_more_at_once_and_each_link_keeps_it(service: StorefrontsService) -> None:
    service.tell(pictured(published(1), [FRONT]))
    service.opened(looking(hero=HERO, logo=LOGO))
    for path in ("", "products", "products/prd_1"):
        page = service.shown(path, {"view": "text"})
        assert "<img" not in page.body
        assert {href for href in links(page) if "view=text" not in href and not href.startswith("#")} <= others(page)
    dense = service.shown("products", {"view": "dense"}).body
    assert "--phone:3" in dense
    assert "<img" in dense
    assert "view=" not in dense.partition('rel="canonical"')[2].partition(">")[0]


def test_a_view_that_there_is_not_is_refused_by_name(service: StorefrontsService) -> None:
    service.opened(OPEN)
    assert service.shown("", {"view": "hologram"}).status == 422
