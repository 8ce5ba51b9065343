"""`python -m local.leash MODULE …` runs a module as `python -m` would, and ends it when its standard input ends.

Whoever starts it holds the other end of that pipe, which the kernel closes however its holder dies: nothing is left running.
"""

import os
import runpy
import sys
import threading

from local.stop_signals import disturb_me


def end_with_stdin() -> None:
    while os.read(0, 1024):  # sys.stdin has a lock, held while it waits, without which the interpreter does not end in order
        pass
    os._exit(0)


if __name__ == "__main__":
    disturb_me()
    threading.Thread(target=end_with_stdin, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
