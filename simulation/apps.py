"""Services' apps: what a process keeps of them from one call to the next is their routes, and those are the same for every instance."""

from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shared.api.service import Service


@dataclass
class App:
    """The app of one instance at a time."""

    service: Service
    parts: Any = None


class Apps:
    """Made when there is none to spare: each costs 2 CPU-ms, and a schedule wants a dozen."""

    def __init__(self) -> None:
        self._spare: dict[str, list[App]] = defaultdict(list)

    def take(self, name: str, parts: Any, log: Any) -> App:
        """An app of a service for an instance that has these parts."""
        app = self._spare[name].pop() if self._spare[name] else _made(name)
        app.parts, app.service.logger = parts, log
        app.service.current_request = None
        return app

    def give_back(self, name: str, app: App) -> None:
        """Once its instance has ended, and not in the midst of a call."""
        app.parts = None
        self._spare[name].append(app)


def _made(name: str) -> App:
    routes = import_module(f"functions.{name}.handler").ROUTES
    app = App(Service(name))
    app.service = Service(name, lambda: app.parts, routes)
    return app
