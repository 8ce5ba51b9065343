"""A courier plug-in that the merchant runs itself, behind HTTPS (docs/remote-plugins.md)."""

from monsoon_plugin.courier import Capability, CarrierConfig, CourierPlugin
from shared.providers.elsewhere.merchant_plugins import MerchantsOwn, RemoteConfig, manifest


class RemoteCourierConfig(RemoteConfig, CarrierConfig):
    """The sender is said beside the plug-in's own settings: the hub prints customs papers with it. Both are sent as one config."""


class RemoteCourier(MerchantsOwn):
    manifest = manifest("remote_courier", "courier")
    config_model = RemoteCourierConfig
    protocol = CourierPlugin
    capability_model = Capability
    widest = Capability(labels=True, formats=("PDF", "ZPL"), tracking="webhook", customs=True, max_packages=20)
