"""Finishes the dependency layer: adds Chalice's runtime alone (its package drags in pip and inquirer), drops what never runs.

python infra/layer.py FOLDER     (the Makefile's build-Dependencies calls it)
"""

import argparse
import shutil
from importlib.util import find_spec
from pathlib import Path

KEPT_DATA = {"dynamodb", "kms", "s3", "secretsmanager", "sns", "sqs", "cognito-idp", "sts"}
"""The services that the functions call; botocore's data for the other 420 is 17 MB."""


def add_chalice(folder: Path) -> None:
    """Copy the part of Chalice that runs in a function: `chalice/app.py` imports only the standard library."""
    spec = find_spec("chalice")
    if spec is None or spec.origin is None:
        raise SystemExit("chalice is not installed: run `make install`")
    source, target = Path(spec.origin).parent, folder / "chalice"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", "app.py"):
        shutil.copy(source / name, target / name)


def drop_data(folder: Path) -> None:
    """Remove botocore's models of services that nothing here calls."""
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in KEPT_DATA:
            shutil.rmtree(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="finish the dependency layer in FOLDER")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    add_chalice(asked.folder)
    drop_data(asked.folder)
