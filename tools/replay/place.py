"""Where a replay runs: at the hub that `make run` started, or at one of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.conditions.ports import busy, free_port
from local.demo import load_reference
from local.stack import Stack
from local.start.sayer import Say


@contextmanager
def hub_at(port: int, folder: Path, say: Say) -> Iterator[Stack]:
    """The hub on `port` of this machine; if nobody listens there, one of our own that keeps its data in `folder`. Raises NoHub."""
    if busy(port):
        say(f"the hub on port {port} is used")
        yield _running(port, folder, say)
        return
    say(f"no hub listens on port {port}: starting one that keeps its data in {folder}")
    with Stack(*_ports(folder), folder, keeps=True, say=say, parameters={"LogLevel": "ERROR"}) as stack:
        load_reference(stack)
        yield stack


def _ports(folder: Path) -> tuple[int, int]:
    """The emulator's and Stripe's, free ones the first time; the same ever after, for what an emulator keeps names its own port."""
    kept = folder / "ports.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([free_port(), free_port()]))
    emulator, stripe = json.loads(kept.read_text())
    return emulator, stripe


def _running(port: int, folder: Path, say: Say) -> Stack:
    """A view of a hub that somebody else started, and stops. Raises NoHub."""
    stack = Stack(port, 0, folder, say=say)
    stack.outputs = stack.deployment.outputs()
    return stack
