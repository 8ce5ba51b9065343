"""Templates as an artefact holds them: Python, in the one folder where shared/pages/templating.py looks for them."""

from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import DictLoader, ModuleLoader

from shared.pages.templating import COMPILED, bare_environment

ENGINE = "shared/pages/templating.py"
TEMPLATE = ".html"


def with_pages(paths: Iterable[str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that `paths` name, each template compiled; with the hub's common ones, where the engine is among them."""
    found = set(paths)
    if ENGINE in found:
        found |= {path for path in files if path.startswith("shared/pages/") and path.endswith(TEMPLATE)}
    return dict(_compiled(path, files[path]) if path.endswith(TEMPLATE) else (path, files[path]) for path in sorted(found))


@cache
def _compiled(path: str, body: bytes) -> tuple[str, bytes]:
    source = bare_environment(DictLoader({})).compile(body.decode(), path, path, raw=True, defer_init=True)
    return f"{COMPILED}/{ModuleLoader.get_module_filename(path)}", source.encode()
