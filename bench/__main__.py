"""`python -m bench` counts AWS calls, capacity units and CPU time, weighs imports and artefacts, and loads the running stack.

Counting is exact and says the same every time but for CPU; load and CPU are this machine's, at this moment.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import counts, load, providers, recall
from bench.cold_starts import imports
from bench.report import Target, counts_table, table, targets_table
from shared.providers.registry import lock

RESULTS = Path(__file__).with_name("results") / "latest.json"
PARTS = ("counts", "imports", "providers", "load", "recall")
CARD, MANY = "order placed → paid → split, Stripe", f"publish a product, {counts.STOREFRONTS} storefronts"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be said again; default: all)")
    parser.add_argument("--seconds", type=float, default=10, help="how long each load is kept up (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=load.ROWS, help="products of the feed (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=counts.RUNS, help="runs whose CPU time's median is told (default: %(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the figures are kept as JSON (default: %(default)s)")
    return parser.parse_args()


def main() -> None:
    asked, started = arguments(), time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)

    kept = json.loads(asked.results.read_text()) if asked.results.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for part in asked.only or PARTS:
            day, busy = datetime.now(UTC), os.getloadavg()[0]
            if part == "load":
                kept[part] = load.load(Path(folder) / part, asked.seconds, asked.rows, say)
            elif part == "counts":
                kept[part] = counts.count(Path(folder) / part, say, asked.runs)
            elif part == "recall":
                kept[part] = recall.recall(Path(folder) / part, say)
            elif part == "providers":
                kept[part] = {"core_ms": providers.overhead()}
            else:
                kept[part] = imports.measure()
            kept[part]["measured"] = f"{day:%Y-%m-%d}, {os.cpu_count()} cores, others' load {busy:.1f}, Python {platform.python_version()}"
            asked.results.parent.mkdir(parents=True, exist_ok=True)
            asked.results.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    show(kept)


def show(found: dict[str, Any]) -> None:
    """Print every table of what was measured, now or before."""
    for part, tables in zip(PARTS, (_counts, _imports, _providers, _load, _recall), strict=True):
        if part in found:
            print(f"\n═══ {part} ({found[part]['measured']})\n\n" + "\n\n".join(tables(found[part])))
    print("\n" + targets_table(targets(found)))


def _counts(found: dict[str, Any]) -> list[str]:
    return [counts_table(name, scenario) for name, scenario in found.items() if name != "measured"]


def _imports(found: dict[str, Any]) -> list[str]:
    bare = found["bare_ms"]
    rows = [
        [service, f"{ms:.0f}", f"{ms - bare:.0f}", f"{found['artefact_bytes'][service] / 1000:.0f}"]
        for service, ms in found["import_ms"].items()
    ]
    layers = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in found["layer_bytes"].items()) or "not built: run `make build`"
    heads = [f"service (bare Python: {bare:.0f} ms)", "import, CPU-ms", "of it ours", "artefact, kB"]
    plugins = [[plugin_id, f"{ms:.0f}"] for plugin_id, ms in found["plugin_ms"].items()]
    return [table(heads, rows), table(["a host with one plug-in", "import, CPU-ms"], plugins), f"dependency layers, unpacked: {layers}"]


def _providers(found: dict[str, Any]) -> list[str]:
    return [table(["the core around one call of a provider", "CPU-ms"], [[kind, f"{ms:.2f}"] for kind, ms in found["core_ms"].items()])]


def _load(found: dict[str, Any]) -> list[str]:
    rows = [
        [f"{kind}, {pace['clients']} client(s)", pace["per_second"], pace["p50"], pace["p95"], pace["failed"]]
        for kind in ("pages", "orders")
        for pace in found[kind].values()
    ]
    feed = found["feed"]
    took = f"approved after {feed['approved_s']} s, listed after {feed['listed_s']} s"
    told = f"a feed of {feed['rows']} products: {took}: {feed['per_second']}/s"
    dead = f"messages in dead-letter queues: {found['dead_letters'] or 'none'}"
    return [table(["on the running stack", "a second", "p50 ms", "p95 ms", "failed"], rows), told, dead]


def _recall(found: dict[str, Any]) -> list[str]:
    rows = [
        [name, times["orders"], times["last_order_s"], times["listing_s"], times["webhook_s"], times["feed_s"]]
        for name, times in found.items()
        if name != "measured"
    ]
    return [table(["seconds after the decision", "orders", "last order", "listing gone", "webhook", "feed"], rows)]


def targets(found: dict[str, Any]) -> list[Target]:
    """Each number to reach, beside what was found."""
    counted, weighed, loaded = found.get("counts", {}), found.get("imports", {}), found.get("load", {})
    order, placed = counted.get(CARD, {}), counted.get("place an order", {})
    page, one, many = counted.get("list page of 24, read before", {}), counted.get("publish a product", {}), counted.get(MANY, {})
    more = many["writes"] - one["writes"] if many else None
    last = [times["last_order_s"] for name, times in found.get("recall", {}).items() if name != "measured"]
    sizes = weighed.get("artefact_bytes", {}).values()
    around = found.get("providers", {}).get("core_ms", {})
    pace = {kind: loaded.get(kind, {}).get("8", {}).get("per_second") for kind in ("orders", "pages")}
    return [
        Target("placing an order: DynamoDB calls, the authorizer's with them",
               placed["dynamodb_calls"] + placed["door_calls"] if placed else None, 3, "calls"),
        Target("an order until paid and split: writes", _split(order, "wcu"), 20, "WCU"),
        Target("an order until paid and split: reads", _split(order, "rcu"), 4, "RCU"),
        Target("an order from placed to split, shipping included: writes", order.get("wcu"), 24, "WCU"),
        Target("an order from placed to split, shipping included: reads", order.get("rcu"), 7, "RCU"),
        Target("a publication with 1,000 storefronts: more items written than with 2", more, 0, "items"),
        Target("a list page, read before", page.get("cpu_ms"), 3, "CPU-ms"),
        Target("an order until paid and split, all functions", _split(order, "cpu_ms"), 15, "CPU-ms"),
        Target("the largest artefact", max(sizes) / 1e6 if sizes else None, 5, "MB"),
        Target("payments with one merchant's plug-in, imported: the heaviest", _heaviest(weighed), 250, "CPU-ms"),
        Target("the core around one call of a payment provider", max(around.values(), default=None), 1, "CPU-ms"),
        Target("orders with 8 clients", pace["orders"], 30, "a second", at_least=True),
        Target("list pages with 8 clients", pace["pages"], 250, "a second", at_least=True),
        Target("products created, audited and visible", loaded.get("feed", {}).get("per_second"), 80, "a second", at_least=True),
        Target("the last order after a recall or a suspension", max(last) if last else None, 5, "s"),
    ]  # fmt: skip


def _heaviest(weighed: dict[str, Any]) -> float | None:
    """CPU-ms of the payments function with the plug-in that takes longest."""
    return max((ms for plugin_id, ms in weighed.get("plugin_ms", {}).items() if plugin_id in lock()["payment"]), default=None)


def _split(order: dict[str, Any], what: str) -> float | None:
    """What it took until the order was paid and split: all but the parcel that shipping prepares meanwhile."""
    if not order:
        return None
    return round(float(order[what] - order["entries"].get("shipping worker", {}).get(what, 0)), 1)


if __name__ == "__main__":
    main()
