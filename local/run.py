"""`python -m local.run` (make run): begins the hub on this machine, or says in a sentence what its environment lacks."""

import signal
import sys


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the hub is under way, Ctrl-C has nothing to stop
    try:
        from local import runner  # noqa: PLC0415 (whatever of it is missing is said below)
    except ModuleNotFoundError as error:
        print(f"cannot start: {error.name} is missing from the environment: remove .venv, then `make run` makes it anew", file=sys.stderr)
        return 1
    return runner.main()


if __name__ == "__main__":
    sys.exit(main())
