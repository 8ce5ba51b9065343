"""Cold starts and sizes: what importing each function's handler costs against bare Python, and how many bytes are deployed."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from infra.artefact import contents, fill, zipped
from infra.templates import ROOT, functions, service_of
from shared.providers.registry import lock

RUNS = 3
AS_DEPLOYED = {"AWS_DEFAULT_REGION": "us-east-1", "PYDANTIC_DISABLE_PLUGINS": "true"}
BUILT = ROOT / ".aws-sam" / "build"
HOSTS = {"payment": "payments", "courier": "shipping", "clearing": "settlement"}
CLOCK = "; import time; print(time.process_time())"


def measure() -> dict[str, Any]:
    """Import CPU-ms (bytecode present, fresh process) and artefact bytes by service; the layer's, if `sam build` has made it."""
    services = sorted({service_of(properties) for properties in functions().values()})
    bare = _cpu_ms("pass")
    return {
        "bare_ms": bare,
        "import_ms": {service: _cpu_ms(f"import functions.{service}.handler") for service in services},
        "artefact_bytes": {service: _artefact_bytes(service) for service in services},
        "layer_bytes": {folder.name: _bytes(folder) for folder in sorted(BUILT.glob("*Dependencies")) if folder.is_dir()},
        "plugin_ms": {plugin_id: _plugin_ms(kind, locked["entry"]) for kind, own in lock().items() for plugin_id, locked in own.items()},
    }


def _plugin_ms(kind: str, entry: str) -> float:
    """CPU-ms from bare Python to a host that serves a merchant of this one plug-in."""
    return _cpu_ms(f"import functions.{HOSTS[kind]}.handler, {entry.partition(':')[0]}")


def _bytes(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def _cpu_ms(statement: str) -> float:
    """The median CPU time of fresh processes, after one that left its bytecode behind."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYDANTIC_DISABLE_PLUGINS": "true",
    }
    command = [sys.executable, "-c", statement + CLOCK]
    runs = [subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True) for _ in range(RUNS + 1)]
    return round(statistics.median(float(run.stdout) for run in runs[1:]) * 1000, 1)


def _artefact_bytes(service: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        fill(service, Path(folder))
        return len(zipped(Path(folder), contents(service)))
