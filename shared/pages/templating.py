"""The one engine behind every page: Jinja2, which escapes all that is not markup of ours.

In an artefact templates are Python, compiled when it was built (infra/compiled_pages.py): a cold start parses none. They are looked for
where modules are: on a laptop this file is shared by the functions that hold it, and each has templates of its own. Where they lie as
they were written, as in a test, they are compiled when first asked for.
"""

import sys
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined

from shared.pages.figures import figures
from shared.pages.interface_language import Interface
from shared.pages.texts import texts

ROOT = Path(__file__).parents[2]
COMPILED = "shared/pages/compiled"
"""The folder of an artefact where its templates lie."""


def bare_environment(loader: BaseLoader) -> Environment:
    """What templates are compiled for: the same when built and when run. Their names are paths from the project's root."""
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip


@cache
def environment(interface: Interface) -> Environment:
    """The engine that speaks one language."""
    compiled = [folder for place in sys.path if (folder := Path(place, COMPILED)).is_dir()]
    made = bare_environment(ModuleLoader(compiled) if compiled else FileSystemLoader(ROOT))
    made.install_gettext_translations(texts(interface), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"figures": figures(interface), "say": lambda text: text and texts(interface).gettext(text)}
    return made


def rendered(template: str, interface: Interface, **values: object) -> str:
    """The page that a template (`shared/pages/refusal.html`) makes of `values`."""
    return environment(interface).get_template(template).render(values)
