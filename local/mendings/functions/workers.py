"""Functions on the emulator: their processes are forks of one that has imported what they need, a few a function, and end when idle.

The emulator starts an interpreter for each (0.8 CPU-s, 80 MB), as many as there are calls at once, keeps them for an hour, and ends one
whenever its handler raises, as an authorizer does to refuse.
"""

import os
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.responses import new_uuid
from ministack.services import lambda_svc

from local.mendings.deliveries import short
from local.mendings.functions import calls, memory_limits, pools
from local.mendings.functions.every import every
from local.mendings.functions.forks import Child, zygote
from local.workers.frames import Ended, packed

STARTING_SECONDS = 10.0
"""Lambda developer guide, "Lambda execution environment": the init phase is limited to 10 seconds."""
ON_THE_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
"""What a function finds of this machine's environment."""
_preloaded, _used = set[Path](), set[Path]()
_unpacking = threading.Lock()
cpu_s = Counter[str]()
"""What each function's handler took since the start, in CPU seconds."""


class ForkedWorker(lambda_runtime.Worker):  # type: ignore[misc]
    """One process of a function."""

    def _spawn(self) -> None:
        module, _, handler = self.config["Handler"].rpartition(".")
        code = unpacked(self.code_zip)
        order = {"code": str(code), "module": module, "handler": handler, "environment": environment(self.config, code)}
        order["modules"] = [(str(code), module), *([] if code in _preloaded else modules())]  # its own always: another's order may be later
        _preloaded.add(code)
        self._proc = Child(order, zygote())
        told, printed = self._proc.answer(STARTING_SECONDS)
        if told["status"] != "ready":
            self._proc.terminate()
            raise RuntimeError(f"{self.func_name} does not start: {told['error']}\n{printed}\n{told['trace']}")

    def invoke(self, event: Any, request_id: str, *, trace_id: str | None = None, depth: Any = None, durable: Any = None,
               invoked_function_arn: str | None = None) -> dict[str, Any]:  # fmt: skip
        """As the emulator's own, but that a handler which raises keeps its process, as on Lambda."""
        with self._lock:
            cold = self._proc is None or self._proc.poll() is not None
            if cold:
                self._spawn()
            seconds = float(self.config.get("Timeout", 30))
            arn = self.config.get("FunctionArn", "") if invoked_function_arn is None else invoked_function_arn
            told = {
                "request_id": request_id,
                "invoked_function_arn": arn,
                "timeout_ms": seconds * 1000,
                "trace_id": trace_id,
                "depth": depth,
            }
            try:
                self._proc.calls.sendall(packed({"event": event, "ctx": told}))
                answer, printed = self._proc.answer(seconds)
            except TimeoutError:
                printed = self._proc.read_log()
                self._proc.terminate()
                return {"status": "error", "error": f"Task timed out after {seconds:.2f} seconds", "cold_start": cold, "log": printed}
            except (Ended, OSError):
                printed = self._proc.read_log()
                self._proc.terminate()
                return {"status": "error", "error": "Worker process died", "cold_start": cold, "log": printed}
            cpu_s[short(self.func_name)] += answer.pop("cpu_s")
            printed += memory_limits.end_grown(self, answer.pop("peak_mb"), "after its call")
            return answer | {"cold_start": cold, "log": printed}


def unpacked(code_zip: bytes) -> Path:
    """The folder of an artefact, unpacked once for all its processes, and for the next start."""
    place = Path(os.environ["MONSOON_CODE"], sha256(code_zip).hexdigest()[:24])
    with _unpacking:
        _used.add(place)
        if not place.exists():
            made = place.with_name(f"{place.name}.half")  # of a kill, perhaps
            shutil.rmtree(made, ignore_errors=True)
            with zipfile.ZipFile(BytesIO(code_zip)) as archive:
                archive.extractall(made)
            made.rename(place)
    return place


def forget_unused() -> None:
    """Delete what was unpacked for functions as they were at an earlier start. What somebody has asked for since this one stays, and
    what is being unpacked is waited for."""
    with _unpacking:
        for place in Path(os.environ["MONSOON_CODE"]).iterdir():
            if place not in _used:
                shutil.rmtree(place, ignore_errors=True)


def modules() -> list[tuple[str, str]]:
    """Each artefact's folder with a module that its functions begin with. All are imported before the first process is forked: whatever
    the zygote imports later writes to memory that its children then share no more, 15 MB of each."""
    found = {}
    for function in list(lambda_svc._functions.all_values()):
        config, code = function.get("config") or function, function.get("code_zip")
        if code and worker_of(config) is ForkedWorker:
            found[str(unpacked(code))] = config["Handler"].rpartition(".")[0]
    if not _preloaded:
        forget_unused()
    return list(found.items())


def environment(config: Mapping[str, Any], code: Path) -> dict[str, str]:
    """A function's variables, and those that Lambda gives it: Lambda developer guide, "Defined runtime environment variables"."""
    own = {
        k: v for k, v in config.get("Environment", {}).get("Variables", {}).items() if k not in lambda_runtime._RESERVED_RUNTIME_ENV_VARS
    }
    _account, region = lambda_runtime._account_region_from_function_config(config)
    given = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        lambda_runtime.HOST_PREFIX_ENV: "true",
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_LOG_STREAM_NAME": new_uuid(),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
    machine = {name: os.environ[name] for name in ON_THE_MACHINE if name in os.environ}
    credentials: dict[str, str] = lambda_runtime.execution_credentials(dict(config))
    return machine | given | own | credentials


def worker_of(config: Mapping[str, Any]) -> type[lambda_runtime.Worker]:
    """Python without layers is forked: what would lie in the layers is installed here. All else is the emulator's."""
    forked = str(config.get("Runtime", "")).startswith("python") and not config.get("Layers")
    return ForkedWorker if forked else lambda_runtime.Worker


def mend() -> None:
    lambda_runtime._worker_class_for = worker_of
    lambda_runtime.acquire_worker = lambda_svc.acquire_worker = pools.acquire
    lambda_runtime.release_worker = lambda_svc.release_worker = pools.release
    lambda_svc._ensure_reaper_thread = lambda: None  # idle ones are ended sooner here
    every(pools.LOOK_SECONDS, pools.end_idle)
    # One batch of a queue at a time: more would want a worker each, and two cores carry one a queue sooner.
    lambda_svc._sqs_esm_concurrency = lambda *_: 1
    calls.mend()
    every(memory_limits.LOOK_SECONDS, memory_limits.look)
    zygote()
