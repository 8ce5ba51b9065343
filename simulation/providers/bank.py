"""A clearing provider with books of its own: whom it paid how much, by which payout."""

from collections.abc import Sequence
from random import Random

from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, Payout, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook
from simulation.faults import ProviderFault
from simulation.providers.outside import Outside

TROUBLES: tuple[tuple[ProviderFault, ...], ...] = ((), (), (), ("slow",), ("lost",), ("refused",), ("dies after",), ("slow", "slow"))
"""What the first batches of a schedule meet, the last of them first."""


class BankBooks:
    """All batches, by our key, and what became of each payout."""

    def __init__(self, random: Random) -> None:
        """`random`: which accounts are closed is the bank's own affair."""
        self.batches: dict[str, SubmitBatch] = {}
        self.views: dict[str, PayoutView] = {}
        self._random, self._closed = random, random.choice((0.0, 0.0, 0.0, 0.2))
        self._troubles: list[ProviderFault] = list(random.choice(TROUBLES))
        self.troubled = False
        """Whether a batch met trouble, or a payout was refused."""

    def trouble(self) -> ProviderFault | None:
        """What the next batch meets: payouts come when all other faults are over."""
        self.troubled = self.troubled or bool(self._troubles)
        return self._troubles.pop() if self._troubles else None

    def pay(self, batch: SubmitBatch) -> Batch:
        if batch.batch_key not in self.batches:
            self.batches[batch.batch_key] = batch
            self.views |= {payout.id: self._paid(payout) for payout in batch.payouts}
        return self.told(batch.batch_key)

    def told(self, key: str) -> Batch:
        """A batch as the bank tells it."""
        batch = self.batches[key]
        views = tuple(self.views[payout.id] for payout in batch.payouts)
        total = sum(payout.amount.amount for payout in batch.payouts if self.views[payout.id].state != "failed")
        return Batch(batch_key=key, state="paid", total=Money(total, batch.payouts[0].amount.currency), payouts=views)

    def send_back(self) -> str | None:
        """A payout that was paid comes back. Answers its batch's key; None if none is paid."""
        paid = [
            (key, payout.id) for key, batch in self.batches.items() for payout in batch.payouts if self.views[payout.id].state == "paid"
        ]
        if not paid:
            return None
        key, payout_id = self._random.choice(paid)
        self.views[payout_id] = PayoutView(payout_id, "returned", f"ba_{payout_id}", "account closed")
        return key

    def paid(self) -> dict[tuple[str, str], int]:
        """(account, currency) → what it was paid, and kept."""
        found: dict[tuple[str, str], int] = {}
        for batch in self.batches.values():
            for payout in batch.payouts:
                if self.views[payout.id].state == "paid":
                    key = (payout.payee.account_id, payout.amount.currency)
                    found[key] = found.get(key, 0) + payout.amount.amount
        return found

    def _paid(self, payout: Payout) -> PayoutView:
        if self._random.random() >= self._closed:
            return PayoutView(payout.id, "paid")
        self.troubled = True
        return PayoutView(payout.id, "failed", self._random.choice(("", f"ba_{payout.id}")), "no such account")


class BankConfig(Config):
    pass


class Bank:
    """The plug-in."""

    config_model = BankConfig
    manifest = Manifest(id="sim_bank", version="1.0", api=1, kind="clearing", allowed_hosts=("bank.example",))

    def __init__(self, books: BankBooks, outside: Outside) -> None:
        self._books, self._outside = books, outside

    def capability(self, config: BankConfig | None) -> Capability:
        return Capability(lookup=True)

    def check_config(self, ctx: Ctx[BankConfig]) -> None:
        """Any config is good."""

    def submit(self, ctx: Ctx[BankConfig], batch: SubmitBatch) -> Batch:
        return self._outside.call(f"bank submit {batch.batch_key}", lambda: self._books.pay(batch), slow=True)

    def fetch(self, ctx: Ctx[BankConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        return self._outside.call(
            f"bank fetch {batch_key}", lambda: self._books.told(batch_key) if batch_key in self._books.batches else None
        )

    def parse_statement(self, ctx: Ctx[BankConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        raise PluginError(ErrorKind.UNSUPPORTED, "no statements here")

    def webhook(self, ctx: Ctx[BankConfig], raw: RawWebhook) -> ClearingNotice | None:
        return ClearingNotice(*raw.body.decode().split())
