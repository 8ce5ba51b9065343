"""Every page of a purchase by axe-core, in both languages, on a phone and on a laptop, light and dark; and what holds for all of them.

PICTURES=folder keeps a PNG of each look there.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.demo_hub import LOOKED_AT, DemoHub
from tests.browser.key_pages import Walk, looks
from tests.browser.shopper import Shopper

NARROWEST = 320
"""CSS pixels, to which WCAG 2.2 (1.4.10) wants a page to fit without scrolling sideways: 1280 at 400 %."""


def walk(hub: DemoHub, page: Page, slug: str, language: str) -> Walk:
    return Walk(page, hub.home(slug), hub.product(LOOKED_AT[slug]), language)


def flaws(page: Page, names: Iterator[str], kept_as: str) -> list[str]:
    """What axe finds on each page that is walked to, in each look."""
    found = []
    for name in names:
        for width, scheme in looks(page):
            found += [f"{name} {width} {scheme}: {told}" for told in violations(page)]
            keep(page, f"{kept_as}-{name}-{width}-{scheme}")
    return found


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.evaluate("() => document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_from_the_first_page_to_the_ways_to_pay(pictured: DemoHub, shopper: Callable[..., Shopper], language: str):
    page = shopper(java_script_enabled=True).page
    assert flaws(page, walk(pictured, page, "lantern-street", language).whole(), f"lantern-street-{language}") == []


@pytest.mark.parametrize(("slug", "language"), [("papier-tee", "en"), ("jiejiao-xiaopu", "zh")])
def test_nor_where_a_shop_looks_otherwise(pictured: DemoHub, shopper: Callable[..., Shopper], slug: str, language: str):
    page = shopper(java_script_enabled=True).page
    assert flaws(page, walk(pictured, page, slug, language).public(), f"{slug}-{language}") == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_scrolls_sideways_nor_runs_a_script(pictured: DemoHub, shopper: Callable[..., Shopper], language: str):
    page = shopper(width=NARROWEST, java_script_enabled=True).page
    loaded, complained = list[str](), list[str]()
    page.on("console", lambda told: complained.append(told.text) if told.type == "error" else None)
    page.on("request", lambda request: loaded.append(f"{request.resource_type} {request.url}"))
    for name in walk(pictured, page, "lantern-street", language).whole():
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, name
        kinds = page.evaluate("[...document.scripts].map(script => script.type)")
        assert set(kinds) <= {"application/ld+json"}, (name, kinds)
    assert [one for one in loaded if one.startswith("script")] == []
    assert complained == [], "what its own policy forbids, or what is not there"
