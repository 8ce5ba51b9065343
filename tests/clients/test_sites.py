"""A stranger's site, in Node and in Python: it verifies, applies and never regresses, and in the end sells what the hub sells."""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from bench.fanout.schedules import Tally, compare, stranger
from functions.fanout.feed.feed_cursor import FeedCursor, start
from functions.fanout.feed.feed_page import Feed
from functions.fanout.storefront_view import ParsedChange, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.fanout.webhook_delivery.signed_delivery import Delivery, DeliveryWriter, Endpoint
from functions.fanout.webhooks.signing_secret import secret_text
from functions.fanout.webhooks.subscription import Subscription
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.signatures import Key, headers
from tests.clients.sites import CLIENTS, Site, feed, node_site, python_site, started
from tests.unit.fanout.world import World, shown

HUB_SECRET = "the hub's secret of webhooks, for tests"
SUBSCRIPTION = Subscription(
    id="whk_00000000000000000000000001", account_id="acc_1", storefront_id="sf_1", url="https://site.example.com/",
    types=("product.changed",), created_at="2026-11-01T12:00:00.000Z", fingerprint="",
)  # fmt: skip
SECRET = secret_text(HUB_SECRET, SUBSCRIPTION.id, 1)
ACTIONS = ("publish",) * 5 + ("recall", "recall", "stock", "stock", "rule", "rates")
STEPS = 60


@dataclass
class Hub:
    """A storefront's hub whose every state is told at once, however it then travels."""

    chance: random.Random
    world: World = field(default_factory=World)
    deliveries: list[Delivery] = field(default_factory=list)
    cursors: list[FeedCursor] = field(default_factory=list)
    """Where each page of the feed begins, as its reader was told."""

    def live(self, steps: int) -> None:
        for _ in range(steps):
            self.world.clock.tick(seconds=5)
            self.world.act(self.chance.choice(ACTIONS), self.chance.randrange(12), self.chance.randrange(1, 20), 0)
            self.world.land()
            self._tell()

    def _tell(self) -> None:
        view, now = self.world.view(), datetime.now(UTC)
        entries = [ChangeJson(change).entry(view) for change in self.world.log.kept.values() if change.version]
        self.deliveries += DeliveryWriter(now).changes(Endpoint(SUBSCRIPTION, HUB_SECRET, now), entries)

    def page(self, cursor: str) -> dict[str, Any]:
        """The feed as it is when it is read; the cursor says how many pages were."""
        self.world.settle()
        self.cursors = self.cursors or [start(self.world.view(), self.world.clock.now)]
        number = int(cursor or "0")
        found = Feed(self.world.log, self.world.log).page(self.cursors[number], self.world.view(), 3, self.world.clock.now)
        self.cursors[number + 1 :] = [found.cursor]
        return {"changes": found.entries, "next": str(number + 1), "more": found.more}


@pytest.fixture(scope="module", params=["python", "node"])
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "python":
        return python_site(folder)
    try:
        return node_site(folder)
    except RuntimeError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def hub() -> Hub:
    return Hub(random.Random(7))


@pytest.fixture
def site(command: tuple[list[str], Path], hub: Hub) -> Iterator[Site]:
    hub.live(10)
    with feed(hub.page) as url, started(*command, url, SECRET) as site:
        yield site


def sold(site: Site) -> dict[str, Any]:
    return {product_id: {k: v for k, v in product.items() if k != "currency_day"} for product_id, product in site.sells().items()}


def send(site: Site, delivery: Delivery) -> int:
    return site.deliver(delivery.request.headers, delivery.request.body)


def test_a_site_begins_with_all_that_its_storefront_sells(site: Site, hub: Hub):
    hub.world.settle()
    assert sold(site) == hub.world.sold()
    assert sold(site)


def test_doubled_late_and_shuffled_deliveries_end_in_what_the_hub_sells(site: Site, hub: Hub):
    hub.live(STEPS)
    late = [*hub.deliveries, *hub.chance.sample(hub.deliveries, len(hub.deliveries) // 2)]
    hub.chance.shuffle(late)
    assert {send(site, delivery) for delivery in late} == {204}
    assert sold(site) == hub.world.sold()


def test_what_is_old_never_replaces_what_is_newer(site: Site, hub: Hub):
    hub.live(STEPS)
    send(site, hub.deliveries[-1])
    for delivery in hub.deliveries:
        assert send(site, delivery) == 204
        assert sold(site) == hub.world.sold()


def forged(hub: Hub) -> dict[str, tuple[dict[str, str], bytes]]:
    """Deliveries that a site must refuse, by what is wrong with each."""
    body, good = (
        b'{"type":"product.changed","timestamp":"x","data":{"changes":[{"type":"removal","product_id":"p","sequence":"9"}]}}',
        Key(SECRET),
    )
    now = int(time.time())
    signed = headers([good], "msg_1", now, body)
    other = headers([Key(secret_text("another hub's secret of webhooks", SUBSCRIPTION.id, 1))], "msg_1", now, body)
    return {
        "another's secret": (other, body),
        "ten minutes old": (headers([good], "msg_1", now - 600, body), body),
        "ten minutes ahead": (headers([good], "msg_1", now + 600, body), body),
        "its body changed": (signed, body.replace(b"removal", b"upsert!")),
        "its id changed": (signed | {"webhook-id": "msg_2"}, body),
        "its time changed": (signed | {"webhook-timestamp": str(now + 1)}, body),
        "no signature": ({k: v for k, v in signed.items() if k != "webhook-signature"}, body),
        "no headers": ({}, body),
        "a signature without a comma": (signed | {"webhook-signature": "v1"}, body),
        "a signature that is no base64": (signed | {"webhook-signature": "v1,%%%"}, body),
        "another scheme": (signed | {"webhook-signature": signed["webhook-signature"].replace("v1,", "v2,")}, body),
        "a time that is none": (signed | {"webhook-timestamp": "nan"}, body),
        "a body that is no text": (signed, b"\xff\xfe"),
        "an empty body": (signed, b""),
    }


def test_forged_stale_and_broken_deliveries_are_refused_and_change_nothing(site: Site, hub: Hub):
    before = sold(site)
    refused = {what: site.deliver(*delivery) for what, delivery in forged(hub).items()}
    assert set(refused.values()) == {400}, refused
    assert sold(site) == before
    hub.live(1)
    assert send(site, hub.deliveries[-1]) == 204


def test_what_the_public_package_signs_and_two_secrets_at_once_are_taken(site: Site, hub: Hub):
    now, body = datetime.now(UTC).replace(microsecond=0), b'{"type":"ping","timestamp":"x","data":{}}'
    public = {
        "webhook-id": "m",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("m", now, body.decode()),
    }
    assert site.deliver(public, body) == 204
    rotated = SUBSCRIPTION.model_copy(update={"generation": 2, "rotations": (("rot_1", rfc3339(now - timedelta(hours=1))),)})
    both = DeliveryWriter(now).delivery(Endpoint(rotated, HUB_SECRET, now), "msg_9", "ping", b"{}")
    assert len(both.request.headers["webhook-signature"].split()) == 2
    assert send(site, both) == 204


apply: Callable[..., None] = stranger()


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_any_schedule_of_what_was_told_converges(seed: int, chance: random.Random):
    """Each state is told at least once; what is told travels doubled, late and in any order."""
    hub, told, held = Hub(random.Random(seed)), [], {}
    for _ in range(chance.randrange(1, 15)):
        hub.world.clock.tick(seconds=5)
        hub.world.act(chance.choice(ACTIONS), chance.randrange(4), chance.randrange(1, 20), 0)
        hub.world.land()
        told += [entry(ParsedChange(change), hub.world.view()) for change in hub.world.log.kept.values() if change.version]
    travelling = [*told, *chance.choices(told, k=len(told) // 2)] if told else []
    chance.shuffle(travelling)
    while travelling:
        some = [travelling.pop() for _ in range(min(len(travelling), chance.randrange(1, 5)))]
        before = {product_id: change["sequence"] for product_id, change in held.items()}
        apply(held, some)
        assert all(held[product_id]["sequence"] >= sequence for product_id, sequence in before.items())
    assert {p: shown(c) for p, c in held.items() if c["type"] == "upsert"} == hub.world.sold()


def test_schedules_of_the_hubs_own_planner_delivery_and_catch_up_lose_nothing_at_the_site():
    found = compare(range(10**6, 10**6 + 250))
    assert (found.schedules, found.lost, found.regressed) == (250, 0, 0)
    assert found.doubled_or_late > 250
    assert found.sites == 500


def test_the_schedules_notice_a_site_that_applies_whatever_comes():
    from bench.fanout.schedules import held as held_by

    def rash(held: dict[str, Any], changes: Any) -> None:
        for change in changes:
            held[change["product_id"]] = change

    tally = Tally()
    held_by([{"product_id": "p", "sequence": s, "type": "removal"} for s in ("2", "1")], rash, tally)
    assert tally.regressed == 1


@pytest.mark.parametrize("path", ["node/site.mjs", "python/site.py"])
def test_a_site_has_at_most_30_lines_of_code_and_one_package_that_is_not_the_languages(path: str):
    text = (CLIENTS / path).read_text()
    assert len([line for line in text.splitlines() if not re.fullmatch(r'\s*((//|#|""").*)?', line)]) <= 30
    assert not re.search(r"from (functions|shared)|\.\./", text)
