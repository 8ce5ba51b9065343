"""Providers' notices (webhooks), as every host of plug-ins takes them."""

from shared.errors import Unauthorized


class NoticeRefused(Unauthorized):
    """A plug-in could not verify a notice (monsoon_plugin.errors.ErrorKind.SIGNATURE)."""

    code, title = "notice-refused", "This notice is not signed by the provider with the installation's secret, or is too old"
