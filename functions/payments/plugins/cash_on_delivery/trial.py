"""Cash on delivery, which calls nobody: the courier's word captures it."""

from monsoon_plugin.testing import PaymentTrial

TRIAL = PaymentTrial(config={"currencies": ["EUR", "JPY"]}, standin="nobody: it only computes")
