"""A provider that pays, in memory; and a storefront whose payday it is, with everything that paying works with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.payables.payable import Payable
from functions.settlement.payables.payable_items import due_partition, payable_item
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.payout_account import seal_account
from functions.settlement.payouts.payout_context import PayoutContext
from functions.settlement.payouts.payout_schedule import Minimum, PayoutSchedule
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.clearing import Batch, Capability, Payee, Payout, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.errors import PluginError
from monsoon_plugin.money import Money, total
from monsoon_plugin.plugin import Config, Ctx, Manifest
from shared.errors import Unavailable
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.registry import NotOffered
from tests.dynamodb import tell_watchers
from tests.fakes import FakeClock
from tests.unit.providers.fakes import FakeKeys
from tests.unit.settlement.events import OWNER, STOREFRONT, SUPPLIER

TENANT, INSTALLATION = f"{OWNER}#{STOREFRONT}", "ins_bank"
ENDLESS = timedelta(days=365)
"""Time that a sweep has left."""


@dataclass
class Bank:
    """Pays each payout once for its id, as a provider with idempotency keys does."""

    paid: dict[str, Payout] = field(default_factory=dict)
    state: str = "paid"
    sent: list[str] = field(default_factory=list)
    lost: dict[str, Payout] = field(default_factory=dict)
    """What it was asked for and refused, or never got."""
    refuses: list[PluginError] = field(default_factory=list)
    """Raised by the next submits, before anything is paid."""
    loses: list[PluginError] = field(default_factory=list)
    """Raised by the next submits, after all was paid."""
    lies: int = 0
    """By how much the echoed total is off."""
    lines: list[StatementLine] = field(default_factory=list)
    unreadable: PluginError | None = None
    """Raised for a statement."""
    by_file: bool = False
    config_model: Any = Config

    @property
    def manifest(self) -> Manifest:
        return Manifest(id="bank", version="1.0", api=1, kind="clearing", allowed_hosts=() if self.by_file else ("bank.example",))

    def capability(self, config: Any) -> Capability:
        return Capability(currencies=("EUR",), by_file=self.by_file, lookup=not self.by_file, statements=("text/csv",))

    def submit(self, ctx: Ctx[Any], batch: SubmitBatch) -> Batch:
        tell_watchers(after=False)
        if self.refuses:
            self.lost |= {payout.id: payout for payout in batch.payouts}
            raise self.refuses.pop(0)
        for payout in batch.payouts:
            self.sent.append(payout.id)
            self.paid.setdefault(payout.id, payout)
        tell_watchers(after=True)
        if self.loses:
            raise self.loses.pop(0)
        return self._batch(batch.batch_key, [payout.id for payout in batch.payouts])

    def fetch(self, ctx: Ctx[Any], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        tell_watchers(after=False)
        known = [payout_id for payout_id in payout_ids if payout_id in self.paid]
        return self._batch(batch_key, known) if known else None

    def parse_statement(self, ctx: Ctx[Any], content: bytes, media_type: str) -> list[StatementLine]:
        if self.unreadable:
            raise self.unreadable
        return self.lines

    def _batch(self, batch_key: str, ids: list[str]) -> Batch:
        state: Any = "submitted" if self.by_file else self.state
        sum_ = total((self.paid[i].amount for i in ids if state != "failed"), "EUR") + Money(self.lies, "EUR")
        views = tuple(PayoutView(i, state, f"ref-{i}") for i in ids)
        document = b"<pain/>" if self.by_file else b""
        return Batch(batch_key=batch_key, state="submitted", total=sum_, payouts=views, document=document, media_type="application/xml")


@dataclass
class Installed:
    """Stands for `Installations`: the one installation of the storefront."""

    bank: Bank
    clock: FakeClock
    installation: Installation = field(
        default_factory=lambda: Installation(
            id=INSTALLATION,
            tenant=TENANT,
            plugin="bank",
            mode="live",
            enabled=True,
            rank=1,
            sealed=b"",
            created_at="2026-01-01T00:00:00Z",
            fingerprint="f",
        )
    )
    offered: bool = True
    away: bool = False
    """Whether the plug-in runs elsewhere and does not answer."""

    def get(self, tenant: str, installation_id: str) -> Installation:
        assert (tenant, installation_id) == (TENANT, INSTALLATION)
        return self.installation

    def is_test(self, installation: Installation) -> bool:
        return installation.mode == "test"

    def plugin(self, installation: Installation) -> Bank:
        if not self.offered:
            raise NotOffered(installation.plugin)
        return self.bank

    def config(self, installation: Installation) -> Config:
        return Config()

    def capability(self, installation: Installation) -> Any:
        if self.away:
            raise Unavailable(f"{installation.plugin} does not say what it can do: try again in a minute")
        return self.plugin(installation).capability(Config())

    def context(self, installation: Installation, deadline: datetime) -> Ctx[Any]:
        return Ctx(config=Config(), base_url="", deadline=deadline, now=self.clock())


class Payday:
    """A storefront that pays daily from 1.00 EUR, on a table; its suppliers' accounts are known."""

    def __init__(self, table: str, commission_per_mille: int = 0, **bank: Any) -> None:
        self.clock, self.bank = FakeClock(), Bank(**bank)
        self.store, self.ledger = PayoutStore(table), LedgerStore(table)
        self.credentials = Credentials(FakeKeys())
        plugins: Any = Installed(self.bank, self.clock)
        self.context = PayoutContext(self.store, self.ledger, plugins, self.credentials, self.clock)
        self.ledger_service = LedgerService(self.ledger, commission_per_mille, self.clock, hold_days=14)
        schedule = PayoutSchedule(tenant=TENANT, installation_id=INSTALLATION, every="day", on=0, minimums=(Minimum("EUR", 100),))
        today = self.clock().date().isoformat()
        self.store.keep_schedule(schedule, Appointment(f"{today}T00:00:00.000Z", TENANT, f"payday#1#{today}"))

    def account(self, account_id: str, iban: str = "DE89370400440532013000", provider_account: str = "") -> None:
        before = self.store.account(account_id)
        payee = Payee(account_id=account_id, name=f"{account_id} GmbH", iban=iban, country="DE", provider_account=provider_account)
        assert self.store.keep_account(seal_account(payee, before.version + 1 if before else 1, self.credentials))

    def sweep(self, **later: float) -> None:
        self.clock.tick(**later)
        PayoutSweep(self.context).run(ENDLESS, 100)

    def sweeps(self, days: int = 2) -> None:
        """Every twenty minutes for a while, then daily."""
        for _ in range(6):
            self.sweep(minutes=20)
        for _ in range(days):
            self.sweep(days=1)
            self.sweep(seconds=1)

    def paid_out(self) -> dict[str, int]:
        """Payee → what the bank paid it."""
        found: dict[str, int] = {}
        for payout in self.bank.paid.values():
            found[payout.payee.account_id] = found.get(payout.payee.account_id, 0) + payout.amount.amount
        return found

    def booked(self, account: str) -> int:
        """What the account's statement says was paid to it."""
        page = self.ledger.page(f"{account}#statement", "0", "~", after=None, limit=100, newest_first=False)
        return -sum(line.amounts.get("payout", 0) for line in page.lines)

    def due(self, day: str = "2099-01-01") -> dict[str, int]:
        """Payee → what waits for a payday."""
        found: dict[str, int] = {}
        for payable in self.store.due_payables(TENANT, "EUR", day, 1000):
            found[payable.payee] = found.get(payable.payee, 0) + payable.amount
        return {payee: amount for payee, amount in found.items() if amount}

    def batches(self) -> list[Any]:
        return self.store.batches(TENANT, 100, None)[0]

    def shows(self, payout_id: str, amount: int, known: str = "l1", day: date = date(2026, 11, 20)) -> StatementLine:
        return StatementLine(id=known, booked_on=day, amount=Money(amount, "EUR"), reference=payout_id)


def owe(*amounts: int, payee: str = SUPPLIER) -> None:
    """Make these due without orders: moto's transactions are slow."""
    for number, amount in enumerate(amounts):
        payable_item(due_partition(TENANT, "EUR"), Payable(payee, "EUR", "2026-10-01", f"jrn_{number}", amount)).save()
