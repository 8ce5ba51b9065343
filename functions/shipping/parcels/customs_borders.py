"""Whether goods pass customs between two countries.

Sources: Regulation (EU) No 952/2013, article 4 (customs territory of the Union), and Decision 91/115/EEC's successor for Monaco; the
Swiss–Liechtenstein customs union treaty of 29 March 1923.
"""

import re

UNIONS = (
    frozenset(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMCMTNLPLPTROSESISK")),
    frozenset({"CH", "LI"}),
)
"""Countries within which goods need no customs papers. Territories with codes and taxes of their own (AX, GP, RE, …) do need them."""


def crosses(sender: str, recipient: str) -> bool:
    """Whether goods from one country to the other pass customs."""
    return sender != recipient and not any({sender, recipient} <= union for union in UNIONS)
