"""What the kit must know to try Acme. Every field is described in monsoon_plugin/testing.py."""

from acme.standin import API_KEY, NOTICE_SECRET, answer

from monsoon_plugin.standin import serving
from monsoon_plugin.testing import PaymentTrial

TRIAL = PaymentTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=lambda: serving(answer),
)
"""To add: what pays at once or at the provider (data, pay), what is declined, capture by hand (manual), charges, notice."""
