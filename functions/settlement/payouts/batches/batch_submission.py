"""Submits fixed batches to their providers and finds out what became of them. `sent` is written before the provider is called.

After a lost answer the provider is asked; what it certainly does not know is sent again, with the same keys. A plug-in that calls
nobody answers the same file again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from functions.settlement.payouts.batches.batch_documents import parse_plan, seal_document, unseal_document
from functions.settlement.payouts.batches.payout_batch import BatchState, PayoutBatch, PayoutRecord, advanced, is_settled, records_of
from functions.settlement.payouts.payout_context import PayoutContext
from monsoon_plugin.clearing import Batch, Payout, PayoutView, SubmitBatch
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, total
from monsoon_plugin.plugin import Ctx
from shared.errors import Unavailable
from shared.providers.late_requests import last_arrival

CALL = timedelta(seconds=60)
"""How long a provider may take for a batch."""
PATIENCE = timedelta(minutes=5)
"""A call that was begun longer ago has ended, with or without us."""
SOON, LATER, DAILY = timedelta(minutes=15), timedelta(hours=6), timedelta(days=1)
GIVEN_UP = timedelta(days=30)
"""A submitted batch is asked after for so long; then only a notice or a statement tells more."""
MOST_TRIES = 200
"""Of a batch whose provider is away or whose config is wrong: about two days, or seven weeks."""
MAY_COME = "refused when it was sent again; what was sent first may arrive yet"
IN_TEST_MODE = "the installation is in test mode and moves no real money: change its mode to live"
UNSURE = frozenset({ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL})
PASSING = {ErrorKind.RATE_LIMITED: SOON, ErrorKind.UNAVAILABLE: SOON, ErrorKind.CONFIG: LATER}


@dataclass(frozen=True, slots=True)
class BatchSubmission:
    context: PayoutContext

    def take_next_step(self, tenant: str, key: str) -> datetime | None:
        """Take the batch's next step. Answers when to look again, None if there is nothing to wait for. Raises Contended."""
        batch = self.context.store.batch(tenant, key)
        if batch is None or batch.state in ("collecting", "settled", "empty"):
            return None
        batch = self._live(batch)
        if batch is None:
            return self.context.clock() + LATER
        if batch.state == "prepared":
            return self._submit(batch)
        begun = from_rfc3339(batch.changed_at)
        if batch.state == "sent" and self.context.clock() < begun + PATIENCE:
            return begun + PATIENCE
        return self._look_up(batch)

    def look_up_again(self, batch: PayoutBatch) -> None:
        """After a notice: ask what became of a batch that the provider has, whether its payouts were settled or not.

        Raises Contended, and Unavailable while the installation is in test mode: nobody else may ask again, so the provider must repeat
        its notice.
        """
        if batch.state in ("submitted", "settled", "unknown"):
            live = self._live(batch)
            if live is None:
                raise Unavailable(f"this batch was sent in live mode: {IN_TEST_MODE}")
            self._look_up(live)

    def close_if_settled(self, tenant: str, key: str) -> None:
        """After a statement: close a batch whose payouts are all settled by now; others stay as they are. Raises Contended."""
        batch = self.context.store.batch(tenant, key)
        if batch is not None and batch.state != "settled" and is_settled(list(self.context.store.payouts_in(batch).values())):
            self._set_state(batch, "settled")

    def _live(self, batch: PayoutBatch) -> PayoutBatch | None:
        """`batch`; None while its installation is in test mode: then nothing is sent, nor asked for, since the test books know no batch,
        and what is not known is sent again.
        """
        said = batch.reason == IN_TEST_MODE
        if not self.context.plugins.is_test(self._installation(batch)):
            return replace(batch, reason="") if said else batch
        if batch.state != "settled" and not said:
            self._set_state(batch, batch.state, IN_TEST_MODE)
        return None

    def _submit(self, batch: PayoutBatch) -> datetime | None:
        plan = self._plan(batch)
        for new in records_of(batch, plan):
            self.context.store.add_payout(new)
        records = self.context.store.payouts_in(batch)
        todo = tuple(payout for payout in plan if records[payout.id].state == "prepared")
        if not todo:
            return self._close(batch)
        plugin = self._plugin(batch)  # before `sent` is written: of one that is not offered nothing was
        batch = self._set_state(batch, "sent")
        try:
            answer = plugin.submit(self._ctx(batch), SubmitBatch(batch.key, todo, date.fromisoformat(batch.day)))
        except PluginError as error:
            return self._handle_refusal(batch, todo, error)
        if {view.id for view in answer.payouts} != {payout.id for payout in todo}:
            return self._handle_refusal(batch, todo, PluginError(ErrorKind.PROTOCOL, "the provider does not tell of every payout"))
        return self._take_answer(batch, answer, {payout.id: payout.amount for payout in todo})

    def _handle_refusal(self, batch: PayoutBatch, todo: Iterable[Payout], error: PluginError) -> datetime | None:
        """What a refusal of the whole batch means: wait and ask, wait and send again, or nobody is paid by it.

        What was lost before may come yet, and be done: whom it paid must not be paid by another batch.
        """
        now = self.context.clock()
        if error.kind in UNSURE:
            self._set_state(replace(batch, lost_at=rfc3339(now)), "unknown", error.message)
            return now + PATIENCE
        if error.kind in PASSING and batch.tries < MOST_TRIES:
            self._set_state(batch, "prepared", error.message)
            return now + PASSING[error.kind]
        if batch.lost_at and now < last_arrival(batch.lost_at):
            self._set_state(batch, "unknown", f"{MAY_COME}: {error.message}")
            return now + LATER
        records = self.context.store.payouts_in(batch)
        for payout in todo:
            self._update_payout(records[payout.id], PayoutView(payout.id, "failed", "", error.message))
        return self._close(replace(batch, reason=error.message[:200]))

    def _look_up(self, batch: PayoutBatch) -> datetime | None:
        plugin, amounts = self._plugin(batch), {payout.id: payout.amount for payout in self._plan(batch)}
        lost = batch.state in ("sent", "unknown")
        if not plugin.manifest.allowed_hosts:
            return self._submit_again(batch) if lost else None
        if not self.context.plugins.capability(self._installation(batch)).lookup:
            return None  # a statement will tell, or nobody
        try:
            answer = plugin.fetch(self._ctx(batch), batch.key, list(amounts))
        except PluginError as error:
            self._set_state(batch, batch.state, error.message)
            return self._next_look(batch)
        if answer is not None:
            return self._take_answer(batch, answer, amounts)
        return self._submit_again(_lost(batch)) if lost else self._next_look(batch)

    def _take_answer(self, batch: PayoutBatch, answer: Batch, sent: dict[str, Money]) -> datetime | None:
        """Keep what the provider says of the payouts, if it says the same amounts."""
        views = [view for view in answer.payouts if view.id in sent]
        ours = total((sent[view.id] for view in views if view.state != "failed"), batch.currency)
        if ours != answer.total:
            self._set_state(batch, "unknown", f"{ours} was sent, the provider tells of {answer.total}")
            return self.context.clock() + LATER
        if answer.document:
            sealed = seal_document(batch, "file", answer.document, self.context.credentials)
            self.context.store.keep_file(batch, sealed, answer.media_type)
        records = self.context.store.payouts_in(batch)
        for view in views:
            self._update_payout(records[view.id], view)
        return self._close(batch)

    def _update_payout(self, record: PayoutRecord, view: PayoutView) -> None:
        changed = advanced(record, view)
        if changed is record:
            return
        if changed.state in ("failed", "returned") and view.provider_ref:
            self.context.block_account(changed)  # first: what is booked is news no more
        self.context.book_payout(changed)

    def _close(self, batch: PayoutBatch) -> datetime | None:
        """The batch's state by its payouts'."""
        records = list(self.context.store.payouts_in(batch).values())
        if any(record.state == "prepared" for record in records):
            return self._submit_again(batch)
        batch = self._set_state(batch, "settled" if is_settled(records) else "submitted", batch.reason)
        return None if batch.state == "settled" else self._next_look(batch)

    def _submit_again(self, batch: PayoutBatch) -> datetime:
        """What did not arrive is sent again."""
        self._set_state(batch, "prepared", batch.reason)
        return self.context.clock()

    def _next_look(self, batch: PayoutBatch) -> datetime | None:
        now = self.context.clock()
        age = now - from_rfc3339(batch.changed_at)
        if batch.by_file and batch.state == "submitted":
            return None
        return None if age > GIVEN_UP else now + (SOON if batch.state == "unknown" else LATER if age < DAILY else DAILY)

    def _set_state(self, batch: PayoutBatch, state: BatchState, reason: str = "") -> PayoutBatch:
        """Raises Contended."""
        changed_at = batch.changed_at if state == batch.state else rfc3339(self.context.clock())
        tries = batch.tries + (state == "sent")
        return self.context.keep_batch(replace(batch, state=state, reason=reason[:200], changed_at=changed_at, tries=tries))

    def _plan(self, batch: PayoutBatch) -> list[Payout]:
        return parse_plan(unseal_document(batch, "plan", self.context.store.plan(batch), self.context.credentials))

    def _installation(self, batch: PayoutBatch) -> Any:
        return self.context.plugins.get(batch.tenant, batch.installation_id)

    def _plugin(self, batch: PayoutBatch) -> Any:
        return self.context.plugins.plugin(self._installation(batch))

    def _ctx(self, batch: PayoutBatch) -> Ctx[Any]:
        return self.context.plugins.context(self._installation(batch), self.context.clock() + CALL)


def _lost(batch: PayoutBatch) -> PayoutBatch:
    """A batch that its provider does not know: one whose call was cut off was sent last when that was begun."""
    return replace(batch, lost_at=batch.changed_at) if batch.state == "sent" else batch
