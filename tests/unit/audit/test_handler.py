import json
from dataclasses import replace

import pytest

from functions.audit import handler
from functions.audit.bootstrap import AddressSettings, Services, Settings
from functions.audit.consumers import failures
from shared.api.service import Service
from shared.bus import envelope
from shared.optimistic_retry import AT_ONCE
from shared.trade.reference_data import Reference, load
from tests.fakes import NOON, TICKETS, FakeObjects, call, caller, sqs
from tests.unit.audit.given import GOODS, WORDS_EN, WORDS_ZH, product, submitted

AUDITOR, SUPPLIER = caller("acc_a", "auditor"), caller("acc_1", "supplier")
HELD, BANNED = submitted(product("A pistol", sku="p")), submitted(product("Brass knuckles", sku="b"))


@pytest.fixture
def bucket():
    """A reference bucket without lists."""
    return FakeObjects()


@pytest.fixture
def audit(make_table, bucket):
    """The service's parts, on a table of their own."""
    return Services(
        Settings(make_table("audit")), AddressSettings("https://media.example"), tickets=TICKETS, reference=Reference(bucket), retry=AT_ONCE
    )


@pytest.fixture
def app(audit):
    return Service("audit", lambda: audit, handler.ROUTES)


@pytest.fixture
def deliver(audit):
    """Lets the worker hear of events, or of bodies as they are."""
    worker = replace(handler.worker, services=lambda: audit)
    return lambda *events: worker(sqs(*(e if isinstance(e, str) else envelope(e, NOON) for e in events)), None)


@pytest.fixture
def lists(bucket):
    load(bucket, "taxonomy/en", "1", [["hg", "Home & Garden"]])
    load(bucket, "words/en", "1", WORDS_EN)
    load(bucket, "words/zh", "1", WORDS_ZH)
    load(bucket, "dangerous-goods", "1", GOODS)


def test_without_the_operators_lists_every_record_comes_again_and_nothing_is_decided(deliver, app):
    assert deliver(HELD, BANNED) == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    assert call(app, "GET", "/v1/reviews", by=AUDITOR).body["items"] == []


def test_a_record_that_cannot_be_read_fails_alone(lists, deliver):
    unknown = json.dumps({"type": "monsoon.unknown.v1", "data": {}})
    assert deliver(HELD, "not json", unknown) == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}


def test_a_submission_that_cannot_be_audited_fails_alone():
    def audit(events):
        if HELD in events:
            raise RuntimeError

    assert failures({"0": HELD, "1": BANNED}, audit) == ["0"]


def test_the_queue_shows_what_is_held_and_pages(lists, deliver, app):
    deliver(HELD, submitted(product("Two pistols", sku="q")), BANNED)
    page = call(app, "GET", "/v1/reviews", query={"limit": "1"}, by=AUDITOR)
    rest = call(app, "GET", "/v1/reviews", query={"limit": "1", "cursor": page.body["next"]}, by=AUDITOR)
    shown = page.body["items"] + rest.body["items"]
    assert sorted(item["title"] for item in shown) == ["A pistol", "Two pistols"]
    assert shown[0]["codes"] == ["prohibited-word"]
    assert shown[0]["supplier_id"] == "acc_1"


@pytest.fixture
def decide(app):
    def send(event, by=AUDITOR, **body):
        said = {"supplier_id": "acc_1", "version": 1, "decision": "approve", "reason": "a toy"} | body
        return call(app, "POST", "/v1/reviews/{product_id}/decision", path={"product_id": event.product_id}, body=said, by=by)

    return send


def test_an_auditor_reads_a_review_and_decides_once(lists, deliver, app, decide):
    deliver(HELD)
    path = {"product_id": HELD.product_id}
    review = call(app, "GET", "/v1/reviews/{product_id}", path=path, query={"supplier": "acc_1"}, by=AUDITOR)
    assert (review.body["status"], review.body["product"]["sku"]) == ("held", "p")
    assert decide(HELD).body["status"] == "approved"
    assert decide(HELD).status == 200
    assert (decide(HELD, reason="no").status, decide(HELD, reason="no").body["type"]) == (409, "urn:monsoon:problem:already-decided")
    assert decide(HELD, version=2).status == 409


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "refuse"},
        {"code": "weapon"},
        {"version": 0},
        {"reason": ""},
        {"decision": "perhaps"},
        {"code": "Not A Code", "decision": "refuse"},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(lists, body, deliver, decide):
    deliver(HELD)
    assert decide(HELD, **body).status == 422


def test_a_supplier_sees_its_own_verdict_and_nobody_elses(lists, deliver, app, decide):
    deliver(BANNED)
    path = {"product_id": BANNED.product_id}
    own = call(app, "GET", "/v1/products/{product_id}/verdict", path=path, by=SUPPLIER)
    assert (own.body["status"], own.body["code"], own.body["findings"][0]["field"]) == ("refused", "prohibited-word", "/texts/en/title")
    assert call(app, "GET", "/v1/products/{product_id}/verdict", path=path, by=caller("acc_2", "supplier")).status == 404
    assert call(app, "GET", "/v1/reviews", by=SUPPLIER).status == 403
    assert decide(BANNED, by=SUPPLIER).status == 403


def test_an_appeal_goes_to_the_queue_and_its_replay_answers_the_same(lists, deliver, app, decide):
    deliver(BANNED)

    def appeal(key="k", reason="a film prop"):
        path, headers = {"product_id": BANNED.product_id}, {"idempotency-key": key}
        return call(app, "POST", "/v1/products/{product_id}/appeal", path=path, body={"reason": reason}, headers=headers, by=SUPPLIER)

    first = appeal()
    assert (first.status, first.body["status"]) == (200, "held")
    assert appeal().body == first.body
    assert (appeal(reason="other").status, appeal(key="new").status) == (422, 409)
    assert call(app, "GET", "/v1/reviews", by=AUDITOR).body["items"][0]["is_appeal"] is True
    assert decide(BANNED, decision="refuse", code="weapon").body["status"] == "refused"


def test_an_unknown_product_and_a_forged_cursor_are_problems(lists, app, decide):
    assert decide(HELD).status == 404
    assert call(app, "GET", "/v1/reviews", query={"cursor": "forged"}, by=AUDITOR).status == 400
    path = {"product_id": "prd_" + "0" * 3000}
    assert call(app, "GET", "/v1/products/{product_id}/verdict", path=path, by=SUPPLIER).status == 404
