"""What the kit must know to try Acme. Every field is described in monsoon_plugin/testing.py."""

from acme.standin import API_KEY, NOTICE_SECRET, answer

from monsoon_plugin.standin import serving
from monsoon_plugin.testing import ClearingTrial

TRIAL = ClearingTrial(
    config={"api_key": API_KEY, "notice_secret": NOTICE_SECRET},
    secrets=(API_KEY, NOTICE_SECRET),
    bad_config={"api_key": "a-wrong-key"},
    standin="nobody yet: everything is answered by 404",
    start=lambda: serving(answer),
    payees=({"name": "Ada", "iban": "GB82WEST12345698765432", "country": "GB"},),
)
"""To add: how transfers are counted, notice; for a plug-in that reads statements, statement."""
