"""What a function's artefact holds: its service's folder, shared/ and the plug-ins' SDK, without what only tries a plug-in.

`sam build` and the laptop use this one recipe.

python infra/artefact.py FunctionLogicalId FOLDER     (the Makefile's build-<id> targets call it)
"""

import argparse
import compileall
import io
import py_compile
import shutil
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from infra.templates import ROOT, functions, service_of

COMMON = ("shared", "sdk/monsoon_plugin")
TEST_PARTS = ("standin", "standin.py", "standin_*.py", "trial.py", "tests", "test_*.py", "conftest.py", "papers", "*.mjs", "testing.py")
"""What lies in a plug-in's folder, and in the SDK, for those who try it: nothing that runs."""
SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", "README.md", *TEST_PARTS)


def is_test_part(path: Path) -> bool:
    """Whether `path`, relative to the project, is left out of artefacts for that."""
    return any(fnmatch(part, pattern) for part in path.parts for pattern in TEST_PARTS)


def fill(service: str, folder: Path) -> None:
    """Copy `service` and what all functions share into `folder`."""
    for source in (f"functions/{service}", *COMMON):
        shutil.copytree(ROOT / source, folder / source.removeprefix("sdk/"), ignore=SKIPPED, dirs_exist_ok=True)


def compiled(folder: Path) -> None:
    """Add this Python's bytecode, good whatever the files' times: the laptop unpacks the artefact anew for each worker."""
    compileall.compile_dir(folder, quiet=1, stripdir=str(folder), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def zipped(folder: Path, service: str, beside: Path | None = None) -> bytes:
    """The artefact of `service`, one of those that `folder` was filled with, as a zip whose bytes depend on its contents alone.

    `beside`: a folder of packages that it holds too.
    """
    parts = (folder / "functions" / service, *(folder / source.removeprefix("sdk/") for source in COMMON))
    files = {path.relative_to(folder): path for part in parts for path in part.rglob("*") if path.is_file()}
    if beside is not None:
        files |= {path.relative_to(beside): path for path in beside.rglob("*") if path.is_file()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(str(place), (1980, 1, 1, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("function", choices=sorted(functions()), metavar="FunctionLogicalId")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    fill(service_of(functions()[asked.function]), asked.folder)
