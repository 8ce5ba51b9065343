"""What the kit must know to try Acme. Every field is described in monsoon_plugin/testing.py."""

from acme.standin import API_KEY, NOTICE_SECRET, answer

from monsoon_plugin.standin import serving
from monsoon_plugin.testing import CourierTrial

SENDER = {
    "name": "Jo Sender", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB", "phone": "+442071234567",
}  # fmt: skip

TRIAL = CourierTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET, "origin": SENDER},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=lambda: serving(answer),
)
"""To add: where it goes abroad, how labels are counted, an address that is refused, scan, notice."""
