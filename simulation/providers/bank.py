"""A clearing provider with books of its own: whom it paid how much, by which payout."""

from collections.abc import Sequence

from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook
from simulation.providers.outside import Outside


class BankBooks:
    """All batches, by our key."""

    def __init__(self) -> None:
        self.batches: dict[str, SubmitBatch] = {}

    def pay(self, batch: SubmitBatch) -> SubmitBatch:
        return self.batches.setdefault(batch.batch_key, batch)

    def paid(self) -> dict[tuple[str, str], int]:
        """(account, currency) → what it was paid."""
        found: dict[tuple[str, str], int] = {}
        for batch in self.batches.values():
            for payout in batch.payouts:
                key = (payout.payee.account_id, payout.amount.currency)
                found[key] = found.get(key, 0) + payout.amount.amount
        return found


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
        return _told(self._outside.call(f"bank submit {batch.batch_key}", lambda: self._books.pay(batch)))

    def fetch(self, ctx: Ctx[BankConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        held = self._outside.call(f"bank fetch {batch_key}", lambda: self._books.batches.get(batch_key))
        return _told(held) if held else None

    def parse_statement(self, ctx: Ctx[BankConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        raise PluginError(ErrorKind.UNSUPPORTED, "no statements here")

    def webhook(self, ctx: Ctx[BankConfig], raw: RawWebhook) -> ClearingNotice | None:
        return None


def _told(batch: SubmitBatch) -> Batch:
    total = Money(sum(payout.amount.amount for payout in batch.payouts), batch.payouts[0].amount.currency)
    views = tuple(PayoutView(payout.id, "paid") for payout in batch.payouts)
    return Batch(batch_key=batch.batch_key, state="paid", total=total, payouts=views)
