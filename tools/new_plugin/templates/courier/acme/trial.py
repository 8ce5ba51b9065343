"""What the kit must know to try Acme. Every field is described in monsoon_plugin/testing.py."""

import secrets

from monsoon_plugin.standin import Asked, Reply, as_json, serving
from monsoon_plugin.testing import CourierTrial

API_KEY, NOTICE_SECRET = secrets.token_hex(16), secrets.token_hex(16)
SENDER = {
    "name": "Jo Sender", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB", "phone": "+442071234567",
}  # fmt: skip


def answer(asked: Asked) -> Reply:
    """The courier's stand-in. This one knows nothing: write yours here, or let `start` start the courier's own emulator."""
    return as_json({"error": "not written yet"}, 404)


TRIAL = CourierTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET, "origin": SENDER},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=lambda: serving(answer),
)
"""To add: where it goes abroad, how labels are counted, an address that is refused, scan, notice."""
