"""A deliberate bug: one passage of one module, read differently by the process that it is switched on in. No file is changed."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from infra.templates import ROOT


class Stale(LookupError):
    """The passage that a mutant changes is not in its file once: the code has moved on, and the mutant must follow."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` stands in `path` exactly once; the mutant reads `after` instead."""

    name: str
    path: str
    before: str
    after: str

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    def source(self) -> str:
        """The module's text with the bug in it. Raises Stale."""
        text = (ROOT / self.path).read_text()
        if text.count(self.before) != 1:
            raise Stale(f"{self.name}: {text.count(self.before)} times in {self.path}: {self.before}")
        return text.replace(self.before, self.after)

    def switch_on(self) -> None:
        """Let this process import the module with the bug. Call it before anything imports the module."""
        if self.module in sys.modules:
            raise RuntimeError(f"{self.module} is imported already")
        sys.meta_path.insert(0, _Finder(self))


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self._mutant.source())
        return spec


class _Loader(SourceFileLoader):
    """Compiles the changed text; the bytecode that is kept of the module is left aside."""

    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, str(Path(self.path)), "exec")
