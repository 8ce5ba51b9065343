"""docs/roles.md says who may call what; beyond it, what must never be widened by accident."""

import pytest

from app import services
from shared.api.operation import Operation
from tools.roles import PAGE, page

OPERATIONS: list[Operation] = [operation for service in services() for operation in service.operations]
OPEN = {
    "POST /v1/accounts", "POST /v1/accounts/confirmation", "POST /v1/sessions", "GET /v1/documents",
    "GET /v1/followed-order", "GET /v1/followed-order/shipments",
    "POST /v1/hooks/payments/{installation_id}", "POST /v1/hooks/couriers/{installation_id}", "POST /v1/hooks/clearing/{installation_id}",
}  # fmt: skip
"""What nobody need sign in for: to become somebody, a document or an order by its signed link, and providers' signed notices."""
MONEY_AND_GOODS = ("refunds", "capture", "label", "payout", "installations")
"""Words in the paths by which money is given back, taken or paid out, and goods are sent."""


def name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def test_the_page_says_what_the_routes_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make roles`, and read its diff: somebody may do more, or less, than before"


def test_nothing_else_is_public():
    assert {name(operation) for operation in OPERATIONS if operation.public and operation.refusal is None} == OPEN


BY_ONE_CLICK = "/notices/unsubscription"
"""What mail programs post to by themselves (RFC 8058): a signed link is all that says they may."""


def test_pages_are_of_shops_and_behind_mails_links_public_and_change_something_by_forms_of_ours_alone():
    """Nothing else that people read in a browser is there for anybody."""
    pages = [operation for operation in OPERATIONS if operation.refusal]
    assert pages
    assert {(page.public, page.path.split("/")[1]) for page in pages} == {(True, "shop"), (True, "notices")}
    assert {page.method for page in pages if page.form is None and page.path != BY_ONE_CLICK} == {"GET"}
    assert {page.method for page in pages if page.form is not None} <= {"POST"}


def test_a_public_key_only_reads():
    assert not [name(operation) for operation in OPERATIONS if operation.key == "browse" and operation.method != "GET"]


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method != "GET" and o.key], ids=name)
def test_a_usual_key_moves_no_money_back_and_no_goods(operation: Operation):
    assert operation.key == "manage" or not any(word in operation.path for word in MONEY_AND_GOODS)


def test_no_key_reaches_what_is_the_accounts_own():
    """Keys, identity, storefronts' rules, providers and their credentials, payouts, webhooks."""
    own = ("/v1/keys", "/verification", "-installations", "/v1/webhooks", "payout", "/suspension", "/reinstatement")
    assert not [name(o) for o in OPERATIONS if o.key and any(word in o.path for word in own)]
