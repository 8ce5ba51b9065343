"""Imports a bank's statement: its lines are kept once, its news of payouts go into the ledger, creditor references are passed on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from functions.settlement.bank.statement_matching import (
    BankLine,
    Finding,
    ImportSummary,
    Outcome,
    batch_findings,
    creditor_reference_in,
    key_of,
    payout_finding,
    payout_named_in,
)
from functions.settlement.payouts.batches.batch_submission import BatchSubmission
from functions.settlement.payouts.batches.payout_batch import PayoutRecord
from functions.settlement.payouts.payout_context import PayoutContext
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.errors import Invalid
from shared.providers.installation import Installation

READ = timedelta(seconds=10)
MOST_LINES = 2000
"""Of one statement: each new line is a write, and the answer is due in half a minute."""


class Lines(Protocol):
    """Where statements' lines lie."""

    def keys(self, tenant: str, installation_id: str, since: str, until: str) -> set[str]:
        """The keys of the lines that were booked from `since` to `until` (YYYY-MM-DD, both included)."""
        ...

    def add(self, line: BankLine) -> bool:
        """Keep a new line with its event; False if it stands already."""
        ...


@dataclass(frozen=True, slots=True)
class BankStatementImport:
    context: PayoutContext
    lines: Lines

    def run(self, installation: Installation, content: bytes, media_type: str) -> ImportSummary:
        """Reconcile a statement; one that was taken before, or overlaps one, changes nothing for the lines they share.

        Raises Invalid (media type, unreadable lines, too many), Contended (the same statement is being taken: try again).
        """
        lines = self._parse(installation, content, media_type)
        days = sorted(line.booked_on.isoformat() for line in lines)
        known = self.lines.keys(installation.tenant, installation.id, days[0], days[-1]) if days else set()
        new = [line for line in lines if key_of(line) not in known]
        outcomes: Counter[Outcome] = Counter()
        for line in new:
            kept = self._match(installation, line)
            self.lines.add(kept)  # last: what failed before it is done again by the next upload
            outcomes[kept.outcome] += 1
        for key in _batches_named(lines):  # by known lines too: a crash may have come between them and this
            BatchSubmission(self.context).close_if_settled(installation.tenant, key)
        return ImportSummary(len(lines), len(lines) - len(new), outcomes)

    def _parse(self, installation: Installation, content: bytes, media_type: str) -> Sequence[StatementLine]:
        plugins = self.context.plugins
        plugin, ctx = plugins.plugin(installation), plugins.context(installation, self.context.clock() + READ)
        readable = plugin.capability(ctx.config).statements
        if media_type not in readable:
            raise Invalid.field("/media_type", f"this installation reads: {', '.join(readable) or 'no statements'}")
        try:
            lines = plugin.parse_statement(ctx, content, media_type)
        except PluginError as error:
            if error.kind is not ErrorKind.INVALID:
                raise
            raise Invalid.field("/content", error.message) from error
        if len(lines) > MOST_LINES:
            raise Invalid.field("/content", f"a statement may have at most {MOST_LINES} lines: send it in parts")
        return lines

    def _match(self, installation: Installation, line: StatementLine) -> BankLine:
        """The line as it is kept, after what it shows of payouts has been booked."""
        bank_line = partial(BankLine, tenant=installation.tenant, installation_id=installation.id, line=line)
        named = payout_named_in(line)
        if named is None:
            reference = creditor_reference_in(line)
            return bank_line(outcome="passed_on" if reference else "unmatched", reference=reference)
        batch_key, payout_id = named
        records = self._payouts_named(installation.tenant, batch_key, payout_id)
        if not records:
            return bank_line(outcome="unmatched", payout_id=payout_id, note="it names a payout that is not ours")
        findings = [payout_finding(records[0], line)] if payout_id else batch_findings(records, line)
        self._book(findings)
        worst = next((finding for finding in findings if finding.outcome == "differing"), findings[0])
        return bank_line(outcome=worst.outcome, payout_id=payout_id, note=worst.note)

    def _payouts_named(self, tenant: str, key: str, payout_id: str) -> list[PayoutRecord]:
        """The payout that is named, or all of the batch that is named as a whole."""
        store = self.context.store
        if payout_id:
            record = store.payout(tenant, payout_id)
            return [record] if record else []
        batch = store.batch(tenant, key)
        return list(store.payouts_in(batch).values()) if batch else []

    def _book(self, findings: Sequence[Finding]) -> None:
        for finding in (finding for finding in findings if finding.news):
            if finding.record.state == "returned":
                self.context.block_account(finding.record)  # first: what is booked is news no more
            self.context.book_payout(finding.record)


def _batches_named(lines: Sequence[StatementLine]) -> list[str]:
    """The keys of the batches that the lines name, or name payouts of."""
    return sorted({named[0] for line in lines if (named := payout_named_in(line))})
