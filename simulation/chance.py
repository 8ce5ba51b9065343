"""What services draw of Python's `secrets`, though nobody hands it to them: by the seed, too, or no schedule could be played again."""

import secrets
from base64 import urlsafe_b64encode
from random import Random


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
