"""`python -m tools.openapi` writes the HTTP contract from the code; `--check` only says whether it is written.

infra/openapi.yaml is OpenAPI 3.1, for people and clients; infra/openapi.aws.yaml is derived from it, for API Gateway.
"""

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from app import Gateway, services
from tools.contract.document import document
from tools.contract.gateway import for_api_gateway

ROOT = Path(__file__).parents[1]
HEAD = "# Written by `python -m tools.openapi` from the code: change the code, not this file.\n"


class Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: people read no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(tree: Mapping[str, Any]) -> str:
    return HEAD + yaml.dump(tree, Dumper=Plain, sort_keys=False, allow_unicode=True, width=130)


def contracts() -> dict[str, str]:
    """The text of each generated file, by its path in the project."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    people = document(Gateway(services(), dict).operations, version)
    return {"infra/openapi.yaml": written(people), "infra/openapi.aws.yaml": written(for_api_gateway(people))}


def stale() -> list[str]:
    """The generated files that do not say what the code says."""
    return [path for path, text in contracts().items() if not (ROOT / path).exists() or (ROOT / path).read_text() != text]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    if parser.parse_args().check:
        found = stale()
        sys.exit(f"stale: {', '.join(found)}: run `python -m tools.openapi`" if found else 0)
    for path, text in contracts().items():
        (ROOT / path).write_text(text)
        print(f"{path}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
