"""Bugs in carts, checkout pages and the way back from a provider."""

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
