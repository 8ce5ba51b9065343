from pathlib import Path

import pytest

from infra.compiled_pages import ENGINE, with_pages
from shared.pages.templating import environment

OWN = "functions/one/pages/own.html"


def test_an_artefacts_own_templates_are_found_though_the_engine_was_imported_from_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """On a laptop functions share the modules that all of them hold: each still shows the pages of its own."""
    for path, body in with_pages([ENGINE, OWN], {ENGINE: b"", OWN: b"<p>{{ said }}</p>"}).items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    monkeypatch.syspath_prepend(str(tmp_path))
    made_anew = environment.__wrapped__("en")
    assert made_anew.get_template(OWN).render(said="<b>") == "<p>&lt;b&gt;</p>"
