"""A stand-in served from a shell: it needs no terminal, says where it answers and how it is stopped."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import ROOT

CODE = """
import signal, sys
from monsoon_plugin.standin import as_json, serve
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs, these tests perhaps, are begun without
serve(lambda asked: as_json(asked.path), int(sys.argv[1]), "Acme")
"""


def begun(port: int) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "sdk")}
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(port)], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_without_a_terminal_until_it_is_stopped(number: signal.Signals):
    with begun(0) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        address, pid = re.fullmatch(r"Acme answers at (\S+); Ctrl-C, or `kill (\d+)`, stops it\n", said).groups()  # type: ignore[union-attr]
        with urllib.request.urlopen(f"{address}/here") as answer:
            assert answer.read() == b'"/here"'
        os.kill(int(pid), number)
        assert process.wait(20) == (0 if number == signal.SIGINT else -number)
        assert process.stderr.read() == ""


def test_a_port_that_is_taken_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, begun(taken.getsockname()[1]) as process:
        assert process.wait(20) == 1
        assert process.stderr is not None
        assert process.stderr.read() == f"Acme cannot answer at port {taken.getsockname()[1]} of 127.0.0.1: Address already in use\n"
