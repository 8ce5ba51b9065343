"""Bugs in carts, checkout pages and the way back from a provider; in mail: sent twice, to whom it should not go, not said to have failed."""

from simulation.mutants.mutant import Mutant

REVIEW = "functions/orders/pages/review_routes.py"
PAYING = "functions/payments/pages/page_payments.py"

SHOP_PAGES = (
    Mutant(
        "a review that is sent twice is two orders",
        REVIEW,
        'Idempotency.of({"idempotency-key": asked.key}, visit.account_id, _target(visit), body)',
        'Idempotency.of({"idempotency-key": f"{asked.key}{services.clock():%H%M%S}"}, visit.account_id, _target(visit), body)',
    ),
    Mutant(
        "who comes back is told what was known before",
        PAYING,
        "if not payment.awaited or self._just_sent(payment):",
        "if not payment.awaited or payment.operations:",
    ),
    Mutant(
        "a cart of another shop is read",
        "functions/storefronts/pages/cart/cart_tickets.py",
        "if kept.s == storefront_id else",
        "if kept.s else",
    ),
)

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
