"""Bytecode that lies beside the source before a function starts: Lambda's folders are read-only, so that what is not compiled when it is
built is compiled at every cold start.

python -m infra.bytecode     (`make build` calls it first: it looks for the runtime's own Python, fetches it if it can, and says so)

A .pyc is good for the Python of its magic number alone (PEP 3147), which all releases of one minor version share.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.templates import template

ASKED = "RUNTIME_PYTHON"
"""The environment variable that names the runtime's Python where it is not found by its name."""
UV = Path(sys.executable).with_name("uv")
SAID = "import sys; print('python%d.%d' % sys.version_info[:2])"


def runtime() -> str:
    """The functions' runtime, which is the name of its Python: python3.13."""
    return str(template()["Globals"]["Function"]["Runtime"])


def interpreter(*, fetch: bool = False) -> str | None:
    """A Python on this machine that is the runtime's; None where there is none. `fetch`: let uv install one, if it can."""
    return next((found for found in _candidates(fetch) if _answers(found)), None)


def compiled(folder: Path, python: str = sys.executable) -> None:
    """Add the bytecode of `python` to all that lies in `folder`, good whatever times an archive gives the files. What is no module of
    this Python (a template, a test of bad syntax) stays as it is."""
    how = ["-m", "compileall", "-qq", "-f", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(folder), str(folder)]
    subprocess.run([python, "-I", *how], check=False)


def compiled_for_runtime(folder: Path) -> None:
    """Add the runtime's bytecode to `folder`; without the runtime's Python, leave it as it is: it works, and starts slower."""
    if found := interpreter():
        compiled(folder, found)


def _candidates(fetch: bool) -> Iterator[str]:
    yield os.environ.get(ASKED) or runtime()
    version = runtime().removeprefix("python")
    if fetch:
        subprocess.run([UV, "python", "install", "--quiet", version], capture_output=True, check=False)
    managed = [str(UV), "python", "find", "--python-preference", "only-managed", version]
    yield subprocess.run(managed, capture_output=True, text=True, check=False).stdout.strip()


def _answers(python: str) -> bool:
    """Whether it starts, and is of the runtime's version."""
    try:
        said = subprocess.run([python, "-I", "-c", SAID], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return said.stdout.strip() == runtime()


if __name__ == "__main__":
    found = interpreter(fetch=True)
    print(f"bytecode by {found}" if found else f"there is no {runtime()} here ({ASKED}=/path/to/it names one): built without bytecode,"
          " the functions work and start slower")  # fmt: skip
