"""Run by test_kit.py in a process of its own: it has imported what every run of the kit does, and forks a run for each line it reads.

A line is a JSON list of pytest's arguments and a file for what it prints; the answer is its exit status.
"""

import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

HEAVY = ("boto3", "moto", "chalice", "hypothesis", "hypothesis.stateful", "pydantic", "cryptography.x509", "httpx", "anyio", "requests",
         "botocore.session", "lxml.etree", "karrio.sdk", "pynamodb.models", "aws_lambda_powertools")  # fmt: skip
"""Imported once for all; what a plug-in needs beside, its run imports."""
PATIENCE = 300
"""Seconds of a run at most."""
IMPORTED = "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning"
"""pytest would have rewritten the asserts of its own plug-ins."""


def run(arguments: list[str], printed: Path) -> int:
    """The exit status of pytest, as if it had been started with these arguments."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        with printed.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        signal.alarm(PATIENCE)
        code = 70
        with suppress(SystemExit):
            code = int(pytest.main([*arguments, "-W", IMPORTED]))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    for name in HEAVY:
        with suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        arguments, printed = json.loads(line)
        print(run(arguments, Path(printed)), flush=True)
