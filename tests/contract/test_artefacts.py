"""What is deployed: what runs, and nothing that only tries it."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from infra.artefact import fill, is_test_part, zipped
from tests.conftest import ROOT
from tests.contract.conftest import folders

MOST_KB = 256
"""Of an artefact, packed; the largest holds the plug-ins of payments."""
KIT = ("conformance", "tests", "tools", "bench", "infra")


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Service → its artefact."""
    folder = tmp_path_factory.mktemp("artefacts")
    for service in folders():
        fill(service, folder)
    return {service: zipped(folder, service) for service in folders()}


def test_an_artefact_holds_nothing_that_only_tries_plug_ins(artefacts: dict[str, bytes]):
    for service, artefact in artefacts.items():
        names = [Path(name) for name in zipfile.ZipFile(io.BytesIO(artefact)).namelist()]
        assert not [name for name in names if is_test_part(name) or name.suffix not in (".py", ".json", ".typed", ".csv", ".txt", ".html")]
        assert {name.parts[0] for name in names} == {"functions", "shared", "monsoon_plugin"}, service


def test_no_artefact_weighs_more_than_it_may(artefacts: dict[str, bytes]):
    assert {service: len(a) // 1024 for service, a in artefacts.items() if len(a) > MOST_KB * 1024} == {}


def test_what_runs_imports_nothing_that_was_left_out(artefacts: dict[str, bytes]):
    for artefact in artefacts.values():
        archive = zipfile.ZipFile(io.BytesIO(artefact))
        for name in archive.namelist():
            if name.endswith(".py"):
                imports = [line for line in archive.read(name).decode().splitlines() if line.startswith(("from ", "import "))]
                modules = [line.split()[1].split(".") for line in imports]
                assert not [m for m in modules if m[0] in KIT or is_test_part(Path(*m).with_suffix(".py"))], name


PLUGINS = sorted(path.parent for path in ROOT.glob("functions/*/plugins/*/plugin.py"))
CITED = re.compile(r"\b(?:docs|developer|open|opendocs|pay)\.[a-z-]+\.(?:com|io)(?:\.cn)?/[\w/-]+(?:\.\w+)*")


@pytest.mark.parametrize("plugin", PLUGINS, ids=[path.name for path in PLUGINS])
def test_a_shipped_plug_in_lies_in_one_folder_with_its_trial_and_the_papers_that_it_cites(plugin: Path):
    assert (plugin / "trial.py").is_file()
    papers = plugin / "papers" / "README.md"
    cited = {found for file in plugin.rglob("*.py") if "tests" not in file.parts for found in CITED.findall(file.read_text())}
    assert {page for page in cited if not papers.exists() or page not in papers.read_text()} == set()
