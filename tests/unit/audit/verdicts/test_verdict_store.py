import json
from dataclasses import replace

import pytest

from functions.audit.verdicts.verdict_store import VerdictStore
from shared.aws.packing import unpacked
from tests.conftest import aws
from tests.fakes import FakeClock
from tests.unit.audit.given import LISTS, audit_service, product, submitted

CLEAN, HELD, BANNED = product(), product("A pistol", sku="p"), product("Brass knuckles", sku="b")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(make_table, clock):
    return VerdictStore(make_table("audit"), clock)


@pytest.fixture
def service(store, clock):
    return audit_service(store, clock)


def audit(service, *events):
    service.apply_rules(events)


def items():
    return aws("dynamodb").scan(TableName="audit-test")["Items"]


def test_a_verdict_comes_back_as_it_was_written(service, store, clock):
    events = [submitted(CLEAN), submitted(HELD), submitted(BANNED)]
    audit(service, *events)
    verdicts, holders = store.read([("acc_1", e.product_id) for e in events])
    assert holders == {}
    assert [verdicts[e.product_id].product for e in events] == [CLEAN, HELD, BANNED]
    assert [verdicts[e.product_id].status for e in events] == ["approved", "held", "refused"]
    assert verdicts[events[1].product_id].findings[0].code == "prohibited-word"


def test_change_and_event_are_one_item_and_an_approved_product_is_stored_once(service):
    audit(service, submitted(CLEAN, version=3))
    verdict = next(item for item in items() if item["sk"]["S"] == "verdict")
    event = json.loads(unpacked(verdict["event"]))
    assert (event["type"], event["data"]["version"]) == ("monsoon.product.approved.v1", 3)
    assert "product" not in verdict


def test_only_what_awaits_a_person_is_in_the_queue(service):
    audit(service, submitted(CLEAN), submitted(HELD), submitted(BANNED))
    assert [item["pk"]["S"] for item in items() if "open_pk" in item] == [f"acc_1#{submitted(HELD).product_id}"]


def test_the_queue_is_paged_oldest_first_and_forgets_what_is_decided(service, store, clock):
    events = [submitted(product("A pistol", f"number {n}", sku=f"p{n}")) for n in range(5)]
    for event in events:
        audit(service, event)
        clock.tick(seconds=1)
    first, place = store.waiting("", 2)
    second, place = store.waiting(place, 2)
    third, end = store.waiting(place, 2)
    assert [v.product_id for v in (*first, *second, *third)] == [e.product_id for e in events]
    assert end is None
    held = first[0]
    assert store.replace(replace(held, status="approved", decided_by="acc_9"), held)
    assert [v.product_id for v in store.waiting("", 100)[0]] == [e.product_id for e in events[1:]]


def test_a_verdict_or_claim_that_changed_since_it_was_read_is_not_overwritten(service, store):
    event = submitted(HELD)
    audit(service, event)
    held = service.verdict("acc_1", event.product_id)
    audit(service, submitted(HELD, version=2))
    assert not store.replace(replace(held, status="approved"), held)
    late = service.rulings([submitted(product("A cup", sku="c")), submitted(product("A jug", sku="j"))], LISTS)
    audit(service, submitted(product("A cup"), "acc_2"))
    assert not store.write(late)
    assert not store.write(late[:1])
    assert service.verdict("acc_2", submitted(CLEAN, "acc_2").product_id).version == 1


def test_a_whole_batch_lands_and_again_changes_nothing(service):
    events = [submitted(product(f"Bowl {n}", sku=f"s{n}")) for n in range(20)]
    audit(service, *events)
    before = items()
    audit(service, *events)
    assert len(before) == 40
    assert items() == before


def test_a_first_verdict_does_not_overwrite_that_of_a_newer_version_which_came_between(service, store):
    late = service.rulings([submitted(product("A cup", sku="c")), submitted(product("A jug", sku="j"))], LISTS)
    audit(service, submitted(product("A better cup", sku="c"), version=2))
    assert not store.write(late)
    assert not store.write(late[:1])
    assert service.verdict("acc_1", submitted(product(sku="c")).product_id).version == 2
