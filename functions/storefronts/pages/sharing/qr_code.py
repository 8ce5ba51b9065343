"""A QR code of an address, as a drawing that stands in the page: any telephone's camera reads it."""

from functools import lru_cache

QUIET, MOST = 4, 200
"""Modules of white around it, as ISO/IEC 18004 wants; codes that are kept."""


@lru_cache(MOST)
def qr_svg(address: str, label: str) -> str:
    """An svg element of black on white, with `label` for people who cannot see it; empty for an address of over 2,331 bytes."""
    import segno  # noqa: PLC0415 (the pages that show one are few)
    from markupsafe import escape  # noqa: PLC0415

    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        return ""
    side = code.symbol_size(border=QUIET)[0]
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark
    )  # fmt: skip
    return (
        f'<svg class="qr" role="img" aria-label="{escape(label)}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
