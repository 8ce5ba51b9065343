"""A function's process, once it is forked: it does one call after another, as Lambda's runtime has it, until the emulator hangs up."""

import importlib
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.workers import calls as calls_to_aws
from local.workers import clients
from local.workers.frames import Ended, Messages, packed
from local.workers.process_name import be_called

OURS = ("functions", "shared")
PEAKS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024
"""The unit of the most memory that a process ever held: getrusage(2)."""
PER_CALL = {"trace_id": "_X_AMZN_TRACE_ID", "depth": "_MINISTACK_INVOKE_DEPTH"}
"""What changes with each call, and the variable in which the function finds it (ministack/core/lambda_runtime.py)."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a process is to be."""

    code: str
    """The folder of its artefact."""
    module: str
    handler: str
    environment: dict[str, str]
    fits: bool = True
    """Whether what the zygote has imported is what the artefact holds."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a handler is told of its call. Times are epoch seconds."""

    function_name: str
    function_version: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.time()) * 1000))


def serve(order: Order, calls: socket.socket, aws: socket.socket) -> None:
    """Be the process of `order`: do what comes by `calls`, ask AWS by `aws`. What it prints goes where its standard output leads."""
    os.environ.clear()
    os.environ.update(order.environment)
    _sign_as_its_function()
    be_called(os.environ["AWS_LAMBDA_FUNCTION_NAME"])
    os.chdir(order.code)
    sys.path.insert(0, order.code)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    calls_to_aws.take(aws, urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc)
    try:
        if not order.fits:
            forget_ours()
        handler = getattr(importlib.import_module(order.module), order.handler)
    except Exception as error:
        calls.sendall(packed({"status": "error", "error": str(error), "trace": traceback.format_exc()}))
        return
    calls.sendall(packed({"status": "ready"}))
    messages = Messages(calls)
    try:
        while True:
            told, _ = messages.next()
            calls.sendall(packed(_done(handler, told["event"], told["ctx"])))
    except Ended:
        return


def forget_ours() -> None:
    """Let what was imported of the hub's own code be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]


def _sign_as_its_function() -> None:
    """The session that was made before the fork signs by this function's keys from now on: a presigned address says whose it is."""
    ours = sys.modules.get("shared.aws.clients")
    if ours is not None:
        clients.sign_as(
            ours.session(), *(os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
        )


def _done(handler: Callable[[Any, Any], Any], event: Any, told: dict[str, Any]) -> dict[str, Any]:
    for field, variable in PER_CALL.items():
        if (value := told.get(field)) is not None:
            os.environ[variable] = str(value)
        elif variable in os.environ:
            del os.environ[variable]
    before = resource.getrusage(resource.RUSAGE_SELF)
    try:
        answer: dict[str, Any] = {"status": "ok", "result": handler(event, _context(told))}
    except Exception as error:
        answer = {"status": "error", "error": str(error), "trace": traceback.format_exc()}
    after = resource.getrusage(resource.RUSAGE_SELF)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return answer | {"cpu_s": took, "peak_mb": after.ru_maxrss / PEAKS_PER_MB}


def _context(told: dict[str, Any]) -> Context:
    name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    return Context(
        function_name=name,
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]),
        invoked_function_arn=told["invoked_function_arn"],
        aws_request_id=told["request_id"],
        log_group_name=f"/aws/lambda/{name}",
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        deadline=time.time() + told["timeout_ms"] / 1000,
    )
