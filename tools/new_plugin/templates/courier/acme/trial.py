"""What the kit must know to try Acme. Every field is described in conformance/trial.py."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from conformance.places import listening
from conformance.trial import CourierTrial

API_KEY, NOTICE_SECRET = secrets.token_hex(16), secrets.token_hex(16)
SENDER = {
    "name": "Jo Sender", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB", "phone": "+442071234567",
}  # fmt: skip


@contextmanager
def start() -> Iterator[str]:
    """The courier's stand-in; answers its address. This one knows nothing and answers 404: start the courier's emulator, or yours."""
    with listening() as (address, _):
        yield address


TRIAL = CourierTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET, "origin": SENDER},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=start,
)
"""To add: where it goes abroad, how labels are counted, an address that is refused, scan, notice."""
