"""Functions on the emulator: no wait for log lines that never come, one batch of a queue at a time."""

from ministack.core import lambda_runtime
from ministack.services import lambda_svc


def mend() -> None:
    # A function that logs nothing waits 50 ms for a line on stderr after each call: look for 1 ms instead.
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.0, 0.0, 0.25)
    # Five or ten batches of one queue at once start as many workers, a CPU second each: two cores carry one a queue sooner.
    lambda_svc._sqs_esm_concurrency = lambda *_: 1
