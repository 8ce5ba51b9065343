"""A verdict on one version of a product, and what may become of it: rules decide, a person decides, a supplier appeals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from functions.audit.rules.finding import Finding
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Forbidden
from shared.messages import Message, ProductApproved, ProductDelisted, ProductHeld, ProductRefused, ProductSubmitted
from shared.trade.product import Product

Status = Literal["approved", "refused", "held", "delisted"]
"""`delisted`: its supplier wants it off sale, and nobody looked at it."""
RULES = "rules"
"""Who decided, when no person did."""
NOTHING = Finding("", "review", "", "", "")


class AlreadyDecided(Conflict):
    code, title = "already-decided", "The product does not await a decision: it has been decided, or nothing was found"


class VersionMovedOn(Conflict):
    code, title = "version-moved-on", "The supplier has sent another version since you looked: read the review again"


class OwnProduct(Forbidden):
    code, title = "own-product", "Nobody decides on a product of their own"


class NotRefused(Conflict):
    code, title = "not-refused", "Only a refused product can be appealed"


class AppealedBefore(Conflict):
    code, title = "appealed-before", "This version has been appealed already: change the product and send it anew"


class ChangedMeanwhile(Conflict):
    code, title = "changed-meanwhile", "The verdict was changed by another request at the same moment: read it and try again"


@dataclass(frozen=True, slots=True)
class Appeal:
    """A supplier's answer to a refusal. `request` and `fingerprint` know a replay."""

    reason: str
    at: str
    request: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where a version of a product stands. `version` is the submission's, times are RFC 3339."""

    supplier_id: str
    product_id: str
    version: int
    product: Product
    fingerprint: str
    status: Status
    findings: tuple[Finding, ...]
    code: str
    evidence: str
    remedy: str
    decided_by: str
    at: str
    appeal: Appeal | None = None

    @property
    def by_rules(self) -> bool:
        """Whether no person has decided."""
        return self.decided_by == RULES

    @property
    def holds_content(self) -> bool:
        """Whether another product of the same content is its duplicate: what is off sale is nobody's."""
        return self.status != "delisted"

    @property
    def title(self) -> str:
        """In the first of the product's languages."""
        return next((text.title for text in self.product.texts.values()), "")

    @property
    def event(self) -> Message:
        """What the bus hears of it."""
        match self.status:
            case "approved":
                return ProductApproved(
                    version=self.version, product_id=self.product_id, supplier_id=self.supplier_id, product=self.product,
                    decided_by=self.decided_by,
                )  # fmt: skip
            case "refused":
                return ProductRefused(
                    version=self.version, product_id=self.product_id, supplier_id=self.supplier_id, code=self.code,
                    evidence=self.evidence, remedy=self.remedy, decided_by=self.decided_by, title=self.title,
                )  # fmt: skip
            case "delisted":
                return ProductDelisted(version=self.version, product_id=self.product_id, supplier_id=self.supplier_id, product=self.product)
            case "held":
                return ProductHeld(
                    version=self.version, product_id=self.product_id, supplier_id=self.supplier_id, code=self.code,
                    evidence=self.evidence, title=self.title,
                )  # fmt: skip

    def is_approved_knowing(self, findings: Sequence[Finding], fingerprint: str) -> bool:
        """Whether a person has approved this very content knowing all of `findings`: a new stock needs no second look."""
        is_approved = self.status in ("approved", "delisted") and not self.by_rules
        return is_approved and self.fingerprint == fingerprint and set(findings) <= set(self.findings)


def verdict_by_rules(event: ProductSubmitted, fingerprint: str, findings: Sequence[Finding], before: Verdict | None, at: str) -> Verdict:
    """The rules' verdict: refused by any finding that says so, held by any other, approved without any.

    `findings` has refusals first. What a person approved `before` stays so while its texts are the same and nothing new is found.
    """
    status: Status = "approved"
    worst, by = NOTHING, RULES
    if before is not None and before.is_approved_knowing(findings, fingerprint):
        by = before.decided_by
    elif findings:
        worst = findings[0]
        status = "refused" if worst.severity == "refuse" else "held"
    return Verdict(
        supplier_id=event.supplier_id, product_id=event.product_id, version=event.version, product=event.product,
        fingerprint=fingerprint, status=status, findings=tuple(findings), code=worst.code, evidence=worst.evidence,
        remedy=worst.remedy, decided_by=by, at=at,
    )  # fmt: skip


def verdict_of_delisting(event: ProductSubmitted, before: Verdict | None, at: str) -> Verdict:
    """No rule is asked of a draft or of what is archived. What a person approved before is remembered: the same content back on sale needs
    no second look.
    """
    known = before if before is not None and before.status in ("approved", "delisted") and not before.by_rules else None
    return Verdict(
        supplier_id=event.supplier_id, product_id=event.product_id, version=event.version, product=event.product,
        fingerprint=known.fingerprint if known else "", status="delisted", findings=known.findings if known else (), code="", evidence="",
        remedy="", decided_by=known.decided_by if known else RULES, at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person says of the version that they looked at: `code` and `remedy` are empty for an approval; `reason` becomes the
    refusal's evidence."""

    version: int
    status: Literal["approved", "refused"]
    reason: str
    code: str = ""
    remedy: str = ""
    by: str


def verdict_by_person(held: Verdict, decision: Decision, at: str) -> Verdict:
    """A person's decision on a held verdict; the same decision again changes nothing.

    A refusal that comes again after its supplier appealed decides no appeal: who refuses that says so in other words.
    Raises OwnProduct, VersionMovedOn, AlreadyDecided.
    """
    if decision.by == held.supplier_id:
        raise OwnProduct
    if decision.version != held.version:
        raise VersionMovedOn(f"version {held.version} is the newest", version=held.version)
    changes: dict[str, Any] = {
        "status": decision.status, "code": decision.code, "evidence": decision.reason, "remedy": decision.remedy, "decided_by": decision.by,
    }  # fmt: skip
    if replace(held, **changes) == held:
        return held
    if held.status != "held":
        raise AlreadyDecided(f"it is {held.status} by {held.decided_by} since {held.at}")
    if held.appeal and decision.status == "refused" and replace(held, **(changes | {"status": held.status})) == held:
        raise AlreadyDecided("you refused it in these words before its supplier appealed: read the appeal, and answer it in your reason")
    return replace(held, at=at, **changes)


def verdict_after_appeal(refused: Verdict, reason: str, request: Idempotency, at: str) -> Verdict:
    """The refusal back in the queue, once a version; a replay changes nothing.

    Raises KeyReused, NotRefused, AppealedBefore.
    """
    if refused.appeal is not None and refused.appeal.request == request.id("op"):
        request.same(refused.appeal.fingerprint)
        return refused
    if refused.appeal is not None:
        raise AppealedBefore
    if refused.status != "refused":
        raise NotRefused(f"it is {refused.status}")
    return replace(refused, status="held", at=at, appeal=Appeal(reason, at, request.id("op"), request.fingerprint))
