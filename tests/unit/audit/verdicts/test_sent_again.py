"""A person's decision that is sent again after a lost answer is answered as the first was."""

from contextlib import suppress

import pytest

from functions.audit.verdicts.audit_service import AuditService
from functions.audit.verdicts.verdict import Decision, Verdict
from functions.audit.verdicts.verdict_store import VerdictStore
from tests.dynamodb import losing_answer
from tests.fakes import FakeClock
from tests.unit.audit.given import audit_service, product, submitted

HELD = submitted(product("A pistol"))
YES = Decision(version=1, status="approved", reason="a toy", by="acc_auditor")
NO = Decision(version=1, status="refused", reason="a weapon", code="weapon", by="acc_auditor")


class Repeating(VerdictStore):
    """Each write is sent twice, as AWS's client does when it heard no answer: the second meets the first."""

    def replace(self, verdict: Verdict, before: Verdict) -> bool:
        super().replace(verdict, before)
        return super().replace(verdict, before)


@pytest.fixture
def service(make_table) -> AuditService:
    made = audit_service(VerdictStore(make_table("audit"), FakeClock()), FakeClock())
    made.apply_rules([HELD])
    return made


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("decision", [YES, NO])
def test_after_any_lost_answer_the_same_again_is_answered_as_the_first(service: AuditService, decision: Decision, number: int) -> None:
    with losing_answer(number), suppress(ConnectionError):
        service.decide("acc_1", HELD.product_id, decision)
    decided = service.decide("acc_1", HELD.product_id, decision)
    assert decided.status == decision.status
    assert decided == service.decide("acc_1", HELD.product_id, decision) == service.verdict("acc_1", HELD.product_id)


def test_a_decision_whose_write_was_repeated_is_taken(service: AuditService) -> None:
    again = audit_service(Repeating("audit-test", FakeClock()), FakeClock())
    assert again.decide("acc_1", HELD.product_id, YES).status == "approved"
