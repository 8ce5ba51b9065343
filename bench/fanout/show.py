"""The figures as tables for people."""

from typing import Any

from bench.report import Target, table, targets_table

CHANGES = ("published", "recalled")


def show(found: dict[str, Any]) -> str:
    columns = found["columns"]
    heads = ["storefronts (each with one endpoint)", *(f"{int(count):,}" for count in columns)]
    rows = [[name, *(_cell(read(column)) for column in columns.values())] for name, read in ROWS.items()]
    parts = [
        f"═══ fan-out ({found['measured']}; prices of {found['prices']['read']}, {found['prices']['region']})",
        _stated(found), table(heads, rows), _index(found["index"]), targets_table(targets(found)),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _rows() -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for what in CHANGES:
        rows |= {
            f"{what}: items written": lambda c, w=what: c["written"][w]["writes"],
            f"{what}: WCU": lambda c, w=what: c["written"][w]["wcu"],
            f"{what}: RCU": lambda c, w=what: c["written"][w]["rcu"],
            f"{what}: SNS publishes": lambda c, w=what: c["written"][w]["sns"],
            f"{what}: SQS messages to services": lambda c, w=what: c["written"][w]["sqs"],
            f"{what}: dollars": lambda c, w=what: c["dollars"][w]["sum"],
        }
    rows |= {
        "published with a picture: WCU": lambda c: c["written"]["with a picture"]["wcu"],
        "webhook shards = SQS messages for 1 product": lambda c: c["planned"]["messages_for_1"],
        "  for 100 products at once": lambda c: c["planned"]["messages_for_100"],
        "listing shows it, p50 s": lambda c: c["visible"]["listing"]["p50"],
        "listing shows it, p99 s": lambda c: c["visible"]["listing"]["p99"],
        "feed shows it, p50 s": lambda c: c["visible"]["feed"]["p50"],
        "feed shows it, p99 s": lambda c: c["visible"]["feed"]["p99"],
    }
    for what in CHANGES:
        rows |= {
            f"{what}: endpoints that are posted to": lambda c, w=what: c["work"][w]["deliveries"],
            f"{what}: worker CPU, s": lambda c, w=what: c["work"][w]["cpu"],
            f"{what}: µs a subscription looked at": lambda c, w=what: c["work"][w]["us_a_subscription"],
            f"{what}: endpoint has it, p50 s": lambda c, w=what: c["visible"][f"webhook, {w}"]["p50"],
            f"{what}: endpoint has it, p99 s": lambda c, w=what: c["visible"][f"webhook, {w}"]["p99"],
            f"{what}: dollars of pushes": lambda c, w=what: c["pushes"][w]["sum"],
            f"{what}:   of these data transfer": lambda c, w=what: c["pushes"][w]["transfer"],
        }
    return rows | {"a message and a write per storefront instead: dollars": lambda c: c["dollars"]["naive"]["sum"]}


ROWS = _rows()


def _stated(found: dict[str, Any]) -> str:
    rules = "; ".join(f"{name}: {value}" for name, value in found["distribution"].items())
    setting = next(iter(found["columns"].values()))["visible"]["setting"]
    counted = "written: measured with 1 and with 1,000 storefronts configured; the consumers of a publication read no storefront's rule"
    return f"rules: {rules}\n{counted}\nvirtual time: " + ", ".join(f"{name} {value}" for name, value in setting.items())


def _index(index: dict[str, Any]) -> str:
    pages, search = index["pages"], index["search"]
    heads = [f"index of {index['cards']:,} cards", "count", "CPU-ms mean", "p50", "p95", "p99", "cards read, mean", "most"]
    costs = ("cpu_ms_mean", "cpu_ms_p50", "cpu_ms_p95", "cpu_ms_p99")
    rows = [
        [
            f"pages of 24, {index['rules']} storefronts",
            pages["pages"],
            *(f"{pages[c]:.2f}" for c in costs),
            pages["read_mean"],
            pages["read_max"],
        ],
        ["searches", search["searches"], *(f"{search[c]:.2f}" for c in costs), "", ""],
    ]
    return table(heads, rows)


def targets(found: dict[str, Any]) -> list[Target]:
    """Each number to reach, beside what was found."""
    first, last = found["columns"]["1"], list(found["columns"].values())[-1]
    writes = {what: last["written"][what]["writes"] / first["written"][what]["writes"] for what in CHANGES}
    return [
        Target("items written for a publication: most storefronts ÷ one", writes["published"], 1, "times"),
        Target("a publication: writes", last["written"]["published"]["wcu"], 8, "WCU"),
        Target("a publication with a picture: writes", last["written"]["with a picture"]["wcu"], 8, "WCU"),
        Target("a publication without pushes", last["dollars"]["published"]["sum"] * 1e6, 50, "$ a million × 1"),
        Target("signed deliveries, sockets stubbed", found["pace"]["deliveries_a_second"], 20_000, "a second and core", at_least=True),
        Target("cards read for a page of 24", found["index"]["pages"]["read_max"], found["index"]["pages"]["bound"], "cards"),
        Target("a page, warm, p50", found["index"]["pages"]["cpu_ms_p50"], 2, "CPU-ms"),
        Target("a search, p95", found["index"]["search"]["cpu_ms_p95"], 10, "CPU-ms"),
    ]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and 0 < abs(value) < 0.1:
        return f"{value:.7f}".rstrip("0") if value >= 1e-6 else f"{value:.1e}"
    return f"{value:,.2f}".removesuffix(".00") if isinstance(value, float) else f"{value:,}"
