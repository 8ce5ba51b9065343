"""A payment plug-in that the merchant runs itself, behind HTTPS (docs/remote-plugins.md)."""

from monsoon_plugin.payment import AnyData, Capability, OperationKind, PaymentPlugin
from shared.providers.elsewhere.merchant_plugins import MerchantsOwn, manifest


class RemotePayment(MerchantsOwn):
    manifest = manifest("remote_payment", "payment")
    protocol = PaymentPlugin
    confirmation_model = AnyData
    capability_model = Capability
    widest = Capability(
        methods=["remote"], operations=list(OperationKind), captures="by_hand", confirmed_by="shopper", partial_capture=True,
        multiple_capture=True, disputes=True,
    )  # fmt: skip
