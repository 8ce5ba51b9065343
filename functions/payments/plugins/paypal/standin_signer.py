"""Signs notices as PayPal does, with a certificate made here that stands for the one which PayPal would serve at `CERTIFICATE_URL`."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from monsoon_plugin.clock import rfc3339
from monsoon_plugin.plugin import RawWebhook

CERTIFICATE_URL = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-5a29e601"
SIGNER = "messageverificationcerts.sandbox.paypal.com"
TRANSMISSION = "69cd13f0-d67a-11e5-baa3-778b53f4ae55"


@dataclass(frozen=True)
class Signer:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, name: str = SIGNER, begins: datetime | None = None, days: int = 365) -> "Signer":
        """A self-signed certificate for `name`."""
        key = rsa.generate_private_key(65537, 2048)
        begins = begins or datetime.now(UTC) - timedelta(days=1)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(begins + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        )  # fmt: skip
        return cls(key, builder.sign(key, SHA256()))

    def sign(self, body: bytes, webhook_id: str, at: datetime, url: str = CERTIFICATE_URL) -> RawWebhook:
        text = f"{TRANSMISSION}|{rfc3339(at)}|{webhook_id}|{zlib.crc32(body)}".encode()
        headers: Mapping[str, str] = {
            "paypal-transmission-id": TRANSMISSION, "paypal-transmission-time": rfc3339(at), "paypal-auth-algo": "SHA256withRSA",
            "paypal-cert-url": url, "paypal-transmission-sig": base64.b64encode(self.key.sign(text, PKCS1v15(), SHA256())).decode(),
        }  # fmt: skip
        return RawWebhook(body, headers)


@cache
def signer() -> Signer:
    """One for the whole process: making a key takes a moment."""
    return Signer.made()
