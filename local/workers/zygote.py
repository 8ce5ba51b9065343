"""`python -m local.workers.zygote FD`: has imported what functions import, and forks their processes, which share its memory.

By the socket FD come orders, each with three descriptors: the process's calls, its way to AWS, what it prints. The end of FD is the end of
all of them. It has one thread, for a fork copies only one.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ministack.core.lambda_runtime import INVOKE_DEPTH_BOOTSTRAP

from infra.layer import KEPT_DATA
from local.conditions.memory import give_back
from local.stop_signals import disturb_me
from local.workers import calls, clients, orphans
from local.workers.frames import Ended, packed, received
from local.workers.serving import OURS, Order, serve

DESCRIPTORS = 3
NEW_OBJECTS = 10_000, 10, 10
"""A function's process looks for garbage after so many new objects (gc.set_threshold): a call makes some thousand, and leaves few."""
_children: set[int] = set()


def main(orders: socket.socket) -> None:
    """Obey until `orders` ends."""
    orphans.inherit()
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    gc.disable()  # a collection writes to every object, and what is written here is shared with nobody that was forked before
    _count_hops()
    calls.install()
    known: dict[str, bool] = {}
    with suppress(Ended, ConnectionError):
        while True:
            orders.sendall(packed({"pid": _forked(orders, known)}))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(ChildProcessError):
        while True:
            orphans.end(set())
            os.waitpid(-1, 0)


def _forked(orders: socket.socket, known: dict[str, bool]) -> int:
    """The process that was ordered next."""
    _, descriptors, _, _ = socket.recv_fds(orders, 1, DESCRIPTORS)
    if len(descriptors) != DESCRIPTORS:
        raise Ended("nobody orders any more")
    told, _ = received(orders)
    for code, module in told.pop("modules"):
        if code not in known:
            known[code] = preload(code, module)
    order = Order(**told, fits=known[told["code"]])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # or who hears that another has ended takes it for an orphan
    pid = os.fork()
    if pid == 0:
        _be(order, orders, descriptors)
    _children.add(pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def _be(order: Order, orders: socket.socket, descriptors: list[int]) -> None:
    """In the child, to its end."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        gc.set_threshold(*NEW_OBJECTS)
        gc.enable()
        orders.close()
        calls, aws, printed = descriptors
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        os.close(printed)
        sys.stdout = os.fdopen(1, "w", buffering=1)  # what is printed is heard even if the process ends at the next word
        serve(order, socket.socket(fileno=calls), socket.socket(fileno=aws))
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(0)


def preload(code: str, module: str) -> bool:
    """Import a function's module from the folder of its artefact, and what it reaches. False if something of the same name was imported
    before from other code, or the import fails: then each process imports for itself."""
    sys.path.insert(0, code)
    try:
        importlib.import_module(module)
        clients.share(importlib.import_module("shared.aws.clients").session(), KEPT_DATA)
        importlib.import_module("shared.aws.dynamo").connection()  # one for all: whose call it is, a process's own connection says
    except Exception:  # its own process says why
        return False
    finally:
        sys.path.remove(code)
        if not _children:
            gc.collect()
            give_back()
        gc.freeze()
    return all(_same(loaded, code) for name, loaded in list(sys.modules.items()) if name.partition(".")[0] in OURS)


def _same(loaded: Any, code: str) -> bool:
    """Whether an imported module is the one that the artefact holds, if it holds one of the name."""
    found = getattr(loaded, "__file__", None)
    if found is None:
        return True
    theirs = Path(code, *loaded.__name__.split(".")).with_suffix(".py")
    theirs = theirs if theirs.exists() else Path(code, *loaded.__name__.split("."), "__init__.py")
    return not theirs.exists() or theirs.read_bytes() == Path(found).read_bytes()


def _count_hops() -> None:
    """As the emulator's own workers: their calls say how many functions called each other before."""
    place: dict[str, Any] = {}
    exec(INVOKE_DEPTH_BOOTSTRAP, place)  # the emulator's, as its own workers run it
    place["_ms_install_invoke_depth"]()


def _reap() -> None:
    """A process of ours, or an orphan, has ended: so do the orphans that it leaves."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            _children.discard(ended)
            orphans.end(_children)


if __name__ == "__main__":
    disturb_me()
    root = str(Path(__file__).parents[2])
    sys.path[:] = [place for place in sys.path if place not in ("", root)]  # functions find their artefacts, not this checkout
    main(socket.socket(fileno=int(sys.argv[1])))
