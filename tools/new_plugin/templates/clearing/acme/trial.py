"""What the kit must know to try Acme. Every field is described in monsoon_plugin/testing.py."""

import secrets

from monsoon_plugin.standin import Asked, Reply, as_json, serving
from monsoon_plugin.testing import ClearingTrial

API_KEY, NOTICE_SECRET = secrets.token_hex(16), secrets.token_hex(16)


def answer(asked: Asked) -> Reply:
    """The provider's stand-in. This one knows nothing: write yours here, or let `start` start the provider's own emulator."""
    return as_json({"error": "not written yet"}, 404)


TRIAL = ClearingTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=lambda: serving(answer),
    payees=({"name": "Ada", "iban": "GB82WEST12345698765432", "country": "GB"},),
)
"""To add: how transfers are counted, notice; for a plug-in that reads statements, statement."""
