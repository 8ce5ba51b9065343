"""Begins a provider plug-in: make new-plugin KIND=payment NAME=acme [FOLDER=../acme]."""

import argparse
import sys
from pathlib import Path

from infra.templates import ROOT
from tools.new_plugin.scaffold import Refused, written


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
    print(f"\nIt fails the kit until it is written. Next:\n\n  cd {asked.folder.resolve()}\n  export MONSOON={ROOT}\n  less README.md")


if __name__ == "__main__":
    main()
