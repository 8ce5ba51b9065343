"""What merchants ask about their banks' statements: import one, list its lines, list the payouts that none has shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from functions.settlement.bank.bank_statement_import import BankStatementImport
from functions.settlement.bank.bank_statement_import import Lines as NewLines
from functions.settlement.bank.statement_matching import BankLine, ImportSummary, Outcome
from functions.settlement.payouts.batches.payout_batch import PayoutRecord
from functions.settlement.payouts.payout_context import PayoutContext
from shared.api.paging import Paging, by_key
from shared.errors import Conflict
from shared.optimistic_retry import Contended
from shared.providers.installation import Installation

MISSING_AFTER = timedelta(days=3)
"""A SEPA transfer is booked within one banking day; a weekend lies between."""
BATCHES_LOOKED_AT = 100


class Lines(NewLines, Protocol):
    """Where statements' lines lie and are read."""

    def page(self, tenant: str, installation_id: str, limit: int, after: str | None) -> tuple[list[BankLine], str | None]:
        """A page of an installation's lines, the newest first, and where the next begins."""
        ...


@dataclass(frozen=True, slots=True)
class BankStatementService:
    context: PayoutContext
    bank_lines: Lines
    paging: Paging

    def import_statement(self, tenant: str, installation_id: str, content: bytes, media_type: str) -> ImportSummary:
        """Raises NotFound, Invalid, Conflict."""
        try:
            return BankStatementImport(self.context, self.bank_lines).run(self._installation(tenant, installation_id), content, media_type)
        except Contended as error:
            raise Conflict("a payout of this statement is being changed: send the statement again") from error

    def lines(
        self, tenant: str, installation_id: str, *, outcome: Outcome | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[BankLine], str | None]:
        """A page of the installation's lines; those of other outcomes are left out. Raises NotFound, Malformed."""
        installation = self._installation(tenant, installation_id)
        scope = f"lines:{tenant}:{installation.id}"
        read = by_key(lambda after: self.bank_lines.page(tenant, installation.id, limit, after))
        found, following = self.paging.page(scope, cursor, read)
        return [line for line in found if outcome in (None, line.outcome)], following

    def missing_payouts(self, tenant: str, installation_id: str) -> list[PayoutRecord]:
        """The installation's payouts that were submitted MISSING_AFTER ago or earlier, and that no statement has shown.

        Of the storefront's BATCHES_LOOKED_AT newest batches, the newest first. Raises NotFound.
        """
        installation, store = self._installation(tenant, installation_id), self.context.store
        before = (self.context.clock() - MISSING_AFTER).date().isoformat()
        newest, _ = store.batches(tenant, BATCHES_LOOKED_AT, None)
        awaited = [b for b in newest if b.day <= before and b.state in ("submitted", "unknown") and b.installation_id == installation.id]
        return [record for batch in awaited for record in store.payouts_in(batch).values() if record.state in ("prepared", "submitted")]

    def _installation(self, tenant: str, installation_id: str) -> Installation:
        return self.context.plugins.get(tenant, installation_id)
