"""An author's side of a plug-in: the project of docs/plugins.md, its wheel, an environment that has nothing of this checkout."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tools.new_plugin.scaffold import written

PAGE = ROOT / "docs" / "plugins.md"
UV = Path(sys.executable).with_name("uv")
KNOWN = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""What an author's shell has of ours, beside settings of pip and uv: no PYTHONPATH."""


def run(folder: Path, *command: str | Path, path: str = "") -> subprocess.CompletedProcess[str]:
    """A program in `folder`, in an author's shell; `path`: its MYPYPATH, if it needs one."""
    known = {k: v for k, v in os.environ.items() if k.upper() in KNOWN or k.startswith(("PIP_", "UV_"))}
    environment = known | ({"MYPYPATH": path} if path else {})
    return subprocess.run([*map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


def done(folder: Path, *command: str | Path) -> str:
    """What a program printed that went well."""
    ended = run(folder, *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def tally(folder: Path) -> Path:
    """The project that the page walks through, begun by `make new-plugin`, with the files that it shows."""
    written("payment", "tally", folder)
    for name in ("tally/translate.py", "tally/client.py", "tests/test_translate.py"):
        (folder / name).unlink()
    for name, code in re.findall(r"^`(tally/\w+\.py)`:\n\n```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL):
        (folder / name).write_text(code)
    return folder


def wheel_of(project: Path, dist: Path) -> Path:
    """The project's wheel, built into `dist`."""
    before = set(dist.glob("*.whl"))
    done(project, UV, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", dist)
    (made,) = set(dist.glob("*.whl")) - before
    return made


def fresh_environment(folder: Path, dist: Path, *requirements: str) -> Path:
    """A new environment with what `requirements` need, our wheels from `dist` and others' from the index; answers its Python."""
    done(folder, UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    done(folder, UV, "pip", "install", "--quiet", "--python", python, "--find-links", dist, *requirements)
    return python
