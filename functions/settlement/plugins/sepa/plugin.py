"""SEPA credit transfers: a pain.001 file that the merchant hands to its bank, and the camt.053 statement that the bank hands back."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from functions.settlement.plugins.sepa.camt import statement_lines
from functions.settlement.plugins.sepa.translate import COUNTRIES, identification, payments_of, text
from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.iban import checked_iban
from monsoon_plugin.money import Money, total
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook

BIC = r"^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$"
STATEMENTS = ("application/xml", "text/xml")


class SepaConfig(Config):
    name: str = Field(min_length=1, max_length=70, description="of the account's holder")
    iban: Annotated[str, Field(max_length=42), AfterValidator(checked_iban)] = Field(examples=["DE89 3704 0044 0532 0130 00"])
    bic: str = Field(default="", pattern=BIC, description="ISO 9362; few banks still want it")
    version: Literal["pain.001.001.03", "pain.001.001.09"] = Field(
        default="pain.001.001.09", description="of the file; the older one where the bank takes no other"
    )


class Sepa:
    manifest = Manifest(id="sepa", version="1.0", api=1, kind="clearing", name={"en": "SEPA credit transfer", "zh": "SEPA 转账"})
    config_model = SepaConfig

    def capability(self, config: SepaConfig | None) -> Capability:
        return Capability(currencies=("EUR",), countries=COUNTRIES, by_file=True, statements=STATEMENTS, lookup=False)

    def check_config(self, ctx: Ctx[SepaConfig]) -> None:
        if ctx.config.iban[:2] not in COUNTRIES:
            raise PluginError(ErrorKind.CONFIG, "the IBAN is of no SEPA country")

    def submit(self, ctx: Ctx[SepaConfig], batch: SubmitBatch) -> Batch:
        from functions.settlement.plugins.sepa.client import credit_transfer  # noqa: PLC0415 (statements are read without it)

        config, message_id = ctx.config, identification(batch.batch_key)
        payments = payments_of(batch.payouts, batch.execute_on)
        debtor = {"name": text(config.name, 70), "IBAN": config.iban} | ({"BIC": config.bic} if config.bic else {})
        day = ctx.now.replace(hour=0, minute=0, second=0, microsecond=0)
        document = credit_transfer(debtor, config.version, message_id, day, payments)
        views = tuple(PayoutView(payout.id, "submitted") for payout in batch.payouts)
        sum_ = total((Money(payment["amount"], "EUR") for payment in payments), "EUR")
        return Batch(
            batch_key=batch.batch_key,
            state="submitted",
            total=sum_,
            payouts=views,
            document=document,
            media_type="application/xml",
            provider_ref=message_id,
        )

    def fetch(self, ctx: Ctx[SepaConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        raise PluginError(ErrorKind.UNSUPPORTED, "a bank is asked by its statements")

    def parse_statement(self, ctx: Ctx[SepaConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        if media_type not in STATEMENTS:
            raise PluginError(ErrorKind.UNSUPPORTED, f"send a camt.053 statement as {STATEMENTS[0]}")
        return statement_lines(content, ctx.config.iban)

    def webhook(self, ctx: Ctx[SepaConfig], raw: RawWebhook) -> ClearingNotice | None:
        raise PluginError(ErrorKind.UNSUPPORTED, "banks send no notices")
