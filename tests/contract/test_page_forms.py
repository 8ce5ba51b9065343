"""Every form that pages post can be drawn from its model: no page writes a bound of its own."""

import re
from pathlib import Path

from app import services
from shared.pages.forms.json_schema import asked

ROOT = Path(__file__).parents[2]
BOUND = re.compile(r'(?:maxlength|minlength|pattern)="|\bm(?:in|ax)="[0-9]')


def test_every_form_of_the_hub_can_be_drawn():
    found = [operation.form for service in services() for operation in service.operations if operation.form is not None]
    assert len(found) > 8
    assert all(asked(model) or not model.model_fields for model in found)


def test_no_template_states_a_bound_that_a_model_states():
    """All are the renderer's, or come of a value that the page was given."""
    templates = [*ROOT.glob("functions/*/pages/**/*.html"), *ROOT.glob("shared/pages/**/*.html")]
    written = {path.relative_to(ROOT).as_posix() for path in templates if BOUND.search(path.read_text(encoding="utf-8"))}
    assert written <= {"shared/pages/forms/fields.html"}
