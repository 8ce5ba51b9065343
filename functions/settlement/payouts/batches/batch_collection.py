"""Collects what is due on a payday into batches: claims the payables, then fixes who is paid how much.

Each step can be taken again after a crash: a batch's key derives from the day, a claimed payable lies in its batch, and the plan of a
fixed batch never changes.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from functions.settlement.payables.payable import Payable
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_documents import plan_json, seal_document
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, batch_key, payout_id
from functions.settlement.payouts.batches.payout_shares import Share, carried_over, shares
from functions.settlement.payouts.payout_account import unseal_account
from functions.settlement.payouts.payout_context import PayoutContext
from functions.settlement.payouts.payout_schedule import Minimum
from monsoon_plugin.clearing import Capability, Payout
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Money
from shared.iteration import chunks
from shared.optimistic_retry import Contended
from shared.providers.installation import Installation

MOST_DUE = 20_000
"""Payables that one payday looks at, for each currency."""
MOST_PAYOUTS = 500
"""Of one batch: its plan and its file fit into an item each."""
MOST_BATCHES = 20
"""Of one payday and currency; what is left waits for the next."""
CLAIMED_AT_ONCE = 33
"""Each claim is a mark, a put and a delete; a transaction takes a hundred."""
CARRIED_AT_ONCE = 49
"""Each is two puts."""
LEFT = timedelta(minutes=15)
"""A batch that is still collecting after so long was left by a crash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCollection:
    """One storefront's payday in one currency."""

    context: PayoutContext
    tenant: str
    installation: Installation
    capability: Capability
    minimum: Minimum
    day: date

    def collect(self) -> None:
        """Make the payday's batches, or complete what a crash left; none if the installation cannot pay now, or moves no real money.

        Raises Contended.
        """
        can = self.capability
        if self.context.plugins.is_test(self.installation):
            return
        if not (self.installation.enabled and can.pays and (can.currencies is None or self.minimum.currency in can.currencies)):
            return
        for number in range(MOST_BATCHES):
            key = batch_key(self.tenant, self.minimum.currency, self.day, number)
            batch = self.context.store.batch(self.tenant, key)
            if (batch is None or batch.state == "collecting") and not self._collect_batch(key, batch):
                return

    def complete(self, batch: PayoutBatch) -> None:
        """Complete a batch that was begun; nobody new comes in. Raises Contended."""
        self._fix(batch)

    def _collect_batch(self, key: str, batch: PayoutBatch | None) -> bool:
        """Collect and fix one batch. Answers whether there was something to pay."""
        chosen, before = self._choose_shares(batch)
        if not chosen:
            if batch is not None:
                self.context.keep_batch(replace(batch, state="empty"))
            return False
        batch = self._claim(batch or self._begin(key), [p for share in chosen for p in share.payables if p.key not in before])
        self._fix(batch)
        return True

    def _choose_shares(self, batch: PayoutBatch | None) -> tuple[list[Share], set[str]]:
        """Who shall be paid, and the keys of what is claimed already."""
        store = self.context.store
        claimed = store.payables_in(batch) if batch else []
        due = store.due_payables(self.tenant, self.minimum.currency, self.day.isoformat(), MOST_DUE)
        payees = self._payable_to(claimed + due)
        most = min(self.capability.max_payouts, MOST_PAYOUTS)
        return shares(due, claimed, payees, self.minimum.amount, most), {payable.key for payable in claimed}

    def _payable_to(self, payables: list[Payable]) -> dict[str, bool]:
        accounts = self.context.store.accounts({payable.payee for payable in payables})
        return {account_id: account.can_be_paid_by(self.capability) for account_id, account in accounts.items()}

    def _begin(self, key: str) -> PayoutBatch:
        """A new batch, and an appointment with it, should this be as far as it comes."""
        now = self.context.clock()
        new = PayoutBatch(
            key=key,
            tenant=self.tenant,
            installation_id=self.installation.id,
            plugin=self.installation.plugin,
            currency=self.minimum.currency,
            day=self.day.isoformat(),
            changed_at=rfc3339(now),
            by_file=self.capability.by_file,
        )
        self.context.store.add_appointment(Appointment(rfc3339(now + LEFT), self.tenant, f"begun#{key}"))
        return self.context.store.add_batch(new)

    def _claim(self, batch: PayoutBatch, payables: list[Payable]) -> PayoutBatch:
        for some in chunks(payables, CLAIMED_AT_ONCE):
            claimed = self.context.store.claim_payables(batch, some)
            if claimed is None:
                raise Contended(batch.key)
            batch = claimed
        return batch

    def _fix(self, batch: PayoutBatch) -> None:
        """Fix the batch as it was claimed; who is owed nothing by now, or cannot be paid any more, is carried over."""
        claimed = self.context.store.payables_in(batch)
        payees = self._payable_to(claimed)
        found = shares([], claimed, payees, 0, len(claimed))
        to_pay = [share for share in found if share.amount > 0 and payees.get(share.payee, False)]
        batch = self._carry_over(batch, [share for share in found if share.amount and share not in to_pay])
        payouts, now = self._payouts(batch, to_pay), rfc3339(self.context.clock())
        total = sum(share.amount for share in to_pay)
        fixed = replace(batch, state="prepared" if payouts else "empty", total=total, count=len(payouts), changed_at=now)
        plan = seal_document(batch, "plan", plan_json(payouts), self.context.credentials)
        follow = Appointment(now, self.tenant, f"batch#{batch.key}")
        if self.context.store.fix_batch(fixed, plan, follow) is None:
            raise Contended(batch.key)

    def _carry_over(self, batch: PayoutBatch, unpaid: list[Share]) -> PayoutBatch:
        for some in chunks(unpaid, CARRIED_AT_ONCE):
            carried = self.context.store.carry_over(batch, carried_over(some, batch))
            if carried is None:
                raise Contended(batch.key)
            batch = carried
        return batch

    def _payouts(self, batch: PayoutBatch, to_pay: list[Share]) -> list[Payout]:
        accounts = self.context.store.accounts(share.payee for share in to_pay)
        found = []
        for number, share in enumerate(sorted(to_pay, key=lambda s: s.payee)):
            id_, payee = payout_id(batch.key, number), unseal_account(accounts[share.payee], self.context.credentials)
            found.append(Payout(id_, payee, Money(share.amount, batch.currency), f"Payout {id_}"))
        return found
