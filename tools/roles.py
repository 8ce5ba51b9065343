"""Writes docs/roles.md, who may call what, from the declarations of the routes.

python -m tools.roles            write it
python -m tools.roles --check    fail if it does not say what the code says
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from app import services
from shared.api.caller import SCOPES, Role
from shared.api.operation import Operation

PAGE = Path(__file__).parents[1] / "docs" / "roles.md"
PEOPLE: tuple[Role, ...] = ("supplier", "storefront", "clerk", "shopper", "auditor", "operator")
"""The columns; a client site's key has one of its own."""
HEAD = """# Who may call what

Written by `make roles` from the routes' own declarations; a test holds it to them. A role that is widened changes this page, so read its
diff as you read code.

The rule itself lies in `shared/api/caller.py` (roles, scopes, `Caller.need`) and is applied to every request by `admitted` in
`shared/api/service.py`; a route only declares what it asks for.

- **Public**: nobody need be signed in (●). Everything else wants an access token or an API key.
- A person with one of the roles marked ● may call it; ○: any signed-in person may.
- **Key**: the least scope by which a client site's API key may call it, for its own storefront. `browse` is held by `sell`, `sell`
  by `manage`. Without a scope here no key may. Some answers and deeds ask for more than the route does; the operation's text says so.
- **Verified**: the account's identity must have been verified (●).

Whose data it is, the role does not say: every key in the database begins with the caller's own account, so another's is simply not found.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_chapter(service.app_name, service.operations) for service in services())


def _chapter(name: str, operations: Iterable[Operation]) -> str:
    heads = ("Operation", "", "Public", *PEOPLE, "Key", "Verified")
    rows = sorted((operation.path, operation.method, tuple(_cells(operation))) for operation in operations)
    lines = [_row(heads), _row("---" for _ in heads), *(_row(cells) for _, _, cells in rows)]
    return f"\n## {name}\n\n" + "\n".join(lines) + "\n"


def _cells(operation: Operation) -> Iterator[str]:
    yield f"`{operation.method} {operation.path}`"
    yield operation.summary.rstrip(".")
    yield _mark(operation.public)
    for role in PEOPLE:
        yield "" if operation.public else _mark(role in operation.allow) if operation.allow else "○"
    yield f"`{operation.key}`" if operation.key in SCOPES else ""
    yield _mark(operation.verified)


def _mark(holds: bool) -> str:
    return "●" if holds else ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.roles", description="who may call what, from the routes' declarations")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if docs/roles.md is out of date")
    if parser.parse_args().check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
            print("docs/roles.md does not say what the code says: run `make roles`, and read its diff", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
