"""A QR code as a drawing that stands in the page, where the CSP lets markup in: any telephone's camera reads it."""

from functools import lru_cache

QUIET, MOST, WIDTH = 4, 200, 200
"""Modules of white around it, as ISO/IEC 18004 wants (8.1); codes that are kept; pixels, where no style says otherwise."""


@lru_cache(MOST)
def qr_svg(told: str, label: str = "") -> str:
    """An svg element of black on white whatever the page's ground, with `label` for people who cannot see it, unless what is around it has
    one; empty for a text of over 2,331 bytes."""
    import segno  # noqa: PLC0415 (30 CPU-ms of a cold start, for the few pages that show one)
    from markupsafe import escape  # noqa: PLC0415

    try:
        code = segno.make(told, error="m", micro=False)
    except segno.DataOverflowError:
        return ""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    side = code.symbol_size(border=QUIET)[0]
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark
    )  # fmt: skip
    return (
        f'<svg class="qr" {spoken} width="{WIDTH}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
