"""One attempt at each endpoint; who fails costs nobody else anything. And what the log keeps of it."""

import random
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.fanout.product_change import ProductChange
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, ShardJob
from functions.fanout.webhook_delivery.delivery_log import LOOKED_THROUGH, DeliveryAttempt, ShardRecord, attempts_page, packed, unpacked
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from functions.fanout.webhook_delivery.subscription_shards import KEPT_SHARDS
from monsoon_plugin.outbound.call import Failure, Outcome, Request
from tests.fakes import FakeClock
from tests.unit.fanout.webhook_delivery.model import Hub
from tests.unit.fanout.world import published


def hub(sites: int = 3, post_all: PostAll | None = None) -> Hub:
    made = Hub(random.Random(1), sites, rough=False, post_all=post_all)
    for n, subscription in enumerate(made.subscriptions):
        made.store.kept[subscription.tenant, subscription.id] = subscription.model_copy(update={"shard": 0})
        made.store.copies[subscription.id] = (made.store.kept[subscription.tenant, subscription.id], 1)
        assert n < sites
    return made


def change(made: Hub, number: int = 1, version: int = 1) -> ShardJob:
    made.world.log.keep(ProductChange.published(published(f"prd_{number}", version), made.clock.now))
    return ShardJob(id=made._id(made.clock.now), shard=0, product_ids=[f"prd_{number}"])


class Sockets:
    """The sender in virtual time: 200 calls at once; `slow` endpoints hang for the five seconds that a call may take."""

    def __init__(self) -> None:
        self.clock, self.slow, self.took = FakeClock(), set[str](), dict[str, float]()

    def __call__(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        free, outcomes = [0.0] * 200, []
        for request in requests:
            start = min(free)
            seconds = 5.0 if request.url in self.slow else 0.05
            free[free.index(start)] = start + seconds
            self.took[request.url] = start + seconds
            hung = request.url in self.slow
            outcomes.append(Outcome(None if hung else 204, Failure.TIMEOUT if hung else None, "", int(seconds * 1000), None))
        self.clock.tick(seconds=max(free))
        return outcomes


def test_endpoints_that_hang_delay_nobody_else_and_are_not_tried_inline_again():
    sockets = Sockets()
    made = hub(1000, sockets)
    sockets.clock, sockets.slow = made.clock, (slow := set(list(made.sites)[:150]))
    made.workers[0].tell_shard(change(made))
    assert max(seconds for url, seconds in sockets.took.items() if url not in slow) < 1
    sockets.took.clear()
    made.workers[1].tell_shard(change(made, 2))
    assert (len(sockets.took), max(sockets.took.values()) < 1) == (850, True)


def test_a_message_to_a_shard_is_logged_as_one_record_and_each_failure_as_an_attempt():
    made = hub()
    next(iter(made.sites.values())).down = True
    made.workers[0].tell_shard(change(made))
    ((record,),) = made.store.records_of.values()
    assert len(record.done) == 2 * 12
    ((failed,),) = made.store.tried.values()
    assert (failed.status, failed.changes, failed.id) == (500, 1, record.id)


def test_a_process_reads_routes_anew_only_when_the_head_has_risen():
    made, reads = hub(), []
    read = made.store.routes
    made.store.routes = lambda shard: reads.append(shard) or read(shard)  # type: ignore[method-assign, func-returns-value]
    for n in range(5):
        made.workers[0].tell_shard(change(made, n))
    assert reads == [0]
    made.store.touch(0)
    made.workers[0].tell_shard(change(made, 9))
    assert reads == [0, 0]
    for shard in range(1, KEPT_SHARDS + 1):
        made.workers[0].routes.targets(shard)
    assert len(made.workers[0].routes._kept) == KEPT_SHARDS


def test_an_event_goes_to_those_who_asked_for_its_type_and_a_lagging_one_gets_it_by_its_catch_up():
    made = hub(2)
    first, second = made.sites.values()
    first.down = True
    place = "2026-11-01T12:00:00.000Z#evt_1"
    job = EventJob(tenant="acc_1#sf_1", id="ord_1:1", type="order.placed", place=place, told='{"order_id":"ord_1"}')
    made.store.keep_event(job.event)
    made.work(job)
    made.work(job.model_copy(update={"type": "order.paid"}))
    assert ([d["type"] for d in second.events], first.events) == (["order.placed"], [])
    first.down = False
    made.run(made.clock.now + timedelta(minutes=3))
    assert {d["data"]["order_id"] for d in first.events} == {"ord_1"}
    assert made.settled


def test_an_endpoint_that_stays_down_is_disabled_after_the_schedule_and_its_owner_told_once():
    made = hub(1)
    (site,) = made.sites.values()
    site.down = True
    made.work(change(made))
    made.run(made.clock.now + timedelta(days=2))
    (state,) = {s.state for s in made.store.kept.values()}
    assert (state, made.store.notices) == ("lagging", [])
    made.run(made.clock.now + timedelta(days=3))
    (found,) = made.store.kept.values()
    assert (found.state, len(made.store.notices), len(made.store.tried[found.tenant, found.id])) == ("disabled", 1, 10)


def failed(attempt_id: str) -> DeliveryAttempt:
    return DeliveryAttempt(id=attempt_id, at="", type="ping", status=500, error="", ms=1, snippet="", changes=0, first="", last="")


ids = st.lists(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26), unique_by=lambda one: one[-8:], max_size=30)


@given(ids, st.integers(200, 299), st.integers(0, 10**6), st.integers(0, 100))
def test_a_record_gives_back_what_was_packed(found: list[str], status: int, ms: int, changes: int):
    done = packed((f"whk_{one}", status, ms, changes) for one in found)
    for one in found:
        assert unpacked(done, f"whk_{one}") == (status, min(ms, 65_535), changes)
    assert unpacked(done, "whk_" + "-" * 26) is None


@given(st.lists(st.booleans(), max_size=3 * LOOKED_THROUGH), st.integers(1, 20))
def test_pages_of_the_log_name_each_attempt_once_newest_first(shapes: list[bool], limit: int):
    made = hub(1)
    subscription = made.subscriptions[0]
    wanted = []
    for n, own in enumerate(shapes):
        attempt_id = f"dlv_{n:026d}"
        if own:
            made.store.log(subscription.tenant, subscription.id, failed(attempt_id))
        else:
            mine = [(subscription.id, 204, 1, 1)] if n % 3 else []
            made.store.record(0, ShardRecord(attempt_id, "", "", "", packed(mine)))
        if own or n % 3:
            wanted.append(attempt_id)
    read, before = list[str](), ""
    while True:
        found, following = attempts_page(made.store, (subscription.tenant, subscription.id, 0), "product.changed", before, limit)
        read += [attempt.id for attempt in found]
        if following is None:
            break
        before = following
    assert read == wanted[::-1]
