"""Pictures of a shop's six key pages in each look, of the hub that `make run` keeps up: for people to look at, since axe cannot.

make pictures                                                    # lantern-street, 48 pictures
make pictures ARGS="--shop papier-tee jiejiao-xiaopu"
"""

import argparse
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launched
from tests.browser.demo_hub import LOOKED_AT
from tests.browser.key_pages import Walk, looks

LANGUAGES = ("en", "zh")
SENT_TO = {"jiejiao-xiaopu": "CN"}
"""Where a shop sends nothing to Britain."""
KEY_PAGES = {"home", "list", "product", "cart", "address", "order"}
"""The address is the checkout's first page; --all keeps delivery, review and the ways to pay too."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where they are kept")
    parser.add_argument("--shop", nargs="+", default=["lantern-street"], choices=LOOKED_AT)
    parser.add_argument("--demo", type=Path, default=Path(".local/demo.json"), help="of the hub that runs")
    parser.add_argument("--all", action="store_true", help="all pages up to the ways to pay")
    asked = parser.parse_args()
    demo, kept = json.loads(asked.demo.read_text()), 0
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for slug in asked.shop:
            for language in LANGUAGES:
                page = browser.new_page()
                kept += walked(walk(demo, page, slug, language), asked.folder / f"{slug}-{language}", whole=asked.all)
                page.close()
        browser.close()
    print(f"{kept} pictures in {asked.folder}")


def walk(demo: dict[str, Any], page: Page, slug: str, language: str) -> Walk:
    product = next(one["product_id"] for one in demo["products"] if one["sku"] == LOOKED_AT[slug])
    return Walk(page, f"{demo['api']}/shop/{slug}/", product, language, SENT_TO.get(slug, "GB"))


def walked(walk: Walk, kept_as: Path, *, whole: bool) -> int:
    """Answers how many pictures were kept."""
    return sum(kept(walk.page, f"{kept_as}-{name}") for name in walk.whole() if whole or name in KEY_PAGES)


def kept(page: Page, name: str) -> int:
    page.evaluate("() => document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    names = []
    for width, scheme in looks(page):
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        names.append(f"{name}-{width}-{scheme}.png")
        page.screenshot(path=names[-1], full_page=True)
    return len(names)


if __name__ == "__main__":
    main()
