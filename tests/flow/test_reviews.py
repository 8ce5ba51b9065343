"""What a person must decide: it is listed for whoever decides, and the decision reaches who waits for it."""

import uuid

import pytest

from tests.flow.market import CASH, TABLE_RATE, Market, eventually, product

pytestmark = pytest.mark.xdist_group("hub")
LEADS_AWAY = {"texts": {"en": {"title": "Walnut bowl", "description": "Write to me@elsewhere.example"}}}


def test_who_waits_to_be_verified_is_listed_for_an_operator(market: Market):
    email = f"{uuid.uuid4().hex[:10]}@market.example"
    person = market.people.sign_in(email, "supplier")
    claim = {"legal_name": "Walnut Ltd", "country": "GB", "registration_number": "12345678"}
    made = person.hub.post("/v1/account/verification", claim, key=email)
    ver_id, operator = made["verification_id"], market.operator.hub
    listed = eventually(lambda: {v["verification_id"]: v for v in operator.all("/v1/verifications")}.get(ver_id))
    assert listed["account_id"] == person.account_id
    decision = {"verification_id": ver_id, "decision": "refuse", "reason": "the number is another's"}
    operator.ask("POST", f"/v1/verifications/{person.account_id}/decision", decision)
    assert person.hub.get("/v1/account/verification")["reason"] == "the number is another's"


def test_a_refused_product_is_appealed_listed_for_an_auditor_and_on_sale_when_approved(market: Market):
    hub, auditor = market.supplier.hub, market.operator.hub
    product_id = hub.post("/v1/products", product(**LEADS_AWAY))["product_id"]
    eventually(lambda: hub.get(f"/v1/products/{product_id}")["status"] == "refused")
    assert hub.post(f"/v1/products/{product_id}/appeal", {"reason": "it is the maker's mark"})["status"] == "held"
    waiting = eventually(lambda: {r["product_id"]: r for r in auditor.all("/v1/reviews")}.get(product_id))
    assert (waiting["is_appeal"], waiting["supplier_id"]) == (True, market.supplier.account_id)
    decision = {"supplier_id": market.supplier.account_id, "version": waiting["version"], "decision": "approve", "reason": "so it is"}
    auditor.ask("POST", f"/v1/reviews/{product_id}/decision", decision)
    assert market.offer(market.shop([CASH], [TABLE_RATE]), product_id)
