"""A clearing plug-in that the merchant runs itself, behind HTTPS (docs/remote-plugins.md)."""

from monsoon_plugin.clearing import Capability, ClearingPlugin
from shared.providers.elsewhere.merchant_plugins import MerchantsOwn, manifest


class RemoteClearing(MerchantsOwn):
    manifest = manifest("remote_clearing", "clearing")
    protocol = ClearingPlugin
    capability_model = Capability
    widest = Capability(by_file=True, statements=("application/xml", "text/csv"))
