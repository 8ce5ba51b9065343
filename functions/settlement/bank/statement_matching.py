"""Holds a bank's statement against what we paid: each line once, and what it means for the payout that it shows. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT, PayoutRecord, advanced
from monsoon_plugin.clearing import PayoutView, StatementLine
from monsoon_plugin.iban import creditor_references
from monsoon_plugin.money import total

Outcome = Literal["matched", "differing", "unmatched", "passed_on"]
"""matched: a payout of ours, as we ordered it, or its return · differing: a payout of ours, but not its amount, or a second time ·
unmatched: nothing of ours · passed_on: money that came in with a creditor reference, told to payments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A statement's line as it is kept."""

    tenant: str
    installation_id: str
    line: StatementLine
    outcome: Outcome
    payout_id: str = ""
    note: str = ""
    reference: str = ""
    """The creditor reference that is passed on."""

    @property
    def key(self) -> str:
        return key_of(self.line)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of a statement's lines."""

    lines: int
    known: int
    """Lines that an earlier statement had."""
    outcomes: Mapping[Outcome, int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a line shows of one payout, and the payout as it then is."""

    outcome: Outcome
    record: PayoutRecord
    note: str = ""
    news: bool = False
    """Whether the payout is another than before."""


def key_of(line: StatementLine) -> str:
    """Sorts lines by day; the same line has the same key."""
    return f"{line.booked_on.isoformat()}#{line.id}"


def payout_named_in(line: StatementLine) -> tuple[str, str] | None:
    """The key of our batch and the id of our payout (or empty) that a line names; None if it names none."""
    found = BATCH_OR_PAYOUT.search(f"{line.reference} {line.text}".upper())
    return found and (found[1], found[0] if found[2] else "")


def creditor_reference_in(line: StatementLine) -> str:
    """The creditor reference of money that came in; empty if there is none, or more than one."""
    found = set(creditor_references(line.reference)) | set(creditor_references(line.text)) if line.amount.amount > 0 else set()
    return found.pop() if len(found) == 1 else ""


def payout_finding(record: PayoutRecord, line: StatementLine) -> Finding:
    """What a line that names the payout shows: that it was paid, or, coming in, that it came back."""
    left = line.amount.amount < 0
    moved = -line.amount if left else line.amount
    before = record.paid_line if left else record.returned_line
    if before == line.id:
        return Finding("matched", record)
    if before:
        return Finding("differing", record, f"line {before} showed the same movement already")
    if moved != record.amount:
        return Finding("differing", record, f"{record.amount} was ordered, {moved} {'left' if left else 'came back'}")
    changed = advanced(record, PayoutView(record.payout_id, "paid" if left else "returned", record.provider_ref, line.text[:200]))
    seen = (line.id, changed.returned_line) if left else (changed.paid_line, line.id)
    return Finding("matched", replace(changed, paid_line=seen[0], returned_line=seen[1], version=record.version + 1), news=True)


def batch_findings(records: Sequence[PayoutRecord], line: StatementLine) -> list[Finding]:
    """What a line that names a whole batch shows of each payout in it: banks book a batch in one sum if they were asked to."""
    sent, left = [record for record in records if record.state != "failed"], line.amount.amount < 0
    moved, ordered = -line.amount if left else line.amount, total((record.amount for record in sent), records[0].amount.currency)
    if moved != ordered:
        return [Finding("differing", records[0], f"the batch is of {ordered}, {moved} {'left' if left else 'came back'}")]
    return [payout_finding(record, replace(line, amount=-record.amount if left else record.amount)) for record in sent]
