"""What is chance in a process though nobody hands it to services: the order of its sets, and what is drawn of Python's `secrets`. It is by
the seed, too, or no schedule could be played again."""

import os
import secrets
import sys
from base64 import urlsafe_b64encode
from random import Random

HASH_SEED = {"PYTHONHASHSEED": "0"}


class Chance:
    """In the place of `secrets` for as long as the process lives. Its choices are its own: nobody else's change by them."""

    def __init__(self) -> None:
        self.random = Random(0)
        secrets.token_urlsafe = self._text

    def begin(self, seed: int) -> None:
        """A schedule begins."""
        self.random = Random(f"secrets {seed}")

    def _text(self, nbytes: int | None = None) -> str:
        return urlsafe_b64encode(self.random.randbytes(nbytes or 32)).rstrip(b"=").decode()


def fix_hashes() -> None:
    """Let this process begin anew with fixed hashes, unless it has them; its children have them too. Called first, by each command."""
    if not HASH_SEED.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **HASH_SEED})
