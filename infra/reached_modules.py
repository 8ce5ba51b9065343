"""Which files some code needs when it runs: those that its imports reach, over any number of hops, and the data that they name.

Files are told by their path from a folder that Python imports from, `shared/api/service.py`. Nothing is read or imported here.
What is imported by a name that is made up at run time cannot be seen; a contract test lists who does that.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath


def reached(starts: Iterable[str], files: Mapping[str, bytes]) -> set[str]:
    """`starts` and all of `files` (path → contents) that they need. A start that is not among the files is a KeyError."""
    found, waiting = set[str](), list(starts)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += needed(path, files)
    return found


def needed(path: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """Those of `files` that the one at `path` needs itself: what it imports, the `__init__.py` of each package above it, and the data
    beside it that it names."""
    if path.endswith(".py"):
        place = PurePosixPath(path)
        imports, texts = imports_and_texts(files[path], ".".join(place.parent.parts))
        wanted = [f"{module.replace('.', '/')}{end}" for module in imports for end in (".py", "/__init__.py")]
        wanted += [str(folder / "__init__.py") for folder in place.parents]
        wanted += [str(place.with_name(text)) for text in texts]
        yield from (other for other in wanted if other in files)


@cache
def imports_and_texts(source: bytes, package: str) -> tuple[frozenset[str], frozenset[str]]:
    """What the source of a module in `package` imports when it runs, anywhere in it, and those of its texts that may be the name of a file
    beside it. `from a import b` counts as `a` and as `a.b`."""
    imports, texts = set[str](), set[str]()
    for node in _running(ast.parse(source)):
        if isinstance(node, ast.Import):
            imports.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            imports.update((module, *(f"{module}.{name.name}" for name in node.names)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _may_name_a_file(node.value):
            texts.add(node.value)
    return frozenset(imports), frozenset(texts)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of `tree` without what stands under `if TYPE_CHECKING:`, which no Python runs."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.orelse if isinstance(node, ast.If) and _is_for_types(node.test) else ast.iter_child_nodes(node)


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name | ast.Attribute) and ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """The module that an import names, seen from `package`: each dot but the first goes up one."""
    above = package.split(".")[: 1 - node.level or None] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def _may_name_a_file(text: str) -> bool:
    """One name, without a folder."""
    return 0 < len(text) < 100 and PurePosixPath(text).name == text
