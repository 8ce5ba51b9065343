"""Lighthouse over a demo shop's six key pages, as a phone sees them: the median of so many runs, of the hub that `make run` keeps up.

Lighthouse itself (npm) is the caller's:

npm install --prefix /tmp/lighthouse lighthouse@13          # wants Node 22 or later
python -m bench.machine.lighthouse /tmp/lighthouse/node_modules/lighthouse/cli/index.js
"""

import argparse
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from local.demo import Demo
from tests.flow.form_browser import FormBrowser

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {
    "LCP ms": "largest-contentful-paint",
    "CLS": "cumulative-layout-shift",
    "TBT ms": "total-blocking-time",
    "bytes": "total-byte-weight",
}
CHROME = "--headless=new --no-sandbox --disable-dev-shm-usage"
GOOD = 0.9
"""Lighthouse's own."""
INDEXED = ("home", "list", "product")
SHOP, SKU = "lantern-street", "RK-SET-TEA"
ADDRESS = {"name": "Ada Buyer", "line1": "1 Harbour Street", "city": "Bristol", "postal_code": "BS1 5TR", "email": "ada@buyers.example"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cli", help="Lighthouse's cli/index.js")
    parser.add_argument("--node", default="node")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--demo", type=Path, default=Path(".local/demo.json"), help="of the hub that runs")
    asked = parser.parse_args()
    columns = [*CATEGORIES, *AUDITS]
    print(f"| page | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}", flush=True)
    for name, (address, cookie) in key_pages(json.loads(asked.demo.read_text())):
        told = [report([asked.node, asked.cli], address, cookie) for _ in range(asked.runs)]
        print(f"| {name} | {' | '.join(figure(told, column, name) for column in columns)} |", flush=True)
        for flaw in flaws(told[0], name):
            print(f"  {flaw}", flush=True)


def key_pages(demo: Demo) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name → address, at the shop's own host, whose robots.txt is the shop's, and cookie."""
    browser, below = FormBrowser(), f"{demo['api']}/shop/{SHOP}/"
    home = f"http://{SHOP}.localhost:{urlsplit(below).port}/"
    product = f"{home}products/{next(one['product_id'] for one in demo['products'] if one['sku'] == SKU)}"
    yield from (("home", (home, "")), ("list", (f"{home}products", "")), ("product", (product, "")))
    browser.open(product.replace(home, below))
    browser.submit("cart", units=1)
    yield "cart", (f"{home}cart", browser.cookie)
    yield "checkout", (f"{home}address", browser.cookie)
    browser.open("address")
    for place, typed in (("rates", ADDRESS), ("review", {}), ("place", {})):
        assert browser.submit(place, **typed) == 200, browser.text
    yield "order", (browser.address.replace(below, home), "")


def report(lighthouse: list[str], address: str, cookie: str) -> dict[str, Any]:
    """One run: Lighthouse's own phone, on its own slow network."""
    headers = [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    command = [*lighthouse, address, "--output=json", "--quiet", f"--chrome-flags={CHROME}", *headers]
    environment = {"CHROME_PATH": shutil.which("chromium") or ""} | os.environ
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=180).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def figure(told: Sequence[Mapping[str, Any]], column: str, page: str) -> str:
    """The median of a column; `–` of SEO where a page asks not to be indexed."""
    if column == "seo" and page not in INDEXED:
        return "–"
    if column in CATEGORIES:
        return f"{median(one['categories'][column]['score'] for one in told) * 100:.0f}"
    return f"{median(one['audits'][AUDITS[column]]['numericValue'] for one in told):.4g}"


def flaws(told: Mapping[str, Any], page: str) -> Iterator[str]:
    """What costs a page its 100."""
    for category in CATEGORIES[: None if page in INDEXED else -1]:
        for audit in told["categories"][category]["auditRefs"]:
            found = told["audits"][audit["id"]]
            if audit["weight"] and found["score"] is not None and found["score"] < GOOD:
                yield f"{category}: {audit['id']}: {found.get('displayValue') or found['title']}"


if __name__ == "__main__":
    main()
