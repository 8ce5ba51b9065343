"""`python -m bench.fanout --count 1000000` says what a product costs when one, a thousand and a million storefronts want to hear of it.

Measured: writes and capacity units of the real consumers; messages of the real planner; CPU time of the real delivery code with its
sockets stubbed; cards read and CPU time of pages and searches. Simulated in virtual time, from the measured CPU time and stated
latencies: when a decision can be seen. Computed: dollars, from the dated price file.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.fanout import pages, publishing, pushing, timing
from bench.fanout.dollars import Prices
from bench.fanout.market import BANDED, CHARMING, CONVERTING, OWN_MARGINS, PICKING, SHARES, Market
from bench.fanout.show import show
from hubclient.reference.fx import rates
from shared.trade.fx import Rates

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
RESULTS = Path(__file__).parents[1] / "results" / "fanout.json"
PRICES = Path(__file__).parents[1] / "prices-2026-11.json"
CONFIGURED = 1000
"""Storefronts that are configured for the second measured publication; of more, nothing else could be read or written."""
STATED = {
    "chosen by, %": SHARES, "with a price band besides, %": BANDED, "with picks and exclusions, %": PICKING,
    "with charm prices, %": CHARMING, "selling in one currency, %": CONVERTING, "with margins by category, %": OWN_MARGINS,
}  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="storefronts of the last column (default: %(default)s)")
    parser.add_argument("--products", type=int, default=5, help="published and recalled, one after the other (default: %(default)s)")
    parser.add_argument("--cards", type=int, default=100_000, help="of the index (default: %(default)s)")
    parser.add_argument("--rules", type=int, default=1000, help="whose pages are read (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--taxonomy", type=Path, default=DATA / "taxonomy/en/categories.txt", help="Shopify's categories.txt")
    parser.add_argument("--fx", type=Path, default=DATA / "fx/eurofxref-hist.zip", help="the European Central Bank's rates")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the figures are kept as JSON (default: %(default)s)")
    return parser.parse_args()


def main() -> None:
    asked, started, day = arguments(), time.monotonic(), datetime.now(UTC)

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {text}", flush=True)

    market = Market(asked.taxonomy, asked.seed, asked.cards)
    rate: Rates = Rates.of(rates(asked.fx.read_bytes()))
    counts = sorted({1, min(1000, asked.count), asked.count})
    pace = pushing.pace(market, rate)
    say(f"{pace.deliveries / pace.cpu:,.0f} signed deliveries a second and core")
    found: dict[str, Any] = {
        "measured": f"{day:%Y-%m-%d}, {os.cpu_count()} cores, others' load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}",
        "distribution": STATED, "rates of": rate.day, "pace": pace.told() | {"deliveries_a_second": round(pace.deliveries / pace.cpu)},
        "written": publishing.publish(market, [1, CONFIGURED], say),
    }  # fmt: skip
    found["columns"] = {str(count): column(count, asked, rate, found["written"], say) for count in counts}
    found["index"] = pages.measure(market, rate, asked.cards, asked.rules, say)
    found["prices"] = json.loads(PRICES.read_text())
    asked.results.parent.mkdir(parents=True, exist_ok=True)
    asked.results.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    print("\n" + show(found))


def column(count: int, asked: argparse.Namespace, rate: Rates, written: dict[int, Any], say: Callable[[str], None]) -> dict[str, Any]:
    """All that is told of `count` storefronts."""
    scale = pushing.Scale(asked.taxonomy, asked.seed, count, asked.products, rate)
    say(f"telling {count:,} storefronts of {asked.products} publications and recalls")
    work = pushing.push(scale, asked.processes)
    opened = work.pop("opened")
    prices, setting = Prices(json.loads(PRICES.read_text())), timing.Setting()
    cost = written[1 if count == 1 else CONFIGURED]
    one = {what: done.shared(asked.products) for what, done in work.items()}
    loads = {
        what: timing.Load(
            scale.shards, scale.size(0), done.deliveries / scale.shards, done.cpu * 1000 / scale.shards, opened.cpu * 1000 / scale.shards
        ) for what, done in one.items()
    }  # fmt: skip
    say(f"letting {count:,} storefronts see it, in virtual time")
    return {
        "written": cost, "planned": pushing.planned(count), "shards": scale.shards, "opened": opened.told(),
        "work": {what: done.told() for what, done in one.items()}, "visible": timing.visible(setting, loads),
        "dollars": {what: prices.publication(cost[what]) for what in work} | {"naive": prices.naive(count)},
        "pushes": {what: prices.pushes(loads[what], one[what], setting) for what in work},
    }  # fmt: skip


if __name__ == "__main__":
    main()
