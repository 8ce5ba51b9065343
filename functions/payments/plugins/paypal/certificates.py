"""Certificates that PayPal signs its notices with: fetched from PayPal, held by this process."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from functions.payments.plugins.paypal.notices import current, refused, signer_of
from monsoon_plugin.requests_call import send

MOST = 20
"""Certificates held; PayPal uses one or two at a time."""
SECONDS = 5.0
Fetch = Callable[[str], bytes]


def over_tls(url: str) -> bytes:
    """A certificate as PayPal serves it. Raises PluginError: signature if PayPal has none there, unavailable if it cannot be asked."""
    answer = send("PayPal", "GET", url, {"Accept": "application/x-pem-file"}, None, seconds=SECONDS, changes=False)
    if not answer.ok:
        raise refused("PayPal does not serve the certificate that the notice names")
    return answer.text.encode()


class Certificates:
    """By address; those used longest ago go first. A name that was never fetched costs one request."""

    def __init__(self, fetch: Fetch = over_tls) -> None:
        self._fetch, self._held = fetch, OrderedDict[str, x509.Certificate]()

    def signer(self, url: str, mode: str, now: datetime) -> x509.Certificate:
        """The certificate at `url`, which was found to be PayPal's. Raises PluginError."""
        if url not in self._held:
            self.keep(url, signer_of(self._fetch(url), mode, now))
        self._held.move_to_end(url)
        return current(self._held[url], mode, now)

    def keep(self, url: str, certificate: x509.Certificate) -> None:
        self._held[url] = certificate
        while len(self._held) > MOST:
            self._held.popitem(last=False)


CERTIFICATES = Certificates()
