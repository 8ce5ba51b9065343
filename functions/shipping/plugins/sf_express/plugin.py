"""SF Express (顺丰速运): parcels within mainland China, Hong Kong, Macau and Taiwan, by the open platform's documented protocol."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, model_validator

from functions.shipping.documents.media_types import media_type_of
from functions.shipping.plugins.sf_express.client import HONG_KONG, MAINLAND, SANDBOX, Client
from functions.shipping.plugins.sf_express.translate import (
    CANCELED,
    COUNTRIES,
    NEVER_ORDERED,
    ORDERED_BEFORE,
    events_of,
    is_refused,
    label_of,
    notice_of,
    order_of,
    price_question,
    printed,
    rates_of,
)
from functions.shipping.quotes.combined_rates import combined_rates
from monsoon_plugin.courier import (
    Capability,
    CarrierConfig,
    Document,
    Label,
    LabelRequest,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
    TrackNotice,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import CurrencyCode
from monsoon_plugin.plugin import Ctx, Manifest, RawWebhook

MOST_WAYBILLS = 20
"""COM_RECE_CLOUD_PRINT_WAYBILLS: of one print."""


class SFExpressConfig(CarrierConfig):
    partner_id: str = Field(pattern=r"^[0-9A-Za-z_]{2,64}$", description="顾客编码 (partnerID)")
    checkword: Annotated[SecretStr, Field(min_length=8, max_length=128)] = Field(description="校验码, of the sandbox or of production")
    monthly_card: str = Field(default="", pattern=r"^[0-9]{0,20}$", description="月结卡号; without one the sender pays the courier")
    region: Literal["mainland", "hong_kong"] = Field(default="mainland", description="which platform the account belongs to")
    services: list[int] = Field(default=[1, 2], min_length=1, max_length=20, description="快件产品类别 that your contract has")
    currency: CurrencyCode = Field(default="CNY", description="in which SF Express charges you")
    template: str = Field(default="", max_length=100, description="模板编码 of the label; empty: fm_76130_standard_<partner_id>")
    collected: bool = Field(default=False, description="a courier is called for each parcel")

    @model_validator(mode="after")
    def _printable(self) -> Self:
        if self.label_format != "PDF":
            raise ValueError("label_format: SF Express prints PDF")
        if any(sender.country not in COUNTRIES for sender in (self.origin, *self.origins.values())):
            raise ValueError(f"origin: SF Express fetches parcels in {', '.join(COUNTRIES)}")
        return self


class SFExpress:
    """The plug-in (port.CourierPlugin)."""

    manifest = Manifest(
        id="sf_express",
        version="1.0",
        api=1,
        kind="courier",
        name={"en": "SF Express", "zh": "顺丰速运"},
        allowed_hosts=(MAINLAND, HONG_KONG, SANDBOX),
        acknowledgement='{"return_code":"0000","return_msg":"成功"}',
    )
    config_model = SFExpressConfig

    def capability(self, config: SFExpressConfig | None) -> Capability:
        return Capability(
            currencies=(config.currency,) if config else None, countries=tuple(COUNTRIES), needs=("phone", "region"), labels=True,
            formats=("PDF",), tracking="poll", max_packages=MOST_WAYBILLS,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[SFExpressConfig]) -> None:
        """Asks for an order that nobody made."""
        self._ordered(_client(ctx), "monsoon-check")

    def rates(self, ctx: Ctx[SFExpressConfig], request: RateRequest) -> Sequence[Rate]:
        client, config = _client(ctx), ctx.config
        if request.address.country not in COUNTRIES:
            return []
        questions = [
            price_question(parcel, config.sender(parcel.supplier_id), request.address, config.monthly_card, ctx.now)
            for parcel in request.parcels
        ]
        with _understood():
            answers = [client.ask("EXP_RECE_QUERY_DELIVERTM", question) for question in questions]
            return combined_rates([rates_of(answer, config.services, config.currency, ctx.now) for answer in answers])

    def buy(self, ctx: Ctx[SFExpressConfig], request: LabelRequest, op_key: str) -> Purchase:
        client, config = _client(ctx), ctx.config
        if request.address.country not in COUNTRIES:
            raise PluginError(ErrorKind.UNSUPPORTED, f"SF Express does not go to {request.address.country}")
        if request.rate_id not in map(str, config.services):
            raise PluginError(ErrorKind.INVALID, "SF Express does not offer this service any more.", request.rate_id[:40])
        order = order_of(
            request, config.sender(request.parcel.supplier_id), op_key, card=config.monthly_card, collected=config.collected
        )  # fmt: skip
        with _understood():
            try:
                label = label_of(client.change("EXP_RECE_CREATE_ORDER", order)["msgData"])
            except PluginError as error:
                ordered = self._ordered(client, op_key) if error.provider_code == ORDERED_BEFORE else None
                if ordered is None:
                    raise
                label = ordered
        try:
            return _purchase(client, config, label)
        except PluginError as error:
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "The label is bought but could not be read yet.", error.provider_code) from error

    def fetch(self, ctx: Ctx[SFExpressConfig], op_key: str) -> Purchase | None:
        client = _client(ctx)
        label = self._ordered(client, op_key)
        return _purchase(client, ctx.config, label) if label else None

    def void(self, ctx: Ctx[SFExpressConfig], label: Label, op_key: str) -> None:
        cancel = {"dealType": 2, "language": "zh-CN", "orderId": label.provider_ref, "waybillNoInfoList": []}
        with _understood():
            try:
                done = _client(ctx).change("EXP_RECE_UPDATE_ORDER", cancel)["msgData"]["resStatus"]
            except PluginError as error:
                if error.provider_code in CANCELED:
                    return
                raise
            if str(done) != "2":
                raise PluginError(ErrorKind.CONFLICT, "SF Express does not take the label back.", f"resStatus {done}")

    def track(self, ctx: Ctx[SFExpressConfig], label: Label) -> Sequence[TrackEvent]:
        """Asked for by our order: a waybill's routes are told only to who knows a phone number on it."""
        question = {"language": "zh-CN", "trackingType": "2", "trackingNumber": [label.provider_ref], "methodType": "1"}
        with _understood():
            return events_of(_client(ctx).ask("EXP_RECE_SEARCH_ROUTES", question))

    def webhook(self, ctx: Ctx[SFExpressConfig], raw: RawWebhook) -> TrackNotice | None:
        """SF Express signs no push, so none is believed: it only makes the core ask."""
        try:
            return notice_of(json.loads(raw.body))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise PluginError(ErrorKind.SIGNATURE, "this is no route push of SF Express") from error

    def _ordered(self, client: Client, op_key: str) -> Label | None:
        """What was ordered under a key; None if nothing was, or nothing that is delivered."""
        with _understood():
            try:
                found = client.ask("EXP_RECE_SEARCH_ORDER_RESP", {"searchType": "1", "orderId": op_key, "language": "zh-CN"})["msgData"]
            except PluginError as error:
                if error.provider_code in NEVER_ORDERED:
                    return None
                raise
            return None if is_refused(found) else label_of(found)


def _client(ctx: Ctx[SFExpressConfig]) -> Client:
    config = ctx.config
    return Client(ctx, config.partner_id, config.checkword.get_secret_value(), MAINLAND if config.region == "mainland" else HONG_KONG)


@contextmanager
def _understood() -> Iterator[None]:
    """What SF Express answers has the fields that are documented. Raises PluginError (protocol) if it has not."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "SF Express's answer is not understood", type(error).__name__) from None


def _purchase(client: Client, config: SFExpressConfig, label: Label) -> Purchase:
    """The label, printed: a PDF for each waybill."""
    template = config.template or f"fm_76130_standard_{config.partner_id}"
    with _understood():
        files: list[Any] = client.ask("COM_RECE_CLOUD_PRINT_WAYBILLS", printed(label, template))["obj"]["files"]
        papers = [Document("label", "application/pdf", client.file(file["url"], file["token"])) for file in files[:MOST_WAYBILLS]]
    if not papers or any(media_type_of(paper.content) != paper.media_type for paper in papers):
        raise PluginError(ErrorKind.PROTOCOL, "SF Express printed no label", label.provider_ref)
    return Purchase(label, tuple(papers))
