"""What bytecode beside the source saves of a cold start.

`python -m bench.cold_starts.bytecode` fills the heaviest function and its layers for this machine, under the runtime's own Python, and
imports its handler in fresh processes without bytecode and with it, by turns.

The folders cannot be written to, as on Lambda: what is not compiled before is compiled at each start.
"""

import argparse
import platform
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from infra import layer
from infra.artefact import fill
from infra.bytecode import ASKED, compiled, interpreter, runtime

LAYERS = {"payments": ("layer", "payments"), "shipping": ("layer", "shipping"), "settlement": ("layer", "settlement")}
STATEMENT = "import sys; sys.path[:0] = sys.argv[1:]; import functions.{service}.handler, time; print(time.process_time())"
ENVIRONMENT = {"AWS_DEFAULT_REGION": "us-east-1", "PYDANTIC_DISABLE_PLUGINS": "true"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cold_starts.bytecode", description=__doc__)
    parser.add_argument("--service", choices=sorted(LAYERS), default="payments", help="default: %(default)s, the heaviest")
    parser.add_argument("--runs", type=int, default=7, help="fresh processes of each kind (default: %(default)s)")
    asked = parser.parse_args()
    python = interpreter()
    if python is None:
        raise SystemExit(f"there is no {runtime()} here; {ASKED}=/path/to/it names one")
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = (_filled(asked.service, Path(folder) / name) for name in ("plain", "compiled"))
        for place in ready:
            compiled(place, python)
        pairs = [(_cpu_ms(python, asked.service, plain), _cpu_ms(python, asked.service, ready)) for _ in range(asked.runs)]
    without, beside = (median(ms) for ms in zip(*pairs, strict=True))
    print(f"import functions.{asked.service}.handler, {runtime()}, median of {asked.runs}: "
          f"{without:.0f} CPU-ms without bytecode, {beside:.0f} with it: {without / beside:.1f} times as fast")  # fmt: skip


def _filled(service: str, folder: Path) -> list[Path]:
    """The artefact and its layers for this machine, in the order in which Lambda looks."""
    fill(service, folder / "task")
    for lock in LAYERS[service]:
        layer.fill(lock, folder / lock, f"{platform.machine()}-manylinux_2_28")
    return [folder / "task", *(folder / lock for lock in LAYERS[service])]


def _cpu_ms(python: str, service: str, places: list[Path]) -> float:
    """CPU time of a fresh process that writes no bytecode."""
    command = [python, "-I", "-B", "-c", STATEMENT.format(service=service), *map(str, places)]
    said = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    return float(said) * 1000


if __name__ == "__main__":
    main()
