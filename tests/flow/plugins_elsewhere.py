"""An operator's own plug-ins, one a family, as a function of the operator's runs them: flow tests put this very file into Lambda.

Their provider keeps nothing: what it says derives from what it is asked, and from the config that comes with each call.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from monsoon_plugin.clearing import Batch, ClearingNotice, ClearingPlugin, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.clearing import Capability as Clears
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Capability as Carries
from monsoon_plugin.courier import CarrierConfig, CourierPlugin, Document, Label, LabelRequest, Purchase, Rate, RateRequest, TrackEvent
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, total
from monsoon_plugin.payment import Amend, AnyData, OperationKind, PaymentPlugin, PaymentView, RefundView, StartPayment, State
from monsoon_plugin.payment import Capability as Pays
from monsoon_plugin.plugin import Config, Ctx, Kind, Manifest, RawWebhook
from monsoon_plugin.serving import Served, lambda_handler

CURRENCY, LABEL = "GBP", b"%PDF-1.4\n% a label\n"
AMOUNT = 1645
"""A bowl and its parcel: what is asked for again is told of an amount that the provider would know."""


def manifest(kind: Kind) -> Manifest:
    return Manifest(id="elsewhere", version="1.0", api=1, kind=kind, name={"en": "Elsewhere"}, allowed_hosts=("elsewhere.invalid",))


class Payments:
    """Captures at once; or, where the shopper's side says `later`, when it is asked for."""

    manifest, config_model, confirmation_model = manifest("payment"), Config, AnyData

    def capability(self, config: Config | None) -> Pays:
        return Pays(methods=["card"], operations=[OperationKind.START, OperationKind.REFUND], captures="at_once")

    def check_config(self, ctx: Ctx[Config]) -> None:
        """Every config works."""

    def start(self, ctx: Ctx[Config], request: StartPayment) -> PaymentView:
        later = request.data is not None and "later" in request.data.model_dump()
        return self._view(request.payment_id, request.amount, State.PENDING if later else State.CAPTURED)

    def refund(self, ctx: Ctx[Config], request: Amend) -> RefundView:
        return RefundView(request.op_key, request.amount, "succeeded", request.op_key)

    def fetch(self, ctx: Ctx[Config], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()) -> PaymentView:
        return self._view(provider_ref, Money(AMOUNT, CURRENCY), State.CAPTURED)

    def _view(self, ref: str, amount: Money, state: State) -> PaymentView:
        return PaymentView(provider_ref=ref, state=state, amount=amount, captured=amount.amount if state is State.CAPTURED else 0)


class CounterConfig(CarrierConfig):
    counter: Literal["open", "closed", "refuses"] = "open"


class Courier:
    """Sells labels while its counter is open, makes no customs papers, and is asked where parcels are."""

    manifest, config_model = manifest("courier"), CounterConfig

    def capability(self, config: CounterConfig | None) -> Carries:
        return Carries(labels=True, formats=("PDF",), tracking="poll", max_packages=5)

    def check_config(self, ctx: Ctx[CounterConfig]) -> None:
        """Every config works."""

    def rates(self, ctx: Ctx[CounterConfig], request: RateRequest) -> Sequence[Rate]:
        return [Rate(id="parcel", service="Parcel", price=395, days=(1, 3))]

    def buy(self, ctx: Ctx[CounterConfig], request: LabelRequest, op_key: str) -> Purchase:
        if ctx.config.counter == "closed":
            raise PluginError(ErrorKind.UNAVAILABLE, "the counter is closed")
        if ctx.config.counter == "refuses":
            raise PluginError(ErrorKind.DECLINED, "the account's limit is reached")
        number = hashlib.sha256(op_key.encode()).hexdigest()[:12].upper()
        return Purchase(Label(tracking_number=number), (Document("label", "application/pdf", LABEL),))

    def track(self, ctx: Ctx[CounterConfig], label: Label) -> Sequence[TrackEvent]:
        return [TrackEvent(label.tracking_number, "dispatched", rfc3339(ctx.now))]


class BankConfig(Config):
    tells: Literal["paid", "returned"] = "paid"


class Bank:
    """Takes batches, and says of each what its config says; whoever knows a batch's key may send a notice of it."""

    manifest, config_model = manifest("clearing"), BankConfig

    def capability(self, config: BankConfig | None) -> Clears:
        return Clears(currencies=(CURRENCY,))

    def check_config(self, ctx: Ctx[BankConfig]) -> None:
        """Every config works."""

    def submit(self, ctx: Ctx[BankConfig], batch: SubmitBatch) -> Batch:
        views = tuple(PayoutView(payout.id, "submitted", f"{payout.id}.{payout.amount.amount}") for payout in batch.payouts)
        sum_ = total((payout.amount for payout in batch.payouts), CURRENCY)
        return Batch(batch_key=batch.batch_key, state="submitted", total=sum_, payouts=views)

    def fetch(self, ctx: Ctx[BankConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch:
        views = tuple(PayoutView(payout_id, ctx.config.tells, payout_id) for payout_id in payout_ids)
        return Batch(batch_key=batch_key, state="paid", total=Money(1000 * len(views), CURRENCY), payouts=views)

    def parse_statement(self, ctx: Ctx[BankConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        raise PluginError(ErrorKind.UNSUPPORTED, "send no statements")

    def webhook(self, ctx: Ctx[BankConfig], raw: RawWebhook) -> ClearingNotice:
        return ClearingNotice(hashlib.sha256(raw.body).hexdigest(), raw.body.decode())


payment = lambda_handler(Served(PaymentPlugin, [Payments()]))
courier = lambda_handler(Served(CourierPlugin, [Courier()]))
clearing = lambda_handler(Served(ClearingPlugin, [Bank()]))
