"""Authors' plug-ins on this machine's hub: a wheel is unpacked, looked at, and put beside what Monsoon ships. No tracked file changes.

A wheel that cannot be taken is refused with a sentence, and the hub starts without it.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.templates import ROOT

LOCK = Path("shared/providers/providers.json")
HOSTS = {"payment": "payments", "courier": "shipping", "clearing": "settlement"}
"""Family → the service that hosts it."""
PATIENCE = 60
"""Seconds that a wheel may take to say what it is."""
NOT_CODE = shutil.ignore_patterns("__pycache__", "*.dist-info", "bin", ".lock")


class NotTaken(Exception):
    """A wheel is refused; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for: a wheel, and where its provider answers (empty: where its manifest says)."""

    wheel: Path
    address: str = ""

    @classmethod
    def parse(cls, text: str) -> "Wanted":
        """`acme-1.0-py3-none-any.whl`, or that with `=http://127.0.0.1:4010`. Raises NotTaken."""
        wheel, _, address = text.partition("=")
        if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname):
            raise NotTaken(f"{address} is no address of a provider, such as http://127.0.0.1:4010")
        return cls(Path(wheel).expanduser(), address.rstrip("/"))


@dataclass(frozen=True, slots=True)
class AuthorPlugin:
    """A plug-in that the hub offers for as long as it runs."""

    id: str
    kind: str
    wheel: str
    """The wheel's file name."""
    folder: Path
    """Where the wheel is unpacked."""
    address: str
    line: Mapping[str, Any] = field(repr=False)
    """Its line in the list of providers."""

    def __str__(self) -> str:
        hosts = self.line["manifest"]["allowed_hosts"]
        provider = self.address or (f"https://{hosts[0]}" if hosts else "")
        asks = f"its provider answers at {provider}" if provider else "it calls nobody"
        return f"{self.kind} plug-in {self.id} {self.line['manifest']['version']} of {self.wheel} is offered; {asks}"


@dataclass(frozen=True, slots=True)
class AuthorPlugins:
    """Those of one start."""

    loaded: Sequence[AuthorPlugin] = ()

    @property
    def bases(self) -> dict[str, str]:
        """Plug-in id → where its provider answers: a part of the parameter ProviderBases."""
        return {plugin.id: plugin.address for plugin in self.loaded if plugin.address}

    def overlay(self, folder: Path) -> None:
        """Let the list of providers in `folder`, which holds the artefacts' files, name them."""
        if self.loaded:
            providers = json.loads((folder / LOCK).read_bytes())
            for plugin in self.loaded:
                providers[plugin.kind][plugin.id] = plugin.line
            (folder / LOCK).write_text(json.dumps(providers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def beside(self, service: str, folder: Path) -> Path:
        """A folder in `folder` with the packages that the artefact of `service` holds beside its own."""
        place = folder / "plugins" / service
        place.mkdir(parents=True, exist_ok=True)
        for plugin in self.loaded:
            if HOSTS[plugin.kind] == service:
                shutil.copytree(plugin.folder, place, ignore=NOT_CODE, dirs_exist_ok=True)
        return place


NO_PLUGINS = AuthorPlugins()


def offered(texts: Iterable[str], folder: Path, say: Callable[[str], None]) -> AuthorPlugins:
    """The plug-ins that `texts` name, for the hub whose data lie in `folder`. Says of each wheel what became of it, and of those that
    the last start offered and this does not, that they are not."""
    plugins, refusals = load(texts, folder / "plugins")
    for told in (*map(str, plugins.loaded), *refusals):
        say(told)
    kept = folder / "plugins" / "offered.json"
    before = json.loads(kept.read_text()) if kept.exists() else []
    now = [plugin.id for plugin in plugins.loaded]
    for plugin_id in before:
        if plugin_id not in now:
            say(f"{plugin_id} was offered last time and is not now: what its installations are asked is answered 422 until it is again")
    if now or before:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([*now, *(plugin_id for plugin_id in before if plugin_id not in now)]))
    return plugins


def load(texts: Iterable[str], folder: Path) -> tuple[AuthorPlugins, list[str]]:
    """The plug-ins of the wheels that `texts` name, unpacked under `folder`, and of each refused one a sentence that says why."""
    found: list[AuthorPlugin] = []
    refusals: list[str] = []
    for text in texts:
        try:
            wanted = Wanted.parse(text)
            for plugin in look_at(wanted, unpack(wanted.wheel, folder)):
                if any(plugin.id == known.id for known in found):
                    raise NotTaken(f"another wheel brings `{plugin.id}` already")
                found.append(plugin)
        except NotTaken as error:
            refusals.append(f"{Path(text.partition('=')[0]).name} is not taken: {error}")
    return AuthorPlugins(found), refusals


def unpack(wheel: Path, folder: Path) -> Path:
    """Install `wheel` alone into a folder of its own, named by its bytes; what was unpacked before is taken as it is. Raises NotTaken."""
    if not wheel.is_file():
        raise NotTaken(f"there is no file {wheel}")
    place = folder / f"{wheel.name.removesuffix('.whl')}-{hashlib.sha256(wheel.read_bytes()).hexdigest()[:12]}"
    if place.is_dir():
        return place
    fresh = place.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--offline", "--no-deps", "--target", str(fresh)]
    done = subprocess.run([*command, "--python", sys.executable, str(wheel.resolve())], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NotTaken(f"it is no wheel for this Python: {_sentence(done.stderr)}")
    fresh.rename(place)
    return place


def look_at(wanted: Wanted, folder: Path) -> list[AuthorPlugin]:
    """What the wheel unpacked into `folder` brings, told by a process of its own. Raises NotTaken."""
    command = [sys.executable, "-m", "local.plugin_check", str(folder)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise NotTaken(f"it does not say what it is within {PATIENCE} s") from None
    if done.returncode:
        raise NotTaken(_sentence(done.stderr))
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return [AuthorPlugin(**plugin, wheel=wanted.wheel.name, folder=folder, address=wanted.address) for plugin in told]


def _sentence(stderr: str) -> str:
    """The last thing that a program said."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[-1][:400] if lines else "it ended without a word"
