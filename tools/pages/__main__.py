"""Writes what pages need beside their templates: translations to fill in, compiled catalogues, the CLDR's figures.

python -m tools.pages            write them
python -m tools.pages --check    fail if one is stale, or a text has no translation
"""

import argparse
import sys
from pathlib import Path

from infra.templates import ROOT
from shared.pages.texts import CATALOGUES
from tools.pages.catalogue import files, flaws
from tools.pages.locales import locales

FIGURES = ROOT / "shared/pages/locales.json"


def contents() -> dict[Path, bytes]:
    return {**files(), FIGURES: locales()}


def faults() -> list[str]:
    """What is stale, and what is not translated."""
    stale = [f"{path.relative_to(ROOT)} is stale" for path, body in contents().items() if not path.exists() or path.read_bytes() != body]
    return stale + [flaw for interface in CATALOGUES for flaw in flaws(interface)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.pages", description="texts and figures of the pages")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something is stale or not translated")
    if not parser.parse_args().check:
        for _ in range(2):  # a catalogue is compiled of what the first pass wrote
            for path, body in contents().items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
    found = faults()
    print("\n".join(found), file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
