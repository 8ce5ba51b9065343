"""Stand-ins that are small Node servers around the providers' published npm libraries: installed once a lock, started on a free port."""

import hashlib
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

FILES = ("server.mjs", "package.json", "package-lock.json")
PATIENCE = 20
"""Seconds within which a server must say its port."""


@contextmanager
def serving(source: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """The address of the stand-in whose files lie in the folder `source`, while it serves.

    It gets `settings` as JSON in the variable STANDIN, and prints its port as its first line. Raises RuntimeError, with the reason.
    """
    environ = {**os.environ, "STANDIN": json.dumps(dict(settings))}
    with subprocess.Popen(["node", "server.mjs"], cwd=installed(source), env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{_port(process)}"
        finally:
            process.terminate()


def ask(address: str, what: str, **told: Any) -> Any:
    """What a stand-in's control route `what` answers to the JSON `told`."""
    request = Request(f"{address}/_control/{what}", json.dumps(told).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def installed(source: Path) -> Path:
    """A folder with the stand-in and its packages, as its lock names them. Raises RuntimeError where they cannot be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise RuntimeError("node and npm are not here")
    digest = hashlib.sha256(b"".join((source / file).read_bytes() for file in FILES)).hexdigest()[:16]
    place = _cache() / f"{source.parent.name}-{digest}"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            fresh = Path(folder) / "standin"
            fresh.mkdir()
            for file in FILES:
                shutil.copy(source / file, fresh)
            _install(fresh)
            if not place.exists():
                fresh.rename(place)
    return place


def _cache() -> Path:
    """This user's own folder among the temporary ones. Raises RuntimeError if somebody else has made it."""
    place = Path(tempfile.gettempdir()) / f"monsoon-standins-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise RuntimeError(f"{place} belongs to another user")
    return place


def _install(folder: Path) -> None:
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"npm ci: {done.stderr[-300:]}")


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline().strip() if ready else ""
    if not line.isdigit():
        raise RuntimeError("the stand-in did not start")
    return int(line)
