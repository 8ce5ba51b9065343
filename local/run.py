"""`make run`: the hub on this machine, with a demo in it. Ctrl-C stops it; the next start finds its data again."""

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path

from infra.templates import ROOT
from local.demo import Demo, load_demo
from local.emulator import PortBusy
from local.stack import Stack

LOCAL = ROOT / ".local"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="the API's and the emulator's port (PORT=)")
    parser.add_argument("--stripe-port", type=int, default=8420, help="the port of the stand-in for Stripe (STRIPE_PORT=)")
    parser.add_argument("--folder", type=Path, default=LOCAL, help="where its data, logs and demo.json lie")
    parser.add_argument("--plugins", nargs="*", default=[], metavar="WHEEL[=URL]", help="authors' plug-ins that it offers (PLUGINS=)")
    parser.add_argument("--fresh", action="store_true", help="forget the data of last time")
    parser.add_argument("--no-demo", action="store_true", help="start empty")
    return parser.parse_args()


def main() -> int:
    asked, started = arguments(), time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)

    if asked.fresh:
        shutil.rmtree(asked.folder, ignore_errors=True)
    for stop in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores SIGINT until somebody asks for it
        signal.signal(stop, signal.default_int_handler)
    if refusal := other_port(asked.folder / "port", asked.port):
        print(f"cannot start: {refusal}", file=sys.stderr)
        return 1
    stack = Stack(asked.port, asked.stripe_port, asked.folder, keeps=True, say=say, wheels=asked.plugins)
    try:
        with stack:
            if not asked.no_demo:
                show(load_demo(stack, asked.folder / "demo.json", say))
            say("ready; Ctrl-C stops it and keeps the data")
            while stack.running:
                time.sleep(0.5)
            print(f"the emulator stopped by itself; the end of its log:\n{stack.emulator.log_end()}", file=sys.stderr)
            return 1
    except PortBusy as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("stopped; the data is kept")
        return 0


def other_port(kept: Path, port: int) -> str:
    """Why the data of last time cannot be served at `port`, if so: its addresses name the port that it was made at."""
    if kept.exists() and kept.read_text() != str(port):
        return f"the kept data belongs to port {kept.read_text()}: start with PORT={kept.read_text()}, or forget it with ARGS=--fresh"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(port))
    return ""


def show(demo: Demo) -> None:
    """Print what a person pastes."""
    print(f"\nThe API is at {demo['api']}\nKeys (demo.json, beside the data, holds them whole):")
    for role, key in demo["keys"].items():
        print(f"  {role:22} {key if len(key) < 80 else key[:24] + '… (in demo.json)'}")
    print("\nBrowse, order and track, as the first storefront's site would:\n")
    for line in demo["curl"]:
        print(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
