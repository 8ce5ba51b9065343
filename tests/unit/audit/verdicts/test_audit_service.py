from contextlib import nullcontext
from dataclasses import replace

import pytest

from functions.audit.verdicts.audit_service import AuditService
from functions.audit.verdicts.duplicates import former_fingerprint_of
from functions.audit.verdicts.ruling import FirstHolder
from functions.audit.verdicts.verdict import (
    AlreadyDecided,
    AppealedBefore,
    ChangedMeanwhile,
    Decision,
    NotRefused,
    OwnProduct,
    VersionMovedOn,
)
from shared.api.idempotency import KeyReused
from shared.errors import NotFound, Unavailable
from shared.messages import ProductApproved, ProductDelisted, ProductHeld, ProductRefused, ProductSubmitted
from shared.optimistic_retry import AT_ONCE, ATTEMPTS
from tests.fakes import FakeClock
from tests.unit.audit.given import FakeVerdicts, audit_service, product, request, submitted

CLEAN, HELD, BANNED = product(), product("A pistol"), product("Brass knuckles")
AUDITOR = "acc_auditor"
YES = Decision(version=1, status="approved", reason="a toy", by=AUDITOR)
NO = Decision(version=1, status="refused", reason="a weapon", code="weapon", remedy="Do not sell it", by=AUDITOR)


@pytest.fixture
def store() -> FakeVerdicts:
    return FakeVerdicts()


@pytest.fixture
def service(store: FakeVerdicts) -> AuditService:
    return audit_service(store, FakeClock())


def audited(service: AuditService, *events):
    service.apply_rules(events)
    return [service.verdict(event.supplier_id, event.product_id) for event in events]


@pytest.mark.parametrize(
    ("what", "message", "code"),
    [(CLEAN, ProductApproved, ""), (HELD, ProductHeld, "prohibited-word"), (BANNED, ProductRefused, "prohibited-word")],
)
def test_a_verdict_carries_its_event_with_the_submissions_version(service, what, message, code):
    (verdict,) = audited(service, submitted(what, version=7))
    assert isinstance(verdict.event, message)
    assert (verdict.event.version, verdict.code) == (7, code)


def test_the_same_submission_again_or_an_older_one_writes_nothing(service, store):
    audited(service, submitted(CLEAN, version=2))
    writes = store.writes
    (verdict,) = audited(service, submitted(BANNED, version=1))
    audited(service, submitted(CLEAN, version=2))
    assert (verdict.status, verdict.version, store.writes) == ("approved", 2, writes)


def test_of_two_versions_in_a_batch_the_newer_is_audited_whatever_their_order(service):
    for events in ([1, 2], [2, 1]):
        bowl = product(f"Bowl {events}")
        _, verdict = audited(service, *(submitted(bowl if v == 2 else BANNED, f"acc_{events[0]}", v) for v in events))
        assert (verdict.version, verdict.status) == (2, "approved")


def test_a_product_writes_a_verdict_and_a_claim_and_its_new_stock_only_a_verdict(service, store):
    audited(service, submitted(CLEAN))
    assert store.writes == 2
    audited(service, submitted(product(stock=9), version=2))
    assert store.writes == 3


def test_the_same_product_under_another_sku_or_from_another_supplier_goes_to_a_person_who_learns_of_the_first(service):
    first = submitted(CLEAN)
    twins = [submitted(product(sku="SKU-2")), submitted(CLEAN, "acc_2")]
    audited(service, first)
    own, anothers = audited(service, *twins)
    for verdict in (own, anothers):
        assert (verdict.status, verdict.code) == ("held", "duplicate")
        assert first.product_id in verdict.evidence
    assert CLEAN.sku in own.evidence
    assert CLEAN.sku not in anothers.evidence, "what another supplier calls it is its own affair"


def test_who_decides_is_shown_the_product_that_came_first_as_long_as_there_is_one(service):
    first, twin = submitted(CLEAN), submitted(CLEAN, "acc_2")
    audited(service, first)
    (verdict,) = audited(service, twin)
    named = service.named_by(verdict)
    assert (named.product_id, named.product.sku) == (first.product_id, CLEAN.sku)
    (alone,) = audited(service, submitted(product("Oak bowl", sku="OAK")))
    assert service.named_by(alone) is None


@pytest.mark.parametrize("codes", [{"gtin": "4006381333931"}, {"brand": "Sony", "mpn": "X1"}])
def test_another_suppliers_offer_of_the_same_codes_is_no_duplicate_and_ones_own_is(service, codes):
    coded = product(**codes)
    own = submitted(coded.model_copy(update={"sku": "SKU-2"}))
    assert [v.status for v in audited(service, submitted(coded), submitted(coded, "acc_2"), own)] == ["approved", "approved", "held"]


def test_the_same_title_alone_says_how_the_supplier_confirms_that_it_is_the_same_thing(service):
    audited(service, submitted(CLEAN))
    (verdict,) = audited(service, submitted(CLEAN, "acc_2"))
    assert (verdict.status, "GTIN" in verdict.remedy) == ("held", True)


def test_duplicates_within_one_batch_are_found(service):
    statuses = [
        verdict.status for verdict in audited(service, submitted(CLEAN), submitted(product(sku="SKU-2")), submitted(CLEAN, "acc_2"))
    ]
    assert sorted(statuses) == ["approved", "held", "held"]


def test_what_differs_in_case_and_spaces_is_the_same_and_another_size_is_not(service):
    audited(service, submitted(CLEAN))
    other = {"length": 21, "width": 20, "height": 8}
    same, differs = audited(service, submitted(product("walnut  BOWL", sku="a")), submitted(product(sku="b", size=other)))
    assert (same.status, differs.status) == ("held", "approved")


def kept_as_formerly(store: FakeVerdicts, event: ProductSubmitted) -> None:
    """As if the product had been audited before fingerprints were made by the one folding."""
    former = former_fingerprint_of(event.product)
    verdict = store.verdicts[event.product_id]
    assert verdict.fingerprint != former
    store.verdicts[event.product_id] = replace(verdict, fingerprint=former)
    store.holders = {former: FirstHolder(former, event.product_id, event.supplier_id)}


@pytest.mark.parametrize(("gtins", "held"), [(["4006381333931", "036000291452"], []), (["4006381333931", None], ["duplicate"])])
def test_another_suppliers_product_is_no_duplicate_if_each_of_its_variants_says_what_it_is(service, gtins, held):
    sizes = [{"sku": f"S-{n}", "options": {"size": str(n)}, "stock": 1, "gtin": gtin} for n, gtin in enumerate(gtins)]
    several = product(options=[{"name": "size"}], variants=sizes)
    audited(service, submitted(several))
    assert [verdict.code for verdict in audited(service, submitted(several, "acc_2")) if verdict.status == "held"] == held


def codes(store: FakeVerdicts, sku: str) -> list[str]:
    return [finding.code for finding in store.verdicts[submitted(product(sku=sku)).product_id].findings]


def test_a_product_of_before_the_folding_is_still_the_first_and_still_approved(service, store):
    first = submitted(product("絲綢圍巾, pistol"))
    service.apply_rules([first])
    service.decide("acc_1", first.product_id, YES)
    kept_as_formerly(store, first)
    service.apply_rules([submitted(product("絲綢圍巾, pistol", stock=9), version=2)])
    assert store.verdicts[first.product_id].status == "approved"
    kept_as_formerly(store, first)
    service.apply_rules([submitted(product("絲綢圍巾, pistol", sku="SKU-2"))])
    assert "duplicate" in codes(store, "SKU-2")


def test_what_reads_alike_by_the_folding_alone_is_a_duplicate_once_the_first_was_audited_anew(service, store):
    first = submitted(product("絲綢圍巾"))
    service.apply_rules([first])
    kept_as_formerly(store, first)
    service.apply_rules([submitted(product("絲綢圍巾", stock=9), version=2)])
    service.apply_rules([submitted(product("丝绸围巾", sku="SKU-2"))])
    assert codes(store, "SKU-2") == ["duplicate"]


def test_a_claim_falls_to_the_next_when_its_product_has_changed(service):
    audited(service, submitted(CLEAN))
    audited(service, submitted(product("Oak bowl"), version=2))
    (verdict,) = audited(service, submitted(CLEAN, "acc_2"))
    assert verdict.status == "approved"
    (third,) = audited(service, submitted(CLEAN, "acc_3"))
    assert third.status == "held"


def test_a_claim_falls_to_the_next_even_in_the_batch_in_which_its_product_changes(service):
    audited(service, submitted(CLEAN))
    _, verdict = audited(service, submitted(product("Oak bowl"), version=2), submitted(CLEAN, "acc_2"))
    assert verdict.status == "approved"


def test_a_batch_that_a_rival_disturbs_is_audited_one_by_one(service, store):
    store.rivals = [lambda: audited(audit_service(store, FakeClock()), submitted(CLEAN, version=3))]
    verdicts = audited(service, submitted(BANNED, version=2), submitted(HELD, "acc_2"))
    assert [(v.status, v.version) for v in verdicts] == [("approved", 3), ("held", 1)]


def test_two_workers_with_the_same_content_at_once_approve_it_once(service, store):
    store.rivals = [lambda: audited(audit_service(store, FakeClock()), submitted(CLEAN, "acc_2"))]
    (verdict,) = audited(service, submitted(CLEAN))
    assert verdict.code == "duplicate"


def test_a_product_that_stays_contended_is_left_for_the_next_attempt(service, store):
    (verdict,) = audited(service, submitted(CLEAN))
    store.rivals = [lambda n=n: store.verdicts.update({verdict.product_id: replace(verdict, at=f"{n}")}) for n in range(ATTEMPTS + 1)]
    with pytest.raises(ChangedMeanwhile):
        audited(service, submitted(CLEAN, version=9))


def test_nothing_is_approved_while_a_list_is_missing(store):
    def missing(languages):
        raise Unavailable

    with pytest.raises(Unavailable):
        AuditService(store, missing, FakeClock(), AT_ONCE).apply_rules([submitted(CLEAN)])
    assert store.verdicts == {}


def decide(service, decision, by=AUDITOR):
    return service.decide("acc_1", submitted(HELD).product_id, replace(decision, by=by))


def test_a_person_approves_or_refuses_what_is_held_and_the_event_names_the_person(service):
    audited(service, submitted(HELD))
    event = decide(service, NO).event
    assert isinstance(event, ProductRefused)
    assert (event.code, event.evidence, event.remedy, event.decided_by) == ("weapon", "a weapon", "Do not sell it", "acc_auditor")


def test_the_same_decision_again_changes_nothing_and_another_one_conflicts(service):
    audited(service, submitted(HELD))
    assert decide(service, YES) == decide(service, YES)
    with pytest.raises(AlreadyDecided):
        decide(service, NO)


def test_a_decision_on_a_version_that_is_not_the_newest_conflicts(service):
    audited(service, submitted(HELD))
    audited(service, submitted(product("Two pistols"), version=2))
    with pytest.raises(VersionMovedOn):
        decide(service, YES)


def test_nobody_decides_on_their_own_product(service):
    audited(service, submitted(HELD))
    with pytest.raises(OwnProduct):
        decide(service, YES, by="acc_1")


def test_a_decision_that_a_new_version_overtakes_conflicts(service, store):
    audited(service, submitted(HELD))
    store.rivals = [lambda: audited(audit_service(store, FakeClock()), submitted(CLEAN, version=2))]
    with pytest.raises(VersionMovedOn):
        decide(service, YES)


@pytest.mark.parametrize(("rival", "refused"), [(YES, None), (NO, AlreadyDecided), (replace(YES, reason="a film prop"), AlreadyDecided)])
def test_of_two_decisions_at_one_moment_the_same_is_answered_alike_and_another_is_refused(service, store, rival, refused):
    audited(service, submitted(HELD))
    store.rivals = [lambda: decide(service, rival)]
    with pytest.raises(refused) if refused else nullcontext():
        assert decide(service, YES) == service.verdict("acc_1", submitted(HELD).product_id)
    assert service.verdict("acc_1", submitted(HELD).product_id).evidence == rival.reason


def test_a_refusal_that_comes_again_after_its_appeal_does_not_decide_the_appeal(service):
    """Its answer was lost, say, and the supplier was quicker than the second try."""
    audited(service, submitted(HELD))
    decide(service, NO)
    service.appeal("acc_1", submitted(HELD).product_id, "a film prop", request())
    with pytest.raises(AlreadyDecided, match="appeal"):
        decide(service, NO)
    assert service.verdict("acc_1", submitted(HELD).product_id).status == "held"
    assert decide(service, replace(NO, reason="a prop that shoots")).status == "refused"


def test_what_a_person_approved_stays_so_for_a_new_stock_but_not_for_a_new_text_or_finding(service):
    audited(service, submitted(HELD))
    decide(service, YES)
    (restocked,) = audited(service, submitted(product("A pistol", stock=99), version=2))
    assert (restocked.status, restocked.decided_by) == ("approved", "acc_auditor")
    dear = {"amount": 10**11, "currency": "GBP"}
    (dearer,) = audited(service, submitted(product("A pistol", price=dear), version=3))
    assert (dearer.status, dearer.code) == ("held", "price-unusual")
    (reworded,) = audited(service, submitted(product("A real pistol"), version=4))
    assert reworded.status == "held"


def appeal(service, reason="it is a film prop", **more):
    return service.appeal("acc_1", submitted(BANNED).product_id, reason, request(**more))


def test_an_appeal_sends_a_refusal_to_a_person_once(service):
    audited(service, submitted(BANNED))
    verdict = appeal(service)
    assert (verdict.status, verdict.appeal.reason) == ("held", "it is a film prop")
    assert isinstance(verdict.event, ProductHeld)
    decide(service, NO)
    with pytest.raises(AppealedBefore):
        appeal(service, key="another")


def test_whoever_decides_on_an_appeal_sees_why_it_was_refused(service):
    (refused,) = audited(service, submitted(BANNED))
    held = appeal(service)
    assert (held.findings, held.code, held.evidence, held.remedy) == (refused.findings, refused.code, refused.evidence, refused.remedy)
    assert held.findings
    assert held.evidence
    assert (held.event.code, held.event.evidence) == (refused.code, refused.evidence)


def test_the_same_appeal_again_changes_nothing_and_its_key_with_another_reason_is_refused(service):
    audited(service, submitted(BANNED))
    assert appeal(service) == appeal(service)
    with pytest.raises(KeyReused):
        appeal(service, fingerprint="other")


def test_only_a_refusal_of_ones_own_can_be_appealed(service):
    audited(service, submitted(CLEAN))
    with pytest.raises(NotRefused):
        appeal(service)
    with pytest.raises(NotFound):
        service.appeal("acc_2", submitted(CLEAN).product_id, "mine", request())
    with pytest.raises(NotFound):
        service.verdict("acc_1", "prd_" + "x" * 3000)


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_no_rule_is_asked_of_what_its_supplier_keeps_off_sale(service, status):
    (verdict,) = audited(service, submitted(BANNED.model_copy(update={"status": status})))
    assert isinstance(verdict.event, ProductDelisted)
    assert (verdict.status, verdict.findings, verdict.event.product.status) == ("delisted", (), status)


def test_an_archived_product_leaves_the_queue_of_reviews_and_its_content_to_others(service, store):
    audited(service, submitted(HELD))
    (gone,) = audited(service, submitted(HELD.model_copy(update={"status": "archived"}), version=2))
    assert gone.status == "delisted"
    (first,) = audited(service, submitted(CLEAN, version=3))
    assert first.status == "approved"
    audited(service, submitted(CLEAN.model_copy(update={"status": "archived"}), version=4))
    (twin,) = audited(service, submitted(CLEAN, supplier="acc_2"))
    assert twin.status == "approved"


def test_what_a_person_approved_needs_no_second_look_when_it_comes_back_and_another_text_does(service):
    (held,) = audited(service, submitted(HELD))
    service.decide(held.supplier_id, held.product_id, YES)
    away = HELD.model_copy(update={"status": "archived"})
    audited(service, submitted(away, version=2))
    audited(service, submitted(away, version=3))
    (back,) = audited(service, submitted(HELD, version=4))
    assert (back.status, back.decided_by) == ("approved", AUDITOR)
    audited(service, submitted(away, version=5))
    (other,) = audited(service, submitted(product("Two pistols"), version=6))
    assert other.status == "held"


def test_an_archived_version_of_what_was_refused_makes_it_no_more_approved(service):
    audited(service, submitted(BANNED))
    audited(service, submitted(BANNED.model_copy(update={"status": "archived"}), version=2))
    (again,) = audited(service, submitted(BANNED, version=3))
    assert again.status == "refused"


def test_the_content_that_a_person_approved_is_others_too_once_it_is_archived(service):
    (held,) = audited(service, submitted(HELD))
    service.decide(held.supplier_id, held.product_id, YES)
    audited(service, submitted(HELD.model_copy(update={"status": "archived"}), version=2))
    (twin,) = audited(service, submitted(HELD, supplier="acc_2"))
    assert [finding.code for finding in twin.findings] == ["prohibited-word"]
