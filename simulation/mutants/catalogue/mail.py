"""Bugs in mail: sent twice, to whom it should not go, not sent at all, not said to have failed."""

from simulation.mutants.mutant import Mutant

OUTBOX = "functions/notices/outbox/outbox.py"

MAIL = (
    Mutant(
        "a cause that is heard twice is two mails",
        OUTBOX,
        "            if self.mails.add(begun):\n                self._send(begun)",
        "            self.mails.add(begun)\n            self._send(begun)",
    ),
    Mutant(
        "who has sent a mail back is written to on",
        OUTBOX,
        "            self.mails.stop(self.pseudonym(address), event.why)",
        "            self.pseudonym(address)",
    ),
    Mutant(
        "an address that nobody confirmed gets notices",
        "functions/notices/merchants/notice_settings.py",
        'return self.email if self.confirmed else ""',
        "return self.email",
    ),
    Mutant(
        "a supplier is told what the shopper pays",
        "functions/notices/causes/merchants_causes.py",
        "line.unit_price if own else line.unit_cost",
        "line.unit_price",
    ),
    Mutant(
        "mails of tests are sent",
        OUTBOX,
        "        if cause.test and not self.sends_tests:\n            self.mails.add(",
        "        if cause.test and self.sends_tests:\n            self.mails.add(",
    ),
    Mutant(
        "a mail that came back is not shown",
        OUTBOX,
        "Undelivered.of(mail, self.clock()) if mail.state in NOTED else None",
        'Undelivered.of(mail, self.clock()) if mail.state == "failed" else None',
    ),
)
