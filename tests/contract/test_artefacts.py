"""What is deployed: what runs, and nothing that only tries it."""

import ast
import io
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.artefact import contents, fill, is_test_part, zipped
from infra.bytecode import compiled
from infra.layer import add_sdk
from local.plugins import HOSTS
from shared.providers.registry import lock
from tests.conftest import ROOT
from tests.contract.conftest import folders, imported, nodes, parsed

WEIGHS_KB = {
    "accounts": 77, "audit": 174, "authorizer": 31, "catalog": 165, "fanout": 203, "notices": 212, "orders": 4745, "payments": 354,
    "pictures": 189, "publish": 18, "settlement": 221, "shipping": 397, "storefronts": 365, "uploads": 295,
}  # fmt: skip
"""What each artefact weighs, packed, on 2026-12-01. The pages' engine, texts, style, forms and figures are 70 to 80 KB of those that show
pages and write mails, the folding 25 to 55 KB of those that compare texts, sealing 16 to 30 KB, and what any function imports 18 KB.
4,400 KB of orders' are the letters of receipts.
One that outgrows it has grown, or imports what it does not use; who means it to says the new weight here."""
DEPLOYED = (".py", ".json", ".typed", ".csv", ".txt", ".css", ".mo", ".ttf")
GROWTH = 1.05
"""A twentieth more or less is not worth a change of the table."""
KIT = ("conformance", "tests", "tools", "bench", "infra")
OURS = ("functions", "shared")
SDK = "monsoon_plugin"
LOADER = "shared/providers/registry.py"
"""Imports plug-ins by the names in a list: whoever reaches it is their host."""
BY_MADE_UP_NAMES = {
    LOADER: "plug-ins by the lock: the host's own, whose folder it has, and authors', which import the SDK, whole in the layer",
    "functions/shipping/plugins/karrio/client.py": "Karrio's connectors, in a layer",
}
"""Whoever imports by a name that is made at run time → what lies there. infra/reached_modules.py cannot see it."""
IMPORTERS = {"importlib", "import_module", "__import__", "runpy", "pkgutil", "zipimport", "exec", "eval"}
Artefacts = dict[str, zipfile.ZipFile]


def artefact(service: str, folder: Path) -> bytes:
    fill(service, folder)
    return zipped(folder, contents(service))


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Artefacts:
    """Service → its artefact, as the laptop makes them: in one folder."""
    folder = tmp_path_factory.mktemp("artefacts")
    for service in folders():
        fill(service, folder)
    return {service: zipfile.ZipFile(io.BytesIO(zipped(folder, contents(service)))) for service in folders()}


def modules(held: zipfile.ZipFile) -> Iterator[tuple[str, ast.Module]]:
    """The artefact's Python files, by their path in it."""
    return ((name, parsed(held.read(name).decode())) for name in held.namelist() if name.endswith(".py"))


def words(tree: ast.Module) -> set[str]:
    """The names that a file uses, and the top of each module that it imports."""
    used = {getattr(node, name) for node in nodes(tree) for name in ("id", "attr") if hasattr(node, name)}
    return used | {module.partition(".")[0] for module in imported(tree)}


def test_an_artefact_holds_nothing_that_only_tries_plug_ins(artefacts: Artefacts):
    for service, held in artefacts.items():
        names = [Path(name) for name in held.namelist()]
        assert not [name for name in names if is_test_part(name) or name.suffix not in DEPLOYED]
        assert {name.parts[0] for name in names} <= set(OURS), service
        assert {name.parts[1] for name in names if name.parts[0] == "functions"} == {service}


def test_no_artefact_weighs_more_than_it_may(tmp_path: Path):
    weights = {service: len(artefact(service, tmp_path)) / 1024 for service in folders()}
    assert {service: round(kb) for service, kb in weights.items() if kb > WEIGHS_KB[service] * GROWTH} == {}
    assert {service: round(kb) for service, kb in weights.items() if kb < WEIGHS_KB[service] / GROWTH} == {}, "less than it is said to"


@pytest.mark.thorough
def test_an_artefact_is_the_same_bytes_alone_and_among_others(tmp_path: Path):
    for service in reversed(folders()):
        assert artefact(service, tmp_path / "all") == artefact(service, tmp_path / service)


def test_on_the_laptop_each_module_of_an_artefact_has_its_bytecode_and_no_other_is_there(tmp_path: Path):
    for service in ("publish", "authorizer"):
        fill(service, tmp_path)
    compiled(tmp_path)
    names = zipfile.ZipFile(io.BytesIO(zipped(tmp_path, contents("publish")))).namelist()
    bytecode = {re.sub(r"__pycache__/(\w+)\..*", r"\1.py", name) for name in names if name.endswith(".pyc")}
    assert bytecode == {name for name in names if name.endswith(".py")}


IMPORT_ALL = """
import importlib, pathlib, sys
folder, ours, *packages = sys.argv[1:]
sys.path += packages
for artefact in sorted(pathlib.Path(folder).iterdir()):
    sys.path.insert(0, str(artefact))
    for path in sorted(artefact.rglob("*.py")):
        name = ".".join(path.relative_to(artefact).with_suffix("").parts)
        try:
            assert importlib.import_module(name).__file__ == str(path), "another file of that name was found"
        except Exception as error:
            print(f"{artefact.name}: {name}: {error!r}")
    sys.path.remove(str(artefact))
    for name in [name for name in sys.modules if name.partition(".")[0] in ours.split(",")]:
        del sys.modules[name]
"""


@pytest.mark.thorough
def test_each_artefact_alone_imports_every_module_that_it_holds(artefacts: Artefacts, tmp_path: Path):
    """In a process that finds others' packages, the layer's SDK and the artefact, and no file of this checkout. So does the SDK alone."""
    for service, held in artefacts.items():
        held.extractall(tmp_path / service)
    add_sdk(tmp_path / "sdk")
    packages = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(tmp_path / "sdk")]
    command = [sys.executable, "-I", "-S", "-B", "-c", IMPORT_ALL, str(tmp_path), ",".join(OURS), *packages]
    done = subprocess.run(
        command, cwd=tmp_path, env={"AWS_DEFAULT_REGION": "us-east-1"}, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stdout + done.stderr


def test_what_an_artefact_imports_later_lies_in_it_too(artefacts: Artefacts):
    """Imports inside functions, which importing a module does not try."""
    for service, held in artefacts.items():
        wanted = {f"{module.replace('.', '/')}.py" for _, tree in modules(held) for module in imported(tree)}
        ours = {path for path in wanted if (ROOT / path).is_file()}
        assert ours - set(held.namelist()) == set(), service


def test_nothing_that_is_deployed_imports_by_a_name_made_at_run_time_but_what_is_listed(artefacts: Artefacts):
    found = {name for held in artefacts.values() for name, tree in modules(held) if IMPORTERS & words(tree)}
    assert found == BY_MADE_UP_NAMES.keys()


def test_hosts_of_plug_ins_and_only_they_hold_who_loads_them(artefacts: Artefacts):
    assert {service for service, held in artefacts.items() if LOADER in held.namelist()} == set(HOSTS.values())
    for kind, service in HOSTS.items():
        names = set(artefacts[service].namelist())
        assert names >= {f"{locked['entry'].partition(':')[0].replace('.', '/')}.py" for locked in lock()[kind].values()}


def test_the_layer_of_all_holds_the_sdk_whole_but_for_what_only_tries_plug_ins(tmp_path: Path):
    add_sdk(tmp_path)
    held = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    sources = {path.relative_to(ROOT / "sdk") for path in (ROOT / "sdk" / SDK).rglob("*.py")}
    assert held - {Path(SDK, "py.typed")} == {path for path in sources if not is_test_part(path)} != sources


def test_no_data_file_is_left_out_everywhere(artefacts: Artefacts):
    held = {name for archive in artefacts.values() for name in archive.namelist()}
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "shared").rglob("*.json")}
    assert data
    assert data <= held


def test_what_runs_imports_nothing_that_was_left_out(artefacts: Artefacts):
    for archive in artefacts.values():
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
