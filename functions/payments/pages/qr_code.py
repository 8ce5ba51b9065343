"""A code that a telephone reads from the screen, as SVG in the page itself: the CSP lets markup in, and loads nothing."""

SCALE, QUIET = 5, 4
"""Pixels of a module; modules of white around it, as ISO/IEC 18004 wants (8.1)."""


def qr_svg(data: str) -> str:
    """The code of a text, black on white whatever the page's ground: markup that holds nothing but its modules."""
    import segno  # noqa: PLC0415 (30 CPU-ms of a cold start, for the few pages that show a code)

    code = segno.make(data, error="m", micro=False)
    return code.svg_inline(scale=SCALE, border=QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None)
