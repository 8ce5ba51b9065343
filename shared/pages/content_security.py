"""What a browser may do with a page of ours: show it. No script, no frame, no style but ours, no form to elsewhere (CSP level 3)."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def policy(css: str, images: Sequence[str] = (), forms: Sequence[str] = ()) -> str:
    """The header for a page whose one style element holds `css`.

    `images`: origins of its pictures; none: they lie where the page does. `forms`: hosts to which an answer to one of the page's forms
    may send the browser on: Chromium holds the redirect to `form-action`, too. `data:` is the tab's picture, which asks nobody.
    `connect-src`: no page has a script that could connect, but DevTools, and so Lighthouse, is held to it when it asks for /robots.txt.
    """
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    parts = (
        "default-src 'none'", " ".join(("img-src", *(images or ("'self'",)), "data:")), f"style-src 'sha256-{digest}'",
        " ".join(("form-action 'self'", *forms)), "connect-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )  # fmt: skip
    return "; ".join(parts)
