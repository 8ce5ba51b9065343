"""python -m tools.receipt_letters FONT     (makes functions/orders/pages/receipts/letters.ttf)

The letters of receipts: those of GBK and of Big5, Latin, Greek and Cyrillic ones, kana and signs, cut out of Noto Sans SC (Regular,
2.004, OFL 1.1, as the npm package @expo-google-fonts/noto-sans-sc 0.4.3 has it). The same font gives the same file.
"""

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from infra.templates import ROOT

TARGET = ROOT / "functions/orders/pages/receipts/letters.ttf"
SPANS = (
    (0x20, 0x7F), (0xA0, 0x250), (0x370, 0x460), (0x1E00, 0x1F00), (0x2010, 0x2060), (0x20A0, 0x20C1), (0x2100, 0x2140), (0x2190, 0x2194),
    (0x25A0, 0x25D0), (0x3000, 0x3100), (0xFF00, 0xFFF0),
)  # fmt: skip
"""Of Unicode: Latin with its accents, Greek, Cyrillic, punctuation, currencies, letter-like signs, arrows, boxes, kana, full width."""
SETS = ("gbk", "big5")
DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "STAT", "gasp", "meta", "avar", "fvar", "gvar", "HVAR", "MVAR")


def letters() -> set[int]:
    """Their code points."""
    return {ord(letter) for name in SETS for letter in _of(name)} | set(chain.from_iterable(range(*span) for span in SPANS))


def _of(name: str) -> Iterator[str]:
    for pair in (bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF)):
        yield from pair.decode(name, "ignore")[:1]


def cut(source: Path) -> TTFont:
    """The font with these letters alone, without hints and features."""
    options = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, name_IDs=[0, 1, 2, 5, 13, 14], notdef_outline=True, recalc_timestamp=False,
    )  # fmt: skip
    options.drop_tables += DROPPED
    font = subset.load_font(str(source), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=letters())
    chosen.subset(font)
    return font


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="cut the letters of receipts out of a font")
    parser.add_argument("font", type=Path, help="NotoSansSC_400Regular.ttf")
    cut(parser.parse_args().font).save(TARGET, reorderTables=True)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")
