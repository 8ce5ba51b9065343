"""Bank transfer: the shopper pays into the merchant's account with a reference; the merchant says when it has come."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from functions.payments.plugins.bank_transfer.translate import reference
from functions.payments.plugins.offline import Offline, captured
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.iban import checked_iban
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.payment import Amend, Capability, ConfirmationData, OperationKind, PaymentView, StartPayment, State
from monsoon_plugin.plugin import Config, Ctx, Manifest


class BankConfig(Config):
    account_holder: str = Field(min_length=1, max_length=70)
    iban: Annotated[str, Field(max_length=42), AfterValidator(checked_iban)] = Field(examples=["DE89 3704 0044 0532 0130 00"])
    bic: str = Field(default="", pattern=r"^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$", description="ISO 9362")
    currencies: list[CurrencyCode] = Field(default=["EUR"], min_length=1, max_length=50, description="what the account takes")


class Receipt(ConfirmationData):
    """The merchant's word that the money has come."""

    amount: int = Field(ge=1, le=MAX_AMOUNT, strict=True, description="what came, in minor units: the whole amount of the payment")


class BankTransfer(Offline[BankConfig]):
    manifest = Manifest(id="bank_transfer", version="1.0", api=1, kind="payment", name={"en": "Bank transfer", "zh": "银行转账"})
    config_model = BankConfig
    confirmation_model = Receipt

    def capability(self, config: BankConfig | None) -> Capability:
        limits: dict[str, Any] = {} if config is None else {"currencies": config.currencies}
        kinds = [OperationKind.START, OperationKind.CONFIRM, OperationKind.CANCEL, OperationKind.REFUND]
        return Capability(
            methods=["bank_transfer"], pages={"bank_transfer": "instructions"},
            operations=kinds, captures="on_confirmation", confirmed_by="merchant", **limits
        )  # fmt: skip

    def start(self, ctx: Ctx[BankConfig], request: StartPayment) -> PaymentView:
        if request.data is not None:
            raise PluginError(ErrorKind.INVALID, "a transfer is confirmed when it has come, not when it is begun")
        known = reference(request.payment_id)
        action = {"type": "transfer", "account_holder": ctx.config.account_holder, "iban": ctx.config.iban, "reference": known}
        return PaymentView(
            provider_ref=known,
            state=State.PENDING,
            amount=request.amount,
            next_action=action | ({"bic": ctx.config.bic} if ctx.config.bic else {}),
        )

    def confirm(self, ctx: Ctx[BankConfig], request: Amend, data: Receipt) -> PaymentView:
        if data.amount != request.paid.amount:
            raise PluginError(ErrorKind.INVALID, f"the payment is of {request.paid}: confirm it when all of it has come")
        return captured(request)
