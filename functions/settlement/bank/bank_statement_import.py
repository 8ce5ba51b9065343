"""Takes a bank's statement: its lines are kept once, its news of payouts go into the ledger, creditor references are passed on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from functions.settlement.bank.statement_matching import BankLine, Outcome, Summary, key_of, named_in, reference_in, shown, shown_of_whole
from functions.settlement.payouts.batches.batch_submission import Sending
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord
from functions.settlement.payouts.payout_context import Office
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.errors import Invalid
from shared.providers.installation import Installation

READ = timedelta(seconds=10)
MOST_LINES = 2000
"""Of one statement: each new line is a write, and the answer is due in half a minute."""
MISSING_AFTER = timedelta(days=3)
"""A SEPA transfer is booked within one banking day; a weekend lies between."""
BATCHES_LOOKED_AT = 100


class Lines(Protocol):
    """Where statements' lines lie."""

    def keys(self, tenant: str, installation_id: str, since: str, until: str) -> set[str]:
        """The keys of the lines that were booked from `since` to `until` (YYYY-MM-DD, both included)."""
        ...

    def add(self, line: BankLine) -> bool:
        """Keep a new line with its event; False if it stands already."""
        ...


class Batches(Protocol):
    def batches(self, tenant: str, limit: int, after: str | None) -> tuple[list[PayoutBatch], str | None]: ...


@dataclass(frozen=True, slots=True)
class Reconciling:
    office: Office
    lines: Lines

    def take(self, installation: Installation, content: bytes, media_type: str) -> Summary:
        """Reconcile a statement; one that was taken before, or overlaps one, changes nothing for the lines they share.

        Raises Invalid (media type, unreadable lines, too many), Overtaken (the same statement is being taken: try again).
        """
        lines = self._parsed(installation, content, media_type)
        days = sorted(line.booked_on.isoformat() for line in lines)
        known = self.lines.keys(installation.tenant, installation.id, days[0], days[-1]) if days else set()
        new = [line for line in lines if key_of(line) not in known]
        outcomes: Counter[Outcome] = Counter()
        batches: set[str] = set()
        for line in new:
            kept = self._reconciled(installation, line, batches)
            self.lines.add(kept)  # last: what failed before it is done again by the next upload
            outcomes[kept.outcome] += 1
        for key in sorted(batches):
            Sending(self.office).shown_by_statement(installation.tenant, key)
        return Summary(len(lines), len(lines) - len(new), outcomes)

    def _parsed(self, installation: Installation, content: bytes, media_type: str) -> Sequence[StatementLine]:
        plugins = self.office.plugins
        plugin, ctx = plugins.plugin(installation), plugins.context(installation, self.office.clock() + READ)
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

    def _reconciled(self, installation: Installation, line: StatementLine, batches: set[str]) -> BankLine:
        tenant, named = installation.tenant, named_in(line)
        if named:
            records = self._records(tenant, *named)
            if not records:
                return BankLine(tenant, installation.id, line, "unmatched", named[1], "it names a payout that is not ours")
            batches.add(named[0])
            return self._booked(installation, line, records, named[1])
        reference = reference_in(line)
        outcome: Outcome = "passed_on" if reference else "unmatched"
        return BankLine(tenant, installation.id, line, outcome, reference=reference)

    def _records(self, tenant: str, key: str, payout_id: str) -> list[PayoutRecord]:
        """The payout that is named, or all of the batch that is named as a whole."""
        store = self.office.store
        if payout_id:
            record = store.record(tenant, payout_id)
            return [record] if record else []
        batch = store.batch(tenant, key)
        return list(store.records(batch).values()) if batch else []

    def _booked(self, installation: Installation, line: StatementLine, records: list[PayoutRecord], payout_id: str) -> BankLine:
        findings = [shown(records[0], line)] if payout_id else shown_of_whole(records, line)
        for finding in (finding for finding in findings if finding.news):
            self.office.book(finding.record)
            if finding.record.state == "returned":
                self.office.block(finding.record)
        worst = next((finding for finding in findings if finding.outcome == "differing"), findings[0])
        return BankLine(installation.tenant, installation.id, line, worst.outcome, payout_id, worst.note)


def missing(office: Office, batches: Batches, installation: Installation) -> list[PayoutRecord]:
    """The installation's payouts that were submitted MISSING_AFTER ago or earlier, and that no statement has shown.

    Of the storefront's BATCHES_LOOKED_AT newest batches, the newest first.
    """
    before = (office.clock() - MISSING_AFTER).date().isoformat()
    found, _ = batches.batches(installation.tenant, BATCHES_LOOKED_AT, None)
    awaited = [b for b in found if b.day <= before and b.state in ("submitted", "unknown") and b.installation_id == installation.id]
    return [record for batch in awaited for record in office.store.records(batch).values() if record.state in ("prepared", "submitted")]
