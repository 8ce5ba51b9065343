"""The address of a payment's page: it names the payment and is signed, so that nobody finds another's by trying.

It is short, for Alipay takes no address to come back to of more than 256 characters (alipay.trade.page.pay, `return_url`): what the page
shows beside the payment lies in the table (page_store.py), not in its address.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from shared.api.tickets import Secret
from shared.errors import NotFound

KIND = "pay_"
ID, SIGNED = 26, 16
"""Characters of an id without its kind; bytes of the signature (HMAC-SHA-256, cut: RFC 2104, 5)."""


@dataclass(frozen=True, slots=True)
class PaymentLinks:
    secret: Secret

    def token(self, payment_id: str) -> str:
        """What the address holds: 48 characters."""
        return payment_id.removeprefix(KIND) + self._signature(payment_id)

    def payment_id(self, token: str) -> str:
        """Raises NotFound for a token that is none of ours."""
        payment_id = KIND + token[:ID]
        if not hmac.compare_digest(self._signature(payment_id).encode(), token[ID : ID + 2 * SIGNED].encode()):
            raise NotFound("this address is not whole: open it from the order again")
        return payment_id

    def _signature(self, payment_id: str) -> str:
        whole = hmac.new(self.secret().encode(), b"payment-page:" + payment_id.encode(), sha256).digest()
        return urlsafe_b64encode(whole[:SIGNED]).rstrip(b"=").decode()
