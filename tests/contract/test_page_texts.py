"""Whatever a page says, it says in both languages; what is compiled of that is of today."""

import subprocess
import sys
from pathlib import Path

from jinja2 import ModuleLoader

from infra.artefact import deployed_files
from infra.compiled_pages import ENGINE, with_pages
from shared.pages.templating import bare_environment, rendered
from shared.pages.texts import texts
from tests.conftest import ROOT
from tools.pages.__main__ import faults
from tools.pages.catalogue import said


def test_every_text_of_every_page_is_translated_and_compiled():
    assert faults() == [], "run `python -m tools.pages`, and translate in locale/"


def test_the_texts_of_templates_and_of_code_are_found():
    assert {"Skip to content", "Too many requests"} <= said().keys()


def test_an_artefact_holds_its_templates_compiled_alone_and_they_say_the_same(tmp_path: Path):
    held = with_pages({ENGINE}, deployed_files("shared"))
    assert not [path for path in held if path.endswith(".html")]
    for path, body in held.items():
        (tmp_path / Path(path).name).write_bytes(body)
    made = bare_environment(ModuleLoader(tmp_path))
    made.install_gettext_translations(texts("zh"), newstyle=True)  # type: ignore[attr-defined]
    told = {
        "language": "zh",
        "css": "",
        "icon": "",
        "title": "<",
        "reason": "",
        "advice": "",
        "fields": (),
        "back": "/",
        "to": "",
        "find": "",
    }
    page = made.get_template("shared/pages/refusal.html").render(told)
    assert page == rendered("shared/pages/refusal.html", "zh", **told)
    assert "<h1>&lt;</h1>" in page


def test_whoever_has_no_pages_has_no_templates():
    assert with_pages(["shared/errors.py"], deployed_files("shared")).keys() == {"shared/errors.py"}


def test_whoever_forks_the_laptops_functions_holds_nothing_of_this_checkouts_shared_folder():
    """It would be taken for the artefacts', beside which templates lie compiled."""
    program = "import local.workers.zygote, sys; print([name for name in sys.modules if name.partition('.')[0] == 'shared'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
