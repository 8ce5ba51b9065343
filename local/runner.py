"""`make run`: the hub on this machine, with a demo in it. Ctrl-C stops it; the next start finds its data again."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hubclient.people import CONFIRMATION_CODE
from local.conditions import memory
from local.conditions.command import DEFAULT
from local.conditions.looks import Looks
from local.conditions.parameters import parameters_of
from local.conditions.ports import port_of
from local.conditions.refusals import CannotStart
from local.conditions.shortage import Shortage, before_start
from local.conditions.trouble import Trouble
from local.conditions.workers import workers_of
from local.stack import Ended, Stack, in_words
from local.start.sayer import Say
from local.stop_signals import Stopped, StopSignals

if TYPE_CHECKING:
    from local.demo import Demo


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", default="4566", help="the API's and the emulator's port (PORT=)")
    parser.add_argument("--stripe-port", default="8420", help="the port of the stand-in for Stripe (STRIPE_PORT=)")
    parser.add_argument("--folder", type=Path, default=DEFAULT, help="where its data, logs and demo.json lie")
    parser.add_argument("--parameters", default="", help='the template\'s, for this run: "PayoutHoldDays=0 UnpaidMinutes=5" (PARAMETERS=)')
    parser.add_argument("--plugins", nargs="*", default=[], metavar="WHEEL[=URL]", help="authors' plug-ins that it offers (PLUGINS=)")
    parser.add_argument("--workers", default="2", help="processes that one function has at most (WORKERS=); more want more memory")
    parser.add_argument("--fresh", action="store_true", help="forget the data of last time")
    parser.add_argument("--no-demo", action="store_true", help="start empty")
    return parser.parse_args()


def stack_of(asked: argparse.Namespace, say: Say) -> Stack:
    """The hub that was asked for, not started. Raises CannotStart."""
    port, stripe_port, parameters = port_of(asked.port, "PORT"), port_of(asked.stripe_port, "STRIPE_PORT"), parameters_of(asked.parameters)
    return Stack(
        port, stripe_port, asked.folder, keeps=True, say=say, parameters=parameters, wheels=asked.plugins,
        workers=workers_of(asked.workers), fresh=asked.fresh, apart=True,
    )  # fmt: skip


def main() -> int:
    asked, started, signals = arguments(), time.monotonic(), StopSignals()

    def say(text: str) -> None:
        tell(f"[{time.monotonic() - started:5.1f} s] {text}")

    try:
        stack = stack_of(asked, say)
    except CannotStart as error:
        return refused(error)
    signals.listen()
    say("starting")
    code = 1
    try:
        try:
            serve(stack, asked, say, signals)
        finally:
            signals.hold()
    except Stopped:
        code = 0
        say("stopping")
    except CannotStart as error:
        refused(error)
    except BaseException:
        stack.stop(signals.hurried)
        raise
    deployed, ended = stack.emulator.keeping, stack.stop(signals.hurried)
    if code == 0:
        say(last_words(deployed, stack.had_state, ended))
    signals.ignore()
    return code


def serve(stack: Stack, asked: argparse.Namespace, say: Say, signals: StopSignals, left: Callable[[], memory.Left] = memory.left) -> None:
    """Start the hub, and come back only if it ends by itself; `left`: of memory. Raises CannotStart, Stopped."""
    if lacks := before_start(left()):
        say(lacks)
    stack.start()
    if asked.no_demo:
        tell(f"\nThe API is at {stack.api}\n")
    else:
        show(stack.load_demo(stack.data.path / "demo.json"))
    stack.set_up()
    tell(f"Who signs up here (POST /v1/accounts) confirms with the code {CONFIRMATION_CODE}, as the mailbox says.")
    tell(f"Mails to buyers, merchants and who signs up are read at {stack.mailbox}\n")
    say("ready; Ctrl-C stops it and keeps the data")
    looks = looks_at(stack, say, left)
    while stack.running:
        signals.check_terminal()
        looks.look()
        time.sleep(0.5)
    why = "the emulator stopped by itself; all that it answered is kept: start the hub again"
    tell(f"error: {why}. The end of its log:\n{stack.emulator.log_end()}", sys.stderr)


def looks_at(stack: Stack, say: Say, left: Callable[[], memory.Left]) -> Looks:
    """Whether the hub can write, whether memory is short, and what functions took too much."""

    def tell_news() -> None:
        for sentence in stack.emulator.news():
            say(sentence)

    return Looks([Trouble(stack.emulator.trouble, say).look, tell_news, Shortage(left, stack.emulator.spare, say).look])


def last_words(deployed: bool, had_state: bool, ended: Ended) -> str:
    """What became of the data."""
    if deployed and ended.remains:
        return f"stopped; the data is kept, with {in_words(ended.remains)} on the way that the next start takes up"
    if deployed and not ended.in_order:
        return "stopped, not in order; all that the hub answered is kept, see emulator.log beside the data"
    if deployed:
        return "stopped; the data is kept"
    return "stopped; the data is as it was before this start" if had_state else "stopped before it was deployed; there was nothing to keep"


def refused(error: CannotStart) -> int:
    tell(f"cannot start: {error}", sys.stderr)
    return 1


def show(demo: "Demo") -> None:
    """Print what a person pastes."""
    for shop in demo["storefronts"]:
        if "shop" in shop:  # a demo that was loaded by an earlier release has none
            tell(f"{shop['name']}: {own_host(demo['api'], shop['shop'])} or {demo['api']}/shop/{shop['shop']}")
    tell(f"\nThe API is at {demo['api']}\nKeys (demo.json, beside the data, holds them whole):")
    for role, key in demo["keys"].items():
        tell(f"  {role:22} {key if len(key) < 80 else key[:24] + '… (in demo.json)'}")
    tell("\nBrowse, order and track, as the first storefront's site would:\n")
    for line in demo["curl"]:
        tell(line + "\n")


def own_host(api: str, slug: str) -> str:
    """Where a browser on this machine finds a shop at a host of its own."""
    return f"http://{slug}.localhost:{urlsplit(api).port}/"


def tell(text: str, where: object = None) -> None:
    """Print; a terminal that was closed hears nothing and stops nothing."""
    try:
        print(text, flush=True, file=where or sys.stdout)  # type: ignore[arg-type]
    except OSError:
        sys.stdout = sys.stderr = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115
