"""The cookie in which a shop's cart lies: named here, since orders ends it when what was in it is ordered.

It has no Path of its own, so that a browser keeps it for where the page lies (RFC 6265, 5.1.4): /shop/<slug> and what is below, or a whole
domain of the shop's own. So only pages right below the shop's address may set it.
"""

from datetime import timedelta

CART = "cart"
KEPT = timedelta(days=60)


def cart_cookie(value: str, *, is_secure: bool) -> dict[str, str]:
    """The header that keeps `value`; an empty one ends it."""
    lasts = int(KEPT.total_seconds()) if value else 0
    return {"Set-Cookie": f"{CART}={value}; Max-Age={lasts}; HttpOnly; SameSite=Lax{'; Secure' if is_secure else ''}"}


def cart_in(cookies: str) -> str:
    """The cart's value in a Cookie header; empty without one."""
    pairs = (part.strip().partition("=") for part in cookies.split(";"))
    return next((value for name, _, value in pairs if name == CART), "")
