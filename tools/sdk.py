"""Builds what an author of a plug-in installs: two wheels, of the SDK and of the conformance kit.

python -m tools.sdk [--folder dist]     (`make sdk` calls it)

The kit runs a part of the hub's core around a plug-in. That part is copied into the kit's wheel, its imports rewritten under the
wheel's own name, so that an author's environment has no `functions`, `shared` or `conformance`. Only what the kit reaches is copied.
"""

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.templates import ROOT

KIT = "monsoon_conformance"
LEFT_OUT = frozenset({"standins", "__main__.py"})
"""Of conformance/: what tries the plug-ins that Monsoon ships."""
PLACES = {"conformance": KIT, "functions": f"{KIT}.hub.functions", "shared": f"{KIT}.hub.shared"}
"""Our top-level folder → what it is called in the kit's wheel."""
IMPORT = re.compile(rf"^(\s*from )({'|'.join(PLACES)})(?=[.\s])", re.MULTILINE)


def kit_modules() -> list[Path]:
    """The kit's own files."""
    found = (ROOT / "conformance").rglob("*.py")
    return sorted(path for path in found if not LEFT_OUT & set(path.relative_to(ROOT / "conformance").parts))


def reached(sources: list[Path]) -> list[Path]:
    """`sources` and every file of ours that they import, directly or not."""
    known, waiting = set[Path](), list(sources)
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            waiting += imports_of(path)
    return sorted(known)


def imports_of(path: Path) -> Iterator[Path]:
    """Our files that `path` imports, anywhere in it. Raises SystemExit for an import that cannot be rewritten."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import) and any(name.name.partition(".")[0] in PLACES for name in node.names):
            sys.exit(f"{path.relative_to(ROOT)}:{node.lineno}: write `from … import …`, which the kit's wheel can rewrite")
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in PLACES:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            yield from (file for name in names if (file := ROOT / f"{name.replace('.', '/')}.py").is_file())


def place_of(path: Path) -> Path:
    """Where one of our files lies in the kit's wheel."""
    top, *rest = path.relative_to(ROOT).parts
    return Path(*PLACES[top].split("."), *rest)


def rewritten(text: str) -> str:
    return IMPORT.sub(lambda found: found[1] + PLACES[found[2]], text)


def stage_kit(folder: Path) -> None:
    """Lay out the kit's distribution in `folder`."""
    for path in reached(kit_modules()):
        target = folder / place_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / "conformance" / name, folder / name)


def stage_sdk(folder: Path) -> None:
    """Lay out the SDK's distribution in `folder`."""
    shutil.copytree(ROOT / "sdk", folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


def build(dist: Path) -> list[Path]:
    """Build both wheels into `dist`; the same sources make the same bytes. Answers their files."""
    dist.mkdir(parents=True, exist_ok=True)
    return [_wheel(stage, dist.resolve()) for stage in (stage_sdk, stage_kit)]


def _wheel(stage: Callable[[Path], None], dist: Path) -> Path:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage(folder)
        shutil.copy(ROOT / "LICENSE", folder)
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(dist)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"hatchling: {done.stderr[-1000:]}")
    return dist / Path((done.stdout + done.stderr).strip().splitlines()[-1]).name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="build the wheels of the SDK and of the conformance kit")
    parser.add_argument("--folder", type=Path, default=ROOT / "dist", help="where they are put")
    for wheel in build(parser.parse_args().folder):
        print(wheel)
