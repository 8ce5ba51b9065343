"""A payment plug-in that the merchant runs itself, behind HTTPS (docs/remote-plugins.md)."""

from pydantic import ConfigDict

from functions.payments.operation import OperationKind
from functions.payments.port import Capability, ConfirmationData, PaymentPlugin
from shared.providers.merchants import MerchantsOwn, manifest


class AnyData(ConfirmationData):
    """What the shopper's side gives; the merchant's plug-in says what it takes."""

    model_config = ConfigDict(extra="allow", frozen=True)


class RemotePayment(MerchantsOwn):
    manifest = manifest("remote_payment", "payment")
    protocol = PaymentPlugin
    confirmation_model = AnyData
    capability_model = Capability
    widest = Capability(
        methods=["remote"], operations=list(OperationKind), captures="by_hand", confirmed_by="shopper", partial_capture=True,
        multiple_capture=True, disputes=True,
    )  # fmt: skip
