"""What suppliers' requests about verdicts and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.audit.verdicts.verdict import Status, Verdict
from shared.api.payload import Body, View


class AppealBody(Body):
    reason: str = Field(min_length=1, max_length=2000, description="why the product may be sold; an auditor reads it")


class FindingView(View):
    code: str = Field(examples=["prohibited-word"])
    severity: Literal["refuse", "review"]
    evidence: str
    remedy: str
    field: str = Field(description="JSON pointer into the product", examples=["/texts/en/title"])


class VerdictView(View):
    """What a supplier sees of the verdict on a product."""

    product_id: str
    version: int = Field(description="the submission that it is on")
    status: Status = Field(description="`held`: it awaits a person; `delisted`: you keep it off sale, and it was not looked at")
    code: str | None = None
    evidence: str | None = None
    remedy: str | None = None
    findings: list[FindingView]
    decided_at: str
    decided_by: Literal["rules", "auditor"]
    appealed_at: str | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(
            product_id=verdict.product_id, version=verdict.version, status=verdict.status, code=verdict.code or None,
            evidence=verdict.evidence or None, remedy=verdict.remedy or None, findings=findings_of(verdict), decided_at=verdict.at,
            decided_by="rules" if verdict.by_rules else "auditor", appealed_at=verdict.appeal.at if verdict.appeal else None,
        )  # fmt: skip


def findings_of(verdict: Verdict) -> list[FindingView]:
    return [FindingView(code=f.code, severity=f.severity, evidence=f.evidence, remedy=f.remedy, field=f.field) for f in verdict.findings]
