"""Fills a dependency layer: the one that every function has, or what a family of providers needs beside it.

python -m infra.layer Dependencies|PaymentsDependencies|… FOLDER     (the Makefile's build-…Dependencies targets call it)

Lambda unpacks at most 250 MB of layers and code together (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from infra.artefact import deployed_files
from infra.bytecode import compiled_for_runtime, runtime

LOCKS = Path(__file__).parents[1] / "requirements"
KEPT_DATA = {"dynamodb", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs", "cognito-idp", "sts", "sesv2"}
"""The services that the functions call; botocore's data for the other 420 is 17 MB."""
FOR_ALL = "layer"
PLATFORM = "aarch64-manylinux_2_28"


def lock_of(layer: str) -> str:
    """Dependencies → layer, PaymentsDependencies → payments."""
    return layer.removesuffix("Dependencies").lower() or FOR_ALL


def pins(lock: str) -> dict[str, str]:
    """Package → its lines of a lock, with hashes."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", (LOCKS / f"{lock}.txt").read_text())
    return {block.partition("==")[0]: block for block in blocks if "==" in block.partition("\n")[0]}


def wanted(lock: str) -> str:
    """The requirements of a layer: a family's hold nothing that every function has anyway."""
    own, common = pins(lock), pins(FOR_ALL)
    if lock == FOR_ALL:
        return "".join(own.values())
    differ = [name for name in own.keys() & common.keys() if _version(own[name]) != _version(common[name])]
    if differ:
        raise SystemExit(f"requirements/{lock}.txt and {FOR_ALL}.txt differ in {', '.join(sorted(differ))}: run `make lock`")
    return "".join(block for name, block in own.items() if name not in common)


def install(requirements: str, folder: Path, platform: str = PLATFORM) -> None:
    """Install for the functions' runtime and processor, or another `platform` of uv's, whatever this machine is. A few small packages
    have no wheels: those that are pure Python are built."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        place = ["--target", str(folder), "--python-version", runtime().removeprefix("python"), "--python-platform", platform]
        subprocess.run([*command, *place, "--requirement", file.name], check=True)
    for stray in ("bin", "examples", "share", "tests"):  # which some packages install beside themselves
        shutil.rmtree(folder / stray, ignore_errors=True)


def fill(lock: str, folder: Path, platform: str = PLATFORM) -> None:
    """What the layer of `lock` holds, into `folder`."""
    install(wanted(lock), folder, platform)
    if lock == FOR_ALL:
        add_chalice(folder)
        add_sdk(folder)
        trim(folder)


def add_chalice(folder: Path) -> None:
    """Copy the part of Chalice that runs in a function: `chalice/app.py` imports only the standard library, its package drags in
    pip and inquirer."""
    spec = find_spec("chalice")
    if spec is None or spec.origin is None:
        raise SystemExit("chalice is not installed: run `make install`")
    source, target = Path(spec.origin).parent, folder / "chalice"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", "app.py"):
        shutil.copy(source / name, target / name)


def add_sdk(folder: Path) -> None:
    """Copy what plug-ins are written against, whole: an author's may import any of it."""
    for path, body in deployed_files("sdk/monsoon_plugin").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)


def trim(folder: Path) -> None:
    """Remove botocore's models of services that nothing here calls, and the way by which it would load pyOpenSSL wherever that lies
    about: 80 ms of each cold start, for nothing."""
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in KEPT_DATA:
            shutil.rmtree(path)
    (folder / "urllib3" / "contrib" / "pyopenssl.py").unlink(missing_ok=True)


def _version(block: str) -> str:
    return re.split(r"[ ;\\]", block.partition("==")[2], maxsplit=1)[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="fill a dependency layer")
    parser.add_argument("layer", help="its logical id in template.yaml")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    fill(lock_of(asked.layer), asked.folder / "python")
    compiled_for_runtime(asked.folder / "python")
