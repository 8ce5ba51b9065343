"""What the kit must know to try Acme. Every field is described in conformance/trial.py."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from conformance.places import listening
from conformance.trial import PaymentTrial

API_KEY, NOTICE_SECRET = secrets.token_hex(16), secrets.token_hex(16)


@contextmanager
def start() -> Iterator[str]:
    """The provider's stand-in; answers its address. This one knows nothing and answers 404: start the provider's emulator, or yours."""
    with listening() as (address, _):
        yield address


TRIAL = PaymentTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=start,
)
"""To add: what pays at once or at the provider (data, pay), what is declined, capture by hand (manual), charges, notice."""
