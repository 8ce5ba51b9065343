"""The number by which people name an order: ten characters of its id, which nobody has to hand out (docs/decisions/0055-who-buys.md)."""

import re

DIGITS = 10
"""Of 32 kinds each, the first of four: one in 1.4 · 10^14."""
SKIPPED = len("ord_")
GROUP = 5
SEEN_AS = str.maketrans("OILU", "011V")
"""What is misread of Crockford's base 32 (crockford.com/base32.html: O, I and L are read so). It has no U."""
FORM = re.compile(rf"[0-9A-HJKMNP-TV-Z]{{{DIGITS}}}")


def order_number(order_id: str) -> str:
    """The order's number, `2GV1C-E162Y`: the same for as long as the order is kept."""
    shown = order_id[SKIPPED : SKIPPED + DIGITS]
    return f"{shown[:GROUP]}-{shown[GROUP:]}"


def id_prefix(number: str) -> str | None:
    """What the ids of orders with this number begin with, however it was typed; None for what is no number."""
    typed = re.sub(r"[\s#\-\u2010-\u2015]", "", number).upper().translate(SEEN_AS)
    return f"ord_{typed}" if FORM.fullmatch(typed) else None
