"""Begins a provider plug-in: make new-plugin KIND=payment NAME=acme [FOLDER=../acme]."""

import argparse
import sys
from pathlib import Path

from infra.templates import ROOT
from tools.new_plugin.scaffold import Refused, title_of, written


def main() -> None:
    parser = argparse.ArgumentParser(prog="make new-plugin", description="begin a provider plug-in")
    parser.add_argument("--kind", required=True, help="payment, courier or clearing")
    parser.add_argument("--name", required=True, help="its id and package")
    parser.add_argument("--folder", required=True, type=Path, help="where it is written; new or empty")
    asked = parser.parse_args()
    try:
        files = written(asked.kind, asked.name, asked.folder)
    except (Refused, OSError) as error:
        sys.exit(str(error))
    for file in files:
        print(file)
    dist = ROOT / "dist"
    print(f"\nIt fails the kit until it is written. Next:\n\n  make sdk        # the SDK's and the kit's wheels, into {dist}")
    print(f"  cd {asked.folder.resolve()}\n  python3 -m venv .venv\n  .venv/bin/pip install --find-links {dist} --editable '.[test]'")
    print(f"  .venv/bin/python -m pytest --plugin {asked.name}.plugin:{title_of(asked.name)}\n\nREADME.md there says the rest.")


if __name__ == "__main__":
    main()
