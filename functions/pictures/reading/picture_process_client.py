"""Has a picture read by a process of its own: what it does there, it does to nobody else, and it knows no credentials."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendered import Rendered

MODULE = "functions.pictures.reading.picture_process"
MOST_SECONDS = 25.0
"""Of the clock. Its CPU time is bounded by itself."""


@dataclass(frozen=True, slots=True)
class PictureProcess:
    """Reads pictures one at a time. `path`: where its Python finds modules."""

    path: Sequence[str] = ()
    seconds: float = MOST_SECONDS

    def __call__(self, body: bytes) -> Rendered:
        """The picture made anew. Raises Refused; `too-heavy` where its process was ended for what it took, or crashed."""
        command = [sys.executable, "-P", "-m", MODULE]
        # Nothing of this process's environment: its credentials are there.
        environment = {"PYTHONPATH": os.pathsep.join(self.path or sys.path), "LC_ALL": "C.UTF-8"}
        try:
            done = subprocess.run(command, input=body, capture_output=True, timeout=self.seconds, env=environment, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Refused("too-heavy") from error
        if done.returncode:
            raise Refused("too-heavy")
        return answered(done.stdout)


def answered(output: bytes) -> Rendered:
    """What the process wrote. Raises Refused as it says."""
    line, _, rest = output.partition(b"\n")
    told: dict[str, Any] = json.loads(line)
    if "refusal" in told:
        raise Refused(**told["refusal"])
    files, at = dict[str, bytes](), 0
    for name, length in told.pop("files").items():
        files[name], at = rest[at : at + length], at + length
    return Rendered(**told, files=files)
