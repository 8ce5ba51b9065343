"""What a function's artefact holds: its service's folder, and of shared/ what that reaches by import; nothing that only tries a plug-in.
Templates of pages lie in it compiled.
The plug-ins' SDK lies in the layer that every function has.

`sam build` and the laptop use this one recipe.

python -m infra.artefact FunctionLogicalId FOLDER     (the Makefile's build-<id> targets call it)
"""

import argparse
import io
import zipfile
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from infra.bytecode import compiled_for_runtime
from infra.reached_modules import reached
from infra.templates import ROOT, functions, service_of

TEST_PARTS = (
    "standin",
    "standin.py",
    "standin_*.py",
    "trial.py",
    "trial_*.py",
    "tests",
    "test_*.py",
    "conftest.py",
    "papers",
    "*.mjs",
    "testing.py",
)
"""What lies in a plug-in's folder, and in the SDK, for those who try it: nothing that runs."""
SKIPPED = ("__pycache__", "*.pyc", "README.md")


def is_test_part(path: Path) -> bool:
    """Whether `path`, relative to the project, is left out of artefacts for that."""
    return _fits(path, TEST_PARTS)


def contents(service: str, common: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The artefact of `service`: path in it → file. `common`: what may be deployed of shared/, where somebody has read it already."""
    from infra.compiled_pages import with_pages  # noqa: PLC0415 (it imports of shared/: whoever forks functions holds none of that)

    own = deployed_files(f"functions/{service}")
    files = {**own, **(deployed_files("shared") if common is None else common)}
    return with_pages(reached(own, files), files)


def fill(service: str, folder: Path) -> None:
    """Write the artefact of `service` into `folder`, which may hold others'."""
    write(contents(service), folder)


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write them into `folder` by their paths."""
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)


def zipped(folder: Path, held: Iterable[str], beside: Path | None = None) -> bytes:
    """The artefact that holds these paths, one of those that `folder` was filled with, as a zip whose bytes depend on its contents alone.

    Its files are as they lie in `folder` now, each with its bytecode if that is there. `beside`: a folder of packages that it holds too.
    """
    own = [folder / path for path in held]
    bytecode = [made for path in own for made in path.parent.glob(f"__pycache__/{path.stem}.*.pyc")]
    files = {path.relative_to(folder): path for path in (*own, *bytecode)}
    if beside is not None:
        files |= {path.relative_to(beside): path for path in beside.rglob("*") if path.is_file()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(str(place), (1980, 1, 1, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def deployed_files(source: str) -> dict[str, bytes]:
    """The files of a folder of the project that may be deployed, by the path from which they are imported."""
    paths = [path.relative_to(ROOT) for path in (ROOT / source).rglob("*") if path.is_file()]
    deployed = [path for path in paths if not is_test_part(path) and not _fits(path, SKIPPED)]
    return {path.as_posix().removeprefix("sdk/"): (ROOT / path).read_bytes() for path in deployed}


def _fits(path: Path, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(part, pattern) for part in path.parts for pattern in patterns)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("function", choices=sorted(functions()), metavar="FunctionLogicalId")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    fill(service_of(functions()[asked.function]), asked.folder)
    compiled_for_runtime(asked.folder)
