"""Where an exception comes from, for the log."""

import traceback


def where(error: BaseException) -> str:
    """Its type and its frames, without its message: a library's may hold what was sent, keys and addresses with it."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
