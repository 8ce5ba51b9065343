"""Runs the emulator with mendings, each measured (docs/decisions/0003-emulator.md), and obeys whoever started it.

`launcher.py FD`: FD is a socket on which commands come, a line each, and answers go. Its end is an order too: whoever started this is
gone, killed perhaps, and nothing may be left running.
"""

import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.remove(str(Path(__file__).parent))  # or our names would stand before everybody's
sys.path.insert(0, str(Path(__file__).parents[1]))

from hypercorn.config import Config
from ministack.app import main
from ministack.core import lambda_runtime

from local.mendings import deliveries, gateway, stacks, streams, workers
from local.stop_signals import disturb_me

FINISHING_SECONDS = {"stop": 10.0, "stop now": 0.5, "": 0.5}
"""How long functions may finish what they are at, by the order to stop; the empty one is the end of whoever gave them."""


def obey(orders: socket.socket) -> None:
    """`waiting`: answer what waits. `keep`: the same, and from now on a stop keeps the state.
    `stop`, `stop now`: answer what remains, and end."""
    keeps = False
    with orders.makefile("rw", encoding="utf-8") as lines:
        order = "waiting"
        while order in ("waiting", "keep"):
            order = lines.readline().strip()
            keeps = keeps or order == "keep"
            if order in ("waiting", "keep"):
                print(json.dumps(deliveries.waiting()), file=lines, flush=True)
        if not keeps:  # half deployed: the state of last time, if there is one, is whole
            lambda_runtime.reset()
            os._exit(0)
        deliveries.stop_taking(FINISHING_SECONDS.get(order, 0.5))
        if order:
            print(json.dumps(deliveries.waiting()), file=lines, flush=True)
    end()


def end() -> None:
    """Stop in order, which writes the state. A request may start a function meanwhile, and nobody shall wait for it."""
    os.kill(os.getpid(), signal.SIGTERM)
    while True:
        time.sleep(0.2)
        lambda_runtime.reset()


if __name__ == "__main__":
    disturb_me()
    Config.graceful_timeout = 0.5  # seconds that clients' requests get when it ends; connections that are kept alive wait for nothing
    for mending in (workers, gateway, streams, deliveries, stacks):
        mending.mend()
    threading.Thread(target=obey, args=(socket.socket(fileno=int(sys.argv.pop())),), daemon=True).start()
    main()
