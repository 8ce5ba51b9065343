"""Authors' plug-ins on this machine's hub: a wheel is unpacked, looked at, and put beside what Monsoon ships. No tracked file changes.

A wheel that cannot be taken is refused with a sentence, and the hub starts without it.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.start.sayer import Sayer
from local.wheels.wheel import PATIENCE, NotTaken, told, unpack

LOCK = Path("shared/providers/providers.json")
HOSTS = {"payment": "payments", "courier": "shipping", "clearing": "settlement"}
"""Family → the service that hosts it."""
NOT_CODE = shutil.ignore_patterns("__pycache__", "*.dist-info", "bin", ".lock")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for: a wheel, and where its provider answers (empty: where its manifest says)."""

    wheel: str
    address: str = ""

    @classmethod
    def parse(cls, text: str) -> "Wanted":
        """`acme-1.0-py3-none-any.whl`, or that with `=http://127.0.0.1:4010`. Raises NotTaken."""
        wheel, _, address = text.partition("=")
        if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname):
            raise NotTaken(f"{address} is no address of a provider, such as http://127.0.0.1:4010")
        return cls(wheel, address.rstrip("/"))


@dataclass(frozen=True, slots=True)
class AuthorPlugin:
    """A plug-in that the hub offers for as long as it runs."""

    id: str
    kind: str
    wheel: str
    """The wheel, by the path that it was asked for."""
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

    @property
    def fingerprint(self) -> str:
        """Of what is offered, as it is now."""
        wheels = [(str(plugin), plugin.line, sha256(Path(plugin.wheel).read_bytes()).hexdigest()) for plugin in self.loaded]
        return json.dumps(wheels, sort_keys=True)

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
    plugins, refusals = load(texts, folder / "plugins", say)
    for line in (*map(str, plugins.loaded), *refusals):
        say(line)
    kept = folder / "plugins" / "offered.json"
    before = json.loads(kept.read_text()) if kept.exists() else []
    now = [plugin.id for plugin in plugins.loaded]
    for plugin_id in before:
        if plugin_id not in now:
            say(f"{plugin_id} was offered last time and is not now: its installations wait, and nothing is done by them until it is again")
    if now or before:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([*now, *(plugin_id for plugin_id in before if plugin_id not in now)]))
    return plugins


def load(texts: Iterable[str], folder: Path, say: Callable[[str], None]) -> tuple[AuthorPlugins, list[str]]:
    """The plug-ins of the wheels that `texts` name, unpacked under `folder`, and of each refused one a sentence that says why. What is
    waited for is said."""
    found: list[AuthorPlugin] = []
    refusals: list[str] = []
    for text in texts:
        try:
            for plugin in _brought(Wanted.parse(text), folder, say):
                if others := [known.wheel for known in found if known.id == plugin.id]:
                    raise NotTaken(f"{others[0]} brings `{plugin.id}` already")
                found.append(plugin)
        except NotTaken as error:
            refusals.append(f"{text.partition('=')[0]} is not taken: {error}")
    return AuthorPlugins(found), refusals


def _brought(wanted: Wanted, folder: Path, say: Callable[[str], None]) -> list[AuthorPlugin]:
    """What a wheel brings. Raises NotTaken."""
    place = unpack(Path(wanted.wheel).expanduser(), folder)
    sayer = Sayer(say, f"waiting for {wanted.wheel} to say what it is, {PATIENCE:.0f} s at most", first=1.5)
    return [AuthorPlugin(**plugin, wheel=wanted.wheel, folder=place, address=wanted.address) for plugin in told(place, sayer.wait)]
