"""EasyPost: EasyPost's carriers and the merchant's own behind one account. It buys a Shipment for one package, an Order for several.

EasyPost knows no idempotency key. A Shipment is therefore made first, with our key as its reference, which costs nothing; only then
is it bought, and EasyPost sells each Shipment one label. Asked again, the same Shipment is found by its reference and bought.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from functions.shipping.documents.media_types import media_type_of
from functions.shipping.plugins.easypost.client import FILES, Client, Kind
from functions.shipping.plugins.easypost.request import address_of, customs_of, options_of, parcel_of
from functions.shipping.plugins.easypost.translate import (
    FORMS,
    LABELS,
    events_of,
    is_bought,
    is_given_back,
    label_of,
    label_url,
    notice_of,
    offered_rate,
    rates_of,
    shipments_of,
    signature_of,
)
from functions.shipping.quotes.combined_rates import combined_rates
from monsoon_plugin.address import Address
from monsoon_plugin.courier import (
    Capability,
    CarrierConfig,
    Document,
    Label,
    LabelRequest,
    Package,
    Parcel,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
    TrackNotice,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx, Manifest, RawWebhook

OLDEST = timedelta(hours=72)
"""EasyPost signs when an event was born, not when it is told, and tells it again until somebody answers. What is older than the hub
remembers notices for is refused."""
AHEAD = timedelta(minutes=5)
MOST_FORMS = 5
MODES = {"EZTK": "test", "EZAK": "live"}
"""What a key begins with (docs.easypost.com/docs/authentication)."""


def _api_key(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if text[:4] not in MODES or not text.isalnum() or not text.isascii() or len(text) > 200:
        raise ValueError("this is not an API key of EasyPost: EZTK… or EZAK…")
    return secret


class EasyPostConfig(CarrierConfig):
    api_key: Annotated[SecretStr, AfterValidator(_api_key)]
    webhook_secret: Annotated[SecretStr, Field(min_length=8, max_length=200)] | None = Field(
        default=None, description="of the webhook /v1/hooks/couriers/<installation>; without it notices are refused and parcels are polled"
    )
    verify_addresses: bool = Field(default=False, description="refuse addresses that EasyPost cannot verify as deliverable")
    asks_phone: bool = Field(
        default=True, description="ask shoppers for a telephone number before they pay: FedEx, UPS, DHL and all parcels abroad are priced "
        "without one, and refused a label; false where this account sends by USPS within the United States alone",
    )  # fmt: skip
    customs_signer: str = Field(default="", max_length=100, description="who certifies customs papers; empty: the sender")
    eel_pfc: str = Field(default="NOEEI 30.37(a)", max_length=35, description="exemption or ITN of exports from the United States")
    days: tuple[int, int] = Field(default=(2, 10), description="earliest and latest day of delivery, where a carrier does not say")


class EasyPost:
    """The plug-in (port.CourierPlugin)."""

    manifest = Manifest(
        id="easypost",
        version="1.0",
        api=1,
        kind="courier",
        name={"en": "EasyPost", "zh": "EasyPost"},
        allowed_hosts=("api.easypost.com", *FILES),
        timeout=timedelta(seconds=25),
    )
    config_model = EasyPostConfig

    def capability(self, config: EasyPostConfig | None) -> Capability:
        notices = config is None or config.webhook_secret is not None
        by_phone = config is None or config.asks_phone
        return Capability(
            labels=True, formats=("PDF", "ZPL"), tracking="webhook" if notices else "poll", customs=True, max_packages=20,
            needs=("phone", "region", "postal_code") if by_phone else ("region", "postal_code"),
        )  # fmt: skip

    def check_config(self, ctx: Ctx[EasyPostConfig]) -> None:
        if MODES[ctx.config.api_key.get_secret_value()[:4]] != ctx.mode:
            raise PluginError(ErrorKind.CONFIG, f"this installation is {ctx.mode}, the API key is not")
        _client(ctx).check()

    def rates(self, ctx: Ctx[EasyPostConfig], request: RateRequest) -> Sequence[Rate]:
        client = _client(ctx)
        with _understood():
            quoted = [
                rates_of(client.quote(_kind(parcel), _params(ctx.config, parcel, request.address, "", request.currency)), ctx.config.days)
                for parcel in request.parcels
            ]
            return combined_rates(quoted)

    def buy(self, ctx: Ctx[EasyPostConfig], request: LabelRequest, op_key: str) -> Purchase:
        client, kind = _client(ctx), _kind(request.parcel)
        with _understood():
            made = client.find(kind, op_key)
            if made is None:
                params = _params(ctx.config, request.parcel, request.address, request.order_id, request.currency)
                made = client.quote(kind, {**params, "reference": op_key})
            if not is_bought(made):
                made = _bought(client, kind, made, request.rate_id)
        try:
            return _purchase(client, ctx.config, made)
        except PluginError as error:
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "The label is bought but could not be read yet.", error.provider_code) from error

    def fetch(self, ctx: Ctx[EasyPostConfig], op_key: str) -> Purchase | None:
        client = _client(ctx)
        with _understood():
            made = client.find("shipment", op_key) or client.find("order", op_key)
            bought = made is not None and is_bought(made)
        return _purchase(client, ctx.config, made) if bought else None

    def void(self, ctx: Ctx[EasyPostConfig], label: Label, op_key: str) -> None:
        client = _client(ctx)
        with _understood():
            bought = _named(client, label)
            left = [shipment for shipment in shipments_of(bought) if not _is_asked_back(shipment)]
            if len(left) == 1:
                answers = [client.refund(left[0]["id"])["refund_status"]]
            else:
                answers = [made["status"] for made in client.refund_all(label.carrier, [s["tracking_code"] for s in left])] if left else []
            if not all(is_given_back(answer) for answer in answers):
                raise PluginError(ErrorKind.CONFLICT, "The carrier does not take the label back.", "rejected")

    def track(self, ctx: Ctx[EasyPostConfig], label: Label) -> Sequence[TrackEvent]:
        with _understood():
            shipments = shipments_of(_named(_client(ctx), label))
            events = [event for shipment in shipments if shipment["tracker"] for event in events_of(shipment["tracker"])]
            return sorted(events, key=lambda event: event.occurred_at)

    def webhook(self, ctx: Ctx[EasyPostConfig], raw: RawWebhook) -> TrackNotice | None:
        secret = ctx.config.webhook_secret
        if secret is None:
            raise PluginError(ErrorKind.SIGNATURE, "this installation has no webhook_secret: notices cannot be verified")
        signature = raw.headers.get("x-hmac-signature", "")
        if not compare_digest(signature_of(raw.body, secret.get_secret_value()).encode(), signature.encode()):
            raise PluginError(ErrorKind.SIGNATURE, "the signature is not EasyPost's for this installation")
        with _understood():
            event = json.loads(raw.body)
            born = datetime.fromisoformat(event["created_at"])
            if not ctx.now - OLDEST <= born <= ctx.now + AHEAD:
                raise PluginError(ErrorKind.SIGNATURE, "the notice is too old, or from the future")
            return notice_of(event)


def _client(ctx: Ctx[EasyPostConfig]) -> Client:
    return Client(ctx, ctx.config.api_key.get_secret_value())


@contextmanager
def _understood() -> Iterator[None]:
    """What EasyPost answers has the fields that are documented. Raises PluginError (protocol) if it has not."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "EasyPost's answer is not understood", type(error).__name__) from None


def _kind(parcel: Parcel) -> Kind:
    return "shipment" if len(parcel.packages) == 1 else "order"


def _params(config: EasyPostConfig, parcel: Parcel, address: Address, order_id: str, currency: str) -> dict[str, Any]:
    """What a Shipment or an Order is made of."""
    sender = config.sender(parcel.supplier_id)
    options = options_of(config.label_format, order_id, currency)
    ends = {"from_address": address_of(sender), "to_address": address_of(address)}
    if config.verify_addresses:
        ends["to_address"]["verify_strict"] = ["delivery"]
    boxes = [{"parcel": parcel_of(package), **_customs(config, package, sender, address)} for package in parcel.packages]
    if len(boxes) == 1:
        return {**ends, **boxes[0], "options": options}
    return {**ends, "shipments": [{**box, "options": options} for box in boxes]}


def _customs(config: EasyPostConfig, package: Package, sender: Address, address: Address) -> Mapping[str, Any]:
    """What customs must know of a package that goes abroad; nothing in a quote, which knows no values yet."""
    if sender.country == address.country or not any(content.value for content in package.contents):
        return {}
    signer = config.customs_signer or sender.name
    return {"customs_info": customs_of(package.contents, signer=signer, eel_pfc=config.eel_pfc)}


def _bought(client: Client, kind: Kind, made: Mapping[str, Any], rate_id: str) -> Mapping[str, Any]:
    """The Shipment with its label. A refusal of one that has its label by now, as a doubled request gets, is none."""
    rate = offered_rate(made, rate_id)
    try:
        bought: Mapping[str, Any] = client.buy(kind, made, rate)
    except PluginError as error:
        if error.kind not in (ErrorKind.INVALID, ErrorKind.CONFLICT):
            raise
        found = client.find(kind, made["id"])
        if found is None or not is_bought(found):
            raise
        bought = found
    if not is_bought(bought):
        raise PluginError(ErrorKind.PROTOCOL, "EasyPost says that the label is bought, but shows none", made["id"])
    return bought


def _purchase(client: Client, config: EasyPostConfig, bought: Mapping[str, Any]) -> Purchase:
    """Its labels in the merchant's format, and the forms that the carriers made."""
    with _understood():
        shipments = shipments_of(bought)
        labels = [_label_file(client, config, shipment) for shipment in shipments]
        forms = [form for shipment in shipments for form in shipment["forms"]][:MOST_FORMS]
        papers = [paper for form in forms if not form["submitted_electronically"] for paper in _form_file(client, form)]
        return Purchase(label_of(bought), (*labels, *papers))


def _label_file(client: Client, config: EasyPostConfig, shipment: Mapping[str, Any]) -> Document:
    wanted = config.label_format
    url = label_url(shipment, wanted) or label_url(client.converted(shipment["id"], wanted), wanted)
    if url is None:
        raise PluginError(ErrorKind.PROTOCOL, f"EasyPost shows no label as {wanted}", shipment["id"])
    content = client.file(url)
    if media_type_of(content) != LABELS[wanted][1]:
        raise PluginError(ErrorKind.PROTOCOL, f"EasyPost's label is no {wanted}", shipment["id"])
    return Document("label", LABELS[wanted][1], content)


def _form_file(client: Client, form: Mapping[str, Any]) -> Iterator[Document]:
    """A carrier's form, if it can be printed."""
    content = client.file(form["form_url"])
    media_type = media_type_of(content)
    if media_type:
        yield Document(FORMS.get(form["form_type"], "other"), media_type, content)


def _named(client: Client, label: Label) -> Mapping[str, Any]:
    """What `label` was bought as. Raises PluginError (invalid) if EasyPost does not know it."""
    kind: Kind = "order" if label.provider_ref.startswith("order_") else "shipment"
    found: Mapping[str, Any] | None = client.find(kind, label.provider_ref)
    if found is None:
        raise PluginError(ErrorKind.INVALID, "EasyPost does not know this label", label.provider_ref)
    return found


def _is_asked_back(shipment: Mapping[str, Any]) -> bool:
    return shipment["refund_status"] is not None and is_given_back(shipment["refund_status"])
