"""Runs the emulator with mendings, each measured (docs/decisions/0003-emulator.md), and obeys whoever started it.

`launcher.py FD`: FD is a socket on which commands come, a line each, and answers go. Its end is an order too: whoever started this is
gone, killed perhaps, and nothing may be left running.
"""

import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.remove(str(Path(__file__).parent))  # or our names would stand before everybody's
sys.path.insert(0, str(Path(__file__).parents[1]))

from hypercorn.config import Config
from ministack.app import main
from ministack.core import lambda_runtime

from local.mendings import deliveries, polling, queues, rights, rollouts, stacks, streams, threads, topics, writing
from local.mendings.api import door, gateway, kept_address, media, routes, sending, shop_hosts
from local.mendings.dynamodb import lean_items, shortcuts
from local.mendings.functions import forks, memory_limits, pools, workers
from local.mendings.holding import garbage, lean, watching
from local.mendings.mail import pool_codes, sent_mails, served_mailbox
from local.orders import obey
from local.redo.files import Unreadable
from local.redo.keeper import Keeper
from local.stop_signals import disturb_me

FINISHING_SECONDS, HURRIED_SECONDS = 10.0, 0.5
"""How long functions may finish what they are at: when a stop is ordered, and when it is urgent or its orderer is gone."""
MENDINGS = (
    garbage,
    lean,
    watching,
    workers,
    gateway,
    media,
    sent_mails,
    pool_codes,
    served_mailbox,
    kept_address,
    routes,
    sending,
    shop_hosts,
    streams,
    queues,
    topics,
    deliveries,
    polling,
    threads,
    stacks,
    rollouts,
    rights,
)


UNREADABLE = 3
"""The exit status that says: the last line of the log tells why what is kept cannot be read."""


def serve(connection: socket.socket, keeper: Keeper | None) -> None:
    """`waiting`: answer what waits. `rights`: answer what functions asked of AWS; `figures`: and how often, and what it cost. `news`: what
    a person should hear of them. `spare`: end idle processes, answer how many. `keep`: from now on what is answered is kept; why it cannot
    be, if it cannot. `cut`: answer how many bytes of a last change were cut off. `trouble`: answer why nothing can be written. `stop`,
    `stop now`: answer what remains, and end."""
    ends = {"stop": lambda: remaining(FINISHING_SECONDS), "stop now": lambda: remaining(HURRIED_SECONDS)}
    kept = {"keep": lambda: keep(keeper), "trouble": lambda: keeper.redo.trouble, "cut": lambda: keeper.files.cut} if keeper else {}
    told = {"waiting": deliveries.waiting, "rights": rights.asked, "figures": figures, "news": memory_limits.news, "spare": spare}
    last = obey(connection, told | kept | ends)
    try:
        if keeps(keeper) and not last:
            remaining(HURRIED_SECONDS)
    finally:
        end(keeps(keeper))


def keep(keeper: Keeper) -> str:
    """Keep all from now on, and let functions take up what waits: why that cannot be, or nothing."""
    try:
        keeper.begin()
    except OSError as error:
        return str(error)
    lean.share_code()
    garbage.settle()
    deliveries.release()
    return ""


def keeps(keeper: Keeper | None) -> bool:
    return keeper is not None and keeper.redo.begun


def kept_in(state: Path) -> Keeper:
    """What keeps all, with what is kept already. Ends the process if that cannot be read."""
    try:
        keeper = Keeper(state)
    except Unreadable as error:
        print(f"{error}", file=sys.stderr, flush=True)
        sys.exit(UNREADABLE)
    keeper.watch()
    deliveries.hold()
    door.mend(lambda: keeper.redo.begun)
    writing.mend(keeper.rebase)
    return keeper


def figures() -> dict[str, Any]:
    """Since the start: each function's calls of AWS and CPU seconds, and what queues delivered."""
    return {"calls": rights.calls(), "cpu_s": workers.cpu_s, "messages": deliveries.delivered}


def spare() -> int:
    return pools.end_idle(0)


def remaining(seconds: float) -> dict[str, int]:
    """Take up nothing more, let functions finish for so long; what remains then."""
    deliveries.stop_taking(seconds)
    return deliveries.waiting()


def end(keeps: bool) -> None:
    """Stop in order, which writes a new base; a hub that is half deployed keeps nothing, that of last time, if there is one, is whole.
    A request may start a function meanwhile, and nobody shall wait for it."""
    if keeps:
        os.kill(os.getpid(), signal.SIGTERM)
    while True:
        with suppress(Exception):
            lambda_runtime.reset()
        if not keeps:
            forks.end_zygote()
            os._exit(0)
        time.sleep(0.2)


if __name__ == "__main__":
    disturb_me()
    Config.graceful_timeout = 0.5  # seconds that clients' requests get when it ends; connections that are kept alive wait for nothing
    shortcuts.take()
    lean_items.take()
    for mending in MENDINGS:
        mending.mend()
    keeper = kept_in(Path(os.environ["STATE_DIR"])) if os.environ["PERSIST_STATE"] == "1" else None
    threading.Thread(target=serve, args=(socket.socket(fileno=int(sys.argv.pop())), keeper), daemon=True).start()
    main()
