"""What auditors' requests and their answers carry."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from functions.audit.likenesses.likeness import Likeness
from functions.audit.likenesses.likeness_views import LikenessView
from functions.audit.verdicts.verdict import Decision, Status, Verdict
from functions.audit.verdicts.verdict_views import FindingView, findings_of
from shared.api.payload import Body, Query, View
from shared.bounds.fields import MAX_INTEGER
from shared.trade.product import Product

Account = Field(min_length=1, max_length=40, description="the product's supplier", examples=["acc_01JBB7T0000000000000000000"])


class ReviewsQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class ReviewQuery(Query):
    supplier: str = Account


class DecisionBody(Body):
    supplier_id: str = Account
    version: int = Field(ge=1, le=MAX_INTEGER, description="the version that you looked at")
    decision: Literal["approve", "refuse"]
    reason: str = Field(min_length=1, max_length=1000, description="the supplier reads it")
    code: str = Field(default="", max_length=40, pattern=r"^([a-z][a-z0-9-]*)?$", description="why it is refused", examples=["counterfeit"])
    remedy: str = Field(default="", max_length=1000, description="what the supplier can do about a refusal")

    @model_validator(mode="after")
    def _coded(self) -> Self:
        if (self.decision == "refuse") != bool(self.code):
            raise ValueError("say a code if you refuse, and none if you approve")
        return self

    def decision_of(self, account_id: str) -> Decision:
        """The auditor's decision."""
        if self.decision == "approve":
            return Decision(version=self.version, status="approved", reason=self.reason, by=account_id)
        return Decision(version=self.version, status="refused", reason=self.reason, code=self.code, remedy=self.remedy, by=account_id)


class ReviewSummary(View):
    """One entry of the queue."""

    product_id: str
    supplier_id: str
    version: int
    title: str
    codes: list[str]
    since: str
    is_appeal: bool

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(
            product_id=verdict.product_id, supplier_id=verdict.supplier_id, version=verdict.version,
            title=verdict.product.text("en").title, codes=list(dict.fromkeys(finding.code for finding in verdict.findings)),
            since=verdict.at, is_appeal=verdict.appeal is not None,
        )  # fmt: skip


class ReviewsPage(View):
    items: list[ReviewSummary]
    next: str | None = None


class OtherProduct(View):
    """A product that the rules named: who decides looks at both."""

    product_id: str
    supplier_id: str
    sku: str
    title: str
    status: Status
    picture: str | None = Field(default=None, description="the id of its first picture")

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        product = verdict.product
        return cls(
            product_id=verdict.product_id, supplier_id=verdict.supplier_id, sku=product.sku, title=product.text("en").title,
            status=verdict.status, picture=next(iter(product.pictures), None),
        )  # fmt: skip


class ReviewView(View):
    """All that an auditor needs to decide."""

    product_id: str
    supplier_id: str
    version: int
    status: Status
    findings: list[FindingView]
    appeal: str | None = Field(default=None, description="the supplier's answer to a refusal")
    code: str | None = None
    reason: str | None = Field(default=None, description="of the decision, or what the rules found first")
    since: str
    decided_by: str = Field(description="`rules`, or the auditor's account id")
    product: Product
    duplicate_of: OtherProduct | None = Field(default=None, description="the product that came first, where it was found to be a double")
    likenesses: list[LikenessView] = Field(description="those of its pictures that look like others' pictures: hints, no reasons")

    @classmethod
    def of(cls, verdict: Verdict, named: Verdict | None, likenesses: Sequence[Likeness], media_url: str) -> Self:
        return cls(
            duplicate_of=OtherProduct.of(named) if named else None,
            likenesses=[LikenessView.of(each, media_url) for each in likenesses],
            product_id=verdict.product_id, supplier_id=verdict.supplier_id, version=verdict.version, status=verdict.status,
            findings=findings_of(verdict), appeal=verdict.appeal.reason if verdict.appeal else None, code=verdict.code or None,
            reason=verdict.evidence or None, since=verdict.at, decided_by=verdict.decided_by, product=verdict.product,
        )  # fmt: skip
