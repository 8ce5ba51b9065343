"""PayPal's webhooks: whether one is genuine, and what it tells (developer.paypal.com/api/rest/webhooks/rest, /event-names). Pure.

The signed text is `transmission id|time|webhook id|CRC32 of the body in decimal`, by RSA with SHA-256 and the key of the certificate
that `paypal-cert-url` names.
"""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from functions.payments.plugins.paypal.disputes import dispute_of
from functions.payments.plugins.paypal.translate import money_of
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import PaymentView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook

TOLERANCE = 300
"""Seconds by which a notice's time may differ from ours."""
CERTIFICATE_HOSTS: Mapping[str, str] = {"live": "api.paypal.com", "test": "api.sandbox.paypal.com"}
"""Where certificates may lie, by mode: a sandbox's signature, which anybody can have, never counts for real money."""
SIGNERS: Mapping[str, str] = {"live": "messageverificationcerts.paypal.com", "test": "messageverificationcerts.sandbox.paypal.com"}
"""Whom the certificate must name (github.com/paypal/PayPal-Python-SDK, `webhook_event`)."""
CERTIFICATES = 6
"""A chain is no longer."""

EVENTS = frozenset({
    "CHECKOUT.ORDER.APPROVED", "CHECKOUT.ORDER.COMPLETED", "PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.AUTHORIZATION.VOIDED",
    "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.DECLINED", "PAYMENT.CAPTURE.DENIED", "PAYMENT.CAPTURE.PENDING",
    "PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.REFUND.FAILED", "PAYMENT.REFUND.PENDING",
})  # fmt: skip
GO_BACK = frozenset({"PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED"})
CAPTURE = re.compile(r"/v2/payments/captures/([0-9A-Z]{1,50})$")
DISPUTES = frozenset({"CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED"})


@dataclass(frozen=True, slots=True)
class Signed:
    """A notice's claims about itself, none of them believed yet."""

    text: bytes
    signature: bytes
    certificate_url: str

    @classmethod
    def of(cls, raw: RawWebhook, webhook_id: str, mode: str, now: datetime) -> "Signed":
        """Raises PluginError (signature): a header is missing, the time is not now, the certificate lies elsewhere than at PayPal."""
        try:
            transmission, at, algorithm, url, signature = (raw.headers[f"paypal-{name}"] for name in (
                "transmission-id", "transmission-time", "auth-algo", "cert-url", "transmission-sig",
            ))  # fmt: skip
            age = abs((now - from_rfc3339(at)).total_seconds())
            signed = base64.b64decode(signature, validate=True)
        except (KeyError, ValueError) as error:
            raise refused("a header of the signature is missing or malformed") from error
        if algorithm != "SHA256withRSA":
            raise refused("the signature's algorithm is not SHA256withRSA")
        if age > TOLERANCE:
            raise refused("the notice's time is more than five minutes from ours")
        if not _at_paypal(url, mode):
            raise refused("the certificate does not lie at PayPal")
        return cls(f"{transmission}|{at}|{webhook_id}|{zlib.crc32(raw.body)}".encode(), signed, url)

    def verify(self, certificate: x509.Certificate) -> None:
        """Raises PluginError (signature)."""
        key = certificate.public_key()
        try:
            if not isinstance(key, RSAPublicKey):
                raise refused("the certificate's key is not RSA")
            key.verify(self.signature, self.text, PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise refused("the signature is not PayPal's for this installation") from error


def refused(why: str) -> PluginError:
    return PluginError(ErrorKind.SIGNATURE, why)


def _at_paypal(url: str, mode: str) -> bool:
    """Whether `url` is https at exactly PayPal's host, without a port, a user or a query."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https" and parts.netloc == CERTIFICATE_HOSTS[mode] and parts.path.startswith("/v1/notifications/certs/")
            and ".." not in parts.path and not parts.query and not parts.fragment and url.isascii() and url.isprintable()
        )  # fmt: skip
    except ValueError:
        return False


def signer_of(pem: bytes, mode: str, now: datetime) -> x509.Certificate:
    """The certificate that signs, which stands first; each that follows must have issued the one before.

    Its root is not looked for: it came over TLS from PayPal's own host, whose certificate was checked. Raises PluginError (signature).
    """
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise refused("PayPal's certificate cannot be read") from error
    if len(chain) > CERTIFICATES:
        raise refused("PayPal's certificate comes with too many others")
    for one, issuer in pairwise(chain):
        try:
            one.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise refused("PayPal's certificate was not issued by the one that follows it") from error
    return current(chain[0], mode, now)


def current(certificate: x509.Certificate, mode: str, now: datetime) -> x509.Certificate:
    """`certificate`, if it is valid now and names PayPal's signer. Raises PluginError (signature)."""
    if not certificate.not_valid_before_utc <= now.astimezone(UTC) <= certificate.not_valid_after_utc:
        raise refused("PayPal's certificate is not valid now")
    if SIGNERS[mode] not in _names(certificate):
        raise refused("the certificate does not name PayPal's signer")
    return certificate


def _names(certificate: x509.Certificate) -> set[str]:
    """The DNS names that it is made out to; without any, its common name."""
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return {str(name.value).lower() for name in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)}
    return {name.lower() for name in alternative.value.get_values_for_type(x509.DNSName)}


def notice_of(body: bytes) -> WebhookResult | None:
    """A verified notice; None for other events, and for payments that are not ours."""
    event: Mapping[str, Any] = json.loads(body)
    kind, resource = event["event_type"], event["resource"]
    if kind in DISPUTES:
        return _dispute(str(event["id"]), resource)
    if kind not in EVENTS:
        return None
    named = resource["purchase_units"][0] if kind.startswith("CHECKOUT.ORDER") else resource
    ours = _ours(named.get("custom_id"))
    return WebhookResult(str(event["id"]), ours[1], ours[0], settled=kind == "PAYMENT.CAPTURE.COMPLETED") if ours else None


def capture_of(body: bytes) -> str | None:
    """The capture that a refund belongs to whose notice names no payment: one that was made elsewhere, or a reversal."""
    event = json.loads(body)
    if event["event_type"] not in GO_BACK or event["resource"].get("custom_id"):
        return None
    places = [str(link["href"]) for link in event["resource"].get("links") or () if link.get("rel") == "up"]
    found = CAPTURE.search(places[0]) if places else None
    return found[1] if found else None


def refund_notice(body: bytes, custom_id: str | None) -> WebhookResult | None:
    """The same notice by its capture's custom id."""
    ours = _ours(custom_id)
    return WebhookResult(str(json.loads(body)["id"]), ours[1], ours[0]) if ours else None


def _ours(custom_id: str | None) -> tuple[str, str] | None:
    """The order and the payment that a custom id names; a refund's names its op_key after them."""
    parts = (custom_id or "").split("/")
    return (parts[0], parts[1]) if len(parts) >= 2 and parts[0] and parts[1] else None


def _dispute(event_id: str, told: Mapping[str, Any]) -> WebhookResult | None:
    """A dispute of one payment. PayPal's library asks for none, so the notice itself tells."""
    transaction = told["disputed_transactions"][0]
    ours = _ours(transaction.get("custom"))
    if ours is None:
        return None
    whole = money_of(transaction.get("gross_amount") or told["dispute_amount"])
    view = PaymentView(provider_ref="", state=State.CAPTURED, amount=whole, disputes=(dispute_of(told),))
    return WebhookResult(event_id, ours[1], ours[0], view=view)
