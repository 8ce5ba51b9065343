"""What is tried on real inputs (../shared/data) is tried in CI, or CI fails: a test that skips there proves nothing."""

import re
from pathlib import Path

import pytest

from tests.conftest import DATA, ROOT, real_inputs

SKIPS = re.compile(r"pytest\.skip\(|importorskip|skipif")
ALLOWED = {
    "tests/browser/conftest.py",
    "tests/conftest.py",
    "tests/contract/test_messages.py",
    "tests/contract/test_settings.py",
    "tests/contract/test_real_inputs.py",
    "tests/clients/test_sites.py",
    "tests/unit/local/test_memory.py",
    "tests/unit/local/workers/test_zygote.py",
}
"""Files that may skip: the one that fails in CI instead, what waits for files of this project alone, for Node, for Linux, and for
Chromium, which CI installs where it can."""


def test_without_real_inputs_a_test_skips_at_home_and_fails_in_ci(tmp_path: Path):
    absent = tmp_path / "absent"
    with pytest.raises(pytest.skip.Exception):
        real_inputs({}, absent)
    with pytest.raises(pytest.fail.Exception):
        real_inputs({"CI": "true"}, absent)
    assert real_inputs({"CI": "true"}, tmp_path) == tmp_path


def test_ci_says_that_it_is_ci():
    assert re.search(r"^export CI=", (ROOT / ".ci/run").read_text(), re.MULTILINE)


def test_nothing_else_skips_for_want_of_them():
    tests = [path for folder in ("tests", "functions") for path in (ROOT / folder).rglob("*.py")]  # the kit skips what a plug-in cannot do
    found = {str(path.relative_to(ROOT)) for path in tests if SKIPS.search(path.read_text())}
    assert found <= ALLOWED, f"ask tests.conftest.real_inputs, which fails in CI; {DATA} is where they lie"
