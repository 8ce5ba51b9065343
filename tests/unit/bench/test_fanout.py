"""The market is the same for the same numbers, its dollars follow the price file, and its virtual time the stated latencies."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.fanout.__main__ import PRICES
from bench.fanout.dollars import Prices
from bench.fanout.market import SHARES, Market
from bench.fanout.pushing import Scale, Story, Work, Worker, planned, shard_work
from bench.fanout.timing import Load, Setting, visible
from functions.fanout.storefront_view import ParsedChange
from shared.trade.fx import Rates
from shared.trade.selling_rule import Rule
from tests.conftest import ROOT

RATES = Rates("2026-10-30", {"USD": "1.1172", "GBP": "0.8781", "CNY": "7.9912"})
COST = {"writes": 5, "wcu": 8, "rcu": 1, "sns": 2, "sqs": 5}
QUIET = Setting(stream_poll=(0, 0), sns_sqs=(10, 10), sqs_lambda=(10, 10), dynamodb=(10, 10), index_lag=(10, 10), cold_share=0,
                send_batch=(10, 10), endpoint=(100, 100), post_cpu_ms=0)  # fmt: skip


@pytest.fixture(scope="module")
def taxonomy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = {"hg": "Home", "hg-1": "Home > Lamps", "hg-1-1": "Home > Lamps > Desk Lamps", "tg": "Toys", "tg-2": "Toys > Kites"}
    lines = [f"gid://shopify/TaxonomyCategory/{category} : {name}" for category, name in names.items()]
    path = tmp_path_factory.mktemp("taxonomy") / "categories.txt"
    path.write_text("\n".join(lines))
    return path


def test_the_same_numbers_give_the_same_market(taxonomy: Path):
    first, second = Market(taxonomy), Market(taxonomy)
    assert first.product(7) == second.product(7) != first.product(8)
    assert [r.selection for r in first.rules(3, 20)] == [r.selection for r in second.rules(3, 20)]
    assert [r.selection for r in first.rules(4, 20)] != [r.selection for r in first.rules(3, 20)]


def test_storefronts_choose_as_the_stated_shares_say(taxonomy: Path):
    rules = list(Market(taxonomy).rules(0, 4000))

    def share(wanted: set[str]) -> float:
        chosen = ("categories", "suppliers", "tags", "words")
        return sum({name for name in chosen if getattr(rule.selection, name)} == wanted for rule in rules) / 40

    assert abs(share({"categories"}) - SHARES["one subtree"] - SHARES["several subtrees"] - SHARES["a whole vertical"]) < 2
    assert abs(share({"suppliers"}) - SHARES["suppliers"]) < 2
    assert abs(share({"tags"}) + share({"words"}) - SHARES["tags or words"]) < 2
    assert abs(share(set()) - SHARES["everything"] - SHARES["a price band alone"]) < 2


def test_a_shard_is_told_exactly_what_its_rules_want(taxonomy: Path):
    market = Market(taxonomy)
    rules: list[Rule] = list(market.rules(0, 300))
    worker, wanted, delivered = Worker(rules, 0, RATES), 0, 0
    for what, change in Story(market, 5).changes():
        told = worker.tell(change)
        if what == "published":
            facts = ParsedChange(change).facts
            assert facts is not None
            wanted, delivered = wanted + sum(rule.sale(facts, RATES) is not None for rule in rules), int(delivered + told.deliveries)
    assert wanted == delivered > 0


def test_work_is_counted_over_all_changes_and_messages_grow_with_shards_alone(taxonomy: Path):
    found = shard_work(Scale(taxonomy, 1, 50, 3, RATES), 0)
    assert {what: (done.jobs, done.looked_at) for what, done in found.items()} == {
        "opened": (1, 50), "published": (3, 150), "recalled": (3, 150),
    }  # fmt: skip
    assert [planned(n)["messages_for_1"] for n in (1, 1000, 1001, 10**6)] == [1, 1, 2, 1000]
    assert planned(10**6)["messages_for_100"] == 1000


def test_dollars_follow_the_price_file():
    prices = Prices(json.loads(PRICES.read_text()))
    found = prices.publication(COST)
    assert found["DynamoDB"] == pytest.approx(8 * 0.625e-6 + 0.125e-6)
    assert found["SNS"] == pytest.approx(1e-6)
    assert found["SQS"] == pytest.approx(5 * 3 * 0.4e-6)
    assert found["sum"] == pytest.approx(sum(value for name, value in found.items() if name != "sum"))
    assert 1.8 < prices.naive(10**6)["sum"] < 2.5
    load = Load(shards=10, size=1000, deliveries=40, cpu_ms=10, opening_cpu_ms=40)
    pushes = prices.pushes(load, Work(10, 10_000, 400, 400_000, 0.1), Setting())
    assert pushes["transfer"] == pytest.approx(400_000 / 1e9 * 0.09)
    assert pushes["SQS"] == pytest.approx(10 * 3 * 0.4e-6)


def test_virtual_time_adds_up():
    one = Load(shards=1, size=1000, deliveries=100, cpu_ms=50, opening_cpu_ms=0)
    told = visible(QUIET, {"published": one}, samples=200)
    assert told["feed"]["p50"] == pytest.approx(5.05, abs=0.01)
    # poll 0 + 10 + 10 + 10 + 10, window 2 s, 10 + 10 + 10, two reads of 10, CPU 50, endpoint 100
    assert told["webhook, published"] == {"p50": pytest.approx(2.24, abs=0.02), "p99": pytest.approx(2.24, abs=0.02)}


def test_more_shards_than_workers_wait_for_one_another():
    few = Setting(
        **{**{name: getattr(QUIET, name) for name in ("stream_poll", "endpoint", "send_batch")}, "concurrency": 10, "every_s": 1000}
    )
    load = Load(shards=100, size=1000, deliveries=100, cpu_ms=1000, opening_cpu_ms=0)
    narrow = visible(few, {"published": load}, samples=200, events=2)["webhook, published"]
    wide = visible(Setting(every_s=1000), {"published": load}, samples=200, events=2)["webhook, published"]
    assert narrow["p99"] > 10 > wide["p50"]


@pytest.mark.thorough
def test_a_publication_runs_through_the_five_services_and_costs_the_same_for_one_storefront_and_for_some(taxonomy: Path):
    """In a process of its own: the meter counts in every session that is made after it."""
    script = f"""
import json, pathlib
from bench.fanout.market import Market
from bench.fanout.publishing import publish
print(json.dumps(publish(Market(pathlib.Path({str(taxonomy)!r})), [1, 3], lambda text: None)))"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    one, some = json.loads(done.stdout).values()
    assert one == some
    assert (one["published"]["writes"], one["published"]["wcu"]) == (6, 8)
    assert (one["with a picture"]["writes"], one["with a picture"]["wcu"]) == (6, 8)
