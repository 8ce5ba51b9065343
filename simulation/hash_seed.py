"""The order of a set of texts is another in each process, unless its hashes are fixed: it is one of the things that a seed decides."""

import os
import sys

NAME, FIXED = "PYTHONHASHSEED", "0"


def fix_hashes() -> None:
    """Let this process begin anew with fixed hashes, unless it has them; its children have them too. Called first, by each command."""
    if os.environ.get(NAME) != FIXED:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, NAME: FIXED})
