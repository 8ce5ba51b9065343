"""An author's wheel: unpacked alone, and asked what it is in a process of its own, whatever that does."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.templates import ROOT
from local.stop_signals import undisturbed

PATIENCE = 60.0
"""Seconds that a wheel may take to say what it is."""
PARTS = ("METADATA", "RECORD", "WHEEL")
"""What every wheel's dist-info holds."""
DAMAGED = "the file is damaged or incomplete, or no wheel at all: build it, or fetch it, again"

CAUSE = re.compile("(?:error|cause|Caused by|hint): ")


class NotTaken(Exception):
    """A wheel is refused; the text says why."""


def unpack(wheel: Path, folder: Path) -> Path:
    """Install `wheel` alone into a folder of its own, named by its bytes; what was unpacked before is taken as it is. Raises NotTaken."""
    if not wheel.is_file():
        raise NotTaken(f"there is no file {wheel.resolve()}")
    try:
        place = folder / f"{wheel.name.removesuffix('.whl')}-{hashlib.sha256(wheel.read_bytes()).hexdigest()[:12]}"
    except OSError as error:
        raise NotTaken(f"the file cannot be read: {error.strerror}") from error
    if place.is_dir():
        return place
    _check_that_it_is_whole(wheel)
    fresh = place.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--offline", "--no-deps", "--target", str(fresh)]
    done = subprocess.run([*command, "--python", sys.executable, str(wheel.resolve())], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NotTaken(_in_words(done.stderr))
    fresh.rename(place)
    return place


def _check_that_it_is_whole(wheel: Path) -> None:
    """Raises NotTaken if its bytes cannot be read, or its papers are missing."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            broken, names = archive.testzip(), archive.namelist()
    except Exception as error:  # zipfile's, zlib's, struct's: any of a dozen, for bytes that anybody wrote
        raise NotTaken(f"{DAMAGED} ({type(error).__name__})") from error
    if broken is not None:
        raise NotTaken(f"{DAMAGED} ({broken})")
    papers = {Path(name).name for name in names if Path(name).parent.suffix == ".dist-info"}
    if missing := [part for part in PARTS if part not in papers]:
        raise NotTaken(f"{DAMAGED} (its dist-info lacks {', '.join(missing)})")


def _in_words(stderr: str) -> str:
    """Why the installer, which breaks its lines anywhere, does not take it."""
    said = " ".join(stderr.split())
    if "no wheels with a matching" in said:
        return f"it is built for another Python or another machine, as its name says; the hub's is Python {sys.version.split()[0]}"
    return f"it cannot be installed: {CAUSE.split(said)[-1][:400]}"


def told(folder: Path, wait: Callable[[], None]) -> list[dict[str, Any]]:
    """What the wheel unpacked into `folder` says that it brings. `wait` is called meanwhile. Raises NotTaken.

    Its process ends with this one, whatever becomes of this one, and whatever it started ends with it.
    """
    with TemporaryDirectory() as place:
        answer, said = Path(place) / "answer", Path(place) / "said"
        status = _asked([str(folder), str(answer)], said, wait)
        if status or not answer.exists():
            ended = f"importing it ends the process, with status {status}, before it says what it is"
            raise NotTaken(last_line(said.read_text(errors="replace")) or ended)
        found: list[dict[str, Any]] = json.loads(answer.read_bytes())
        return found


def _asked(arguments: list[str], said: Path, wait: Callable[[], None]) -> int:
    """The status of the process that looks, which writes what it says to the file `said`. Raises NotTaken."""
    command = [sys.executable, "-m", "local.leash", "local.wheels.check", *arguments]
    with undisturbed(), said.open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, cwd=ROOT)
    until = time.monotonic() + PATIENCE
    try:
        while process.poll() is None:
            if time.monotonic() > until:
                raise NotTaken(f"it does not say what it is within {PATIENCE:.0f} s: its import waits for something")
            wait()
            time.sleep(0.02)
        return process.returncode
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def last_line(text: str) -> str:
    """The last thing that a program said."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""
