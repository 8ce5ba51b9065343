"""What the clearing checks ask for: batches of the kit's own, and the calls of a plug-in, each with a context of its own."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conformance.under_trial import UnderTrial
from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, Payee, Payout, StatementLine, SubmitBatch
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import ClearingTrial

DAY = date(2026, 11, 20)


def new_key() -> str:
    """A batch's key, in the form that the core gives it."""
    return f"20261120-EUR-{secrets.token_hex(8).upper().translate(str.maketrans('0189', 'WXYZ'))[:10]}-00"


@dataclass(frozen=True)
class ClearingUnderTrial(UnderTrial[ClearingTrial]):
    notices = "clearing"

    @property
    def capability(self) -> Capability:
        found: Capability = self.plugin.capability(self.config)
        return found

    def batch(self, *amounts: int, currency: str = "", payees: Sequence[Mapping[str, str]] = ()) -> SubmitBatch:
        """A payout of each amount, to the trial's payees in turn."""
        key, known = new_key(), payees or self.trial.payees
        payouts = tuple(
            Payout(f"{key}-{number:04d}", Payee(account_id=f"acc_{number}", **known[number % len(known)]),
                   Money(amount, currency or self.trial.currency), f"Payout {number}")
            for number, amount in enumerate(amounts)
        )  # fmt: skip
        return SubmitBatch(key, payouts, DAY)

    def submit(self, batch: SubmitBatch) -> Batch:
        found: Batch = self.plugin.submit(self.ctx(), batch)
        return found

    def fetch(self, batch: SubmitBatch) -> Batch | None:
        found: Batch | None = self.plugin.fetch(self.ctx(), batch.batch_key, [payout.id for payout in batch.payouts])
        return found

    def lines(self, content: bytes, media_type: str) -> list[StatementLine]:
        return list(self.plugin.parse_statement(self.ctx(), content, media_type))

    def notice(self, raw: RawWebhook) -> ClearingNotice | None:
        found: ClearingNotice | None = self.plugin.webhook(self.ctx(), raw)
        return found

    def submit_unless_found(self, batch: SubmitBatch) -> Batch:
        """What the core does after a lost answer: ask, and send only what certainly did not arrive, with the same keys."""
        known = self.fetch(batch)
        arrived = {view.id for view in known.payouts} if known else set()
        left = tuple(payout for payout in batch.payouts if payout.id not in arrived)
        if left:
            self.submit(SubmitBatch(batch.batch_key, left, batch.execute_on))
        found = self.fetch(batch)
        assert found is not None
        return found
