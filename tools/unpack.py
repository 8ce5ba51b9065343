"""`python -m tools.unpack` prints the packed texts of items: what `aws dynamodb get-item` or `query` answered, with each of them readable.

Reads the command's JSON from standard input and writes it again, packed texts as texts (docs/decisions/0046-packed-texts.md).
"""

import argparse
import json
import sys
from typing import Any

from shared.aws.packing import unpacked

EXAMPLE = """example:
  aws dynamodb get-item --table-name $table --key '{"pk":{"S":"…"},"sk":{"S":"ord_…"}}' | python -m tools.unpack
"""


def readable(told: Any) -> Any:
    """`told` with each packed text in it as a text; other bytes, such as sealed ones, stay as they are."""
    match told:
        case {"B": str()} if len(told) == 1:
            try:
                return {"S": unpacked(told)}
            except ValueError:
                return told
        case dict():
            return {name: readable(value) for name, value in told.items()}
        case list():
            return [readable(value) for value in told]
    return told


def main() -> None:
    argparse.ArgumentParser(
        prog="python -m tools.unpack", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    try:
        told = json.load(sys.stdin)
    except ValueError as error:
        sys.exit(f"standard input is no JSON ({error}): pipe an answer of aws dynamodb into this, see --help")
    json.dump(readable(told), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
