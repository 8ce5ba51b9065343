"""A wheel of an author's plug-in is offered on the laptop, or refused with a sentence; no tracked file changes."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.artefact import fill
from local.plugins import LOCK, AuthorPlugins, Wanted
from local.plugins import load as load_and_say
from local.wheels.wheel import DAMAGED, NotTaken
from tests.conftest import ROOT
from tests.processes import ended

CODE = """
from monsoon_plugin.courier import Capability
from monsoon_plugin.plugin import Config, Manifest

class Acme:
    manifest = Manifest(id="acme", version="1.2", api={api}, kind="courier", name={{"en": "Acme"}}, allowed_hosts=("api.acme.example",))
    config_model = Config

    def capability(self, config):
        return Capability(countries=("GB",))
"""
AT = "http://127.0.0.1:4010"
A_PROCESS = pytest.mark.thorough
"""Of cases that ask a wheel in a process of its own, as others do that are not marked: each takes a second."""


def wheel(folder: Path, code: str = CODE.format(api=1), group: str = "courier", name: str = "acme", module: str = "acme") -> Path:
    """A wheel whose one module is `code`."""
    made = folder / "acme-1.2-py3-none-any.whl"
    files = {
        f"{module}/plugin.py": code,
        "acme-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme\nVersion: 1.2\n",
        "acme-1.2.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "acme-1.2.dist-info/entry_points.txt": f"[monsoon.{group}]\n{name} = {module}.plugin:Acme\n",
    }
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr("acme-1.2.dist-info/RECORD", "".join(f"{path},,\n" for path in [*files, "acme-1.2.dist-info/RECORD"]))
    return made


def load(texts: list[str], folder: Path) -> tuple[AuthorPlugins, list[str]]:
    return load_and_say(texts, folder, lambda text: None)


def refusal(made: Path | str, folder: Path) -> str:
    """The one sentence; nothing is loaded."""
    plugins, refusals = load([str(made)], folder)
    assert plugins == AuthorPlugins([])
    (sentence,) = refusals
    assert "\n" not in sentence
    return sentence


def test_a_whole_wheel_is_offered_with_its_providers_address(tmp_path: Path):
    plugins, refusals = load([f"{wheel(tmp_path)}={AT}/"], tmp_path / "plugins")
    assert refusals == []
    assert [str(plugin) for plugin in plugins.loaded] == [
        f"courier plug-in acme 1.2 of {tmp_path}/acme-1.2-py3-none-any.whl is offered; its provider answers at {AT}"
    ]
    assert plugins.bases == {"acme": AT}


@A_PROCESS
def test_without_an_address_its_manifest_says_where_the_provider_answers(tmp_path: Path):
    plugins, _ = load([str(wheel(tmp_path))], tmp_path / "plugins")
    assert str(plugins.loaded[0]).endswith("its provider answers at https://api.acme.example")
    assert plugins.bases == {}


def test_its_family_finds_the_package_and_every_host_the_line_and_no_tracked_file_changes(tmp_path: Path):
    plugins, _ = load([str(wheel(tmp_path))], tmp_path / "plugins")
    folder, before = tmp_path / "artefacts", (ROOT / LOCK).read_bytes()
    fill("shipping", folder)
    plugins.overlay(folder)
    listed: dict[str, Any] = json.loads((folder / LOCK).read_text())
    shipped: dict[str, Any] = json.loads(before)
    assert listed["courier"].pop("acme")["entry"] == "acme.plugin:Acme"
    assert listed == shipped
    assert (ROOT / LOCK).read_bytes() == before
    assert [path.name for path in plugins.beside("shipping", folder).rglob("*.*")] == ["plugin.py"]
    assert list(plugins.beside("payments", folder).iterdir()) == []


@A_PROCESS
def test_what_was_unpacked_before_is_taken_as_it_is(tmp_path: Path):
    made, folder = wheel(tmp_path), tmp_path / "plugins"
    load([str(made)], folder)
    (first,) = folder.iterdir()
    written = first.stat().st_mtime_ns
    load([str(made)], folder)
    assert [path.stat().st_mtime_ns for path in folder.iterdir()] == [written]


def test_a_wheel_of_another_version_of_the_contract_is_refused(tmp_path: Path):
    said = refusal(wheel(tmp_path, CODE.format(api=2)), tmp_path)
    why = "acme is written for version 2 of the plug-ins' contract; this hub speaks version 1"
    assert said == f"{tmp_path}/acme-1.2-py3-none-any.whl is not taken: {why}"


def test_a_wheel_named_as_a_shipped_plug_in_is_refused(tmp_path: Path):
    assert "`stripe` is a payment plug-in that Monsoon ships" in refusal(wheel(tmp_path, name="stripe"), tmp_path)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import no_such_library", "acme.plugin:Acme needs the module `no_such_library`, which the hub's environment lacks"),
        (CODE.format(api=1).replace('id="acme"', 'id="other"'), "is the courier plug-in other"),
        *(
            pytest.param(code, why, marks=A_PROCESS)
            for code, why in (
                ("class Acme", "cannot be imported and asked what it is: SyntaxError"),
                ("raise SystemExit('bye')", "importing it ends the process: SystemExit(bye)"),
                ("raise KeyboardInterrupt", "importing it ends the process: KeyboardInterrupt()"),
                ("x = 1", "AttributeError"),
                ("import os; os._exit(0)", "importing it ends the process, with status 0, before it says what it is"),
                ("import os; print('[]', flush=True); os._exit(0)", "[]"),
                ("import os; os.kill(os.getpid(), 9)", "importing it ends the process, with status -9, before it says what it is"),
                (CODE.format(api=1).replace("return Capability", "return no_such"), "cannot be imported and asked what it is: NameError"),
                (
                    CODE.format(api=1).replace('kind="courier"', 'kind="payment"'),
                    "acme.plugin:Acme is the payment plug-in acme: declare it as that",
                ),
            )
        ),
    ],
)
def test_a_broken_wheel_is_refused_with_what_is_wrong_in_it(code: str, why: str, tmp_path: Path):
    assert why in refusal(wheel(tmp_path, code), tmp_path)


@pytest.mark.parametrize(("name", "why"), [("Acme", "`Acme` is no id"), pytest.param("a", "`a` is no id", marks=A_PROCESS)])
def test_an_id_that_no_manifest_may_have_is_refused(name: str, why: str, tmp_path: Path):
    assert why in refusal(wheel(tmp_path, name=name), tmp_path)


@pytest.mark.parametrize("module", ["shared", *(pytest.param(name, marks=A_PROCESS) for name in ("monsoon_plugin", "requests", "json"))])
def test_a_wheel_that_would_hide_a_module_of_the_hubs_is_refused(module: str, tmp_path: Path):
    assert f"it brings a module `{module}`, which the hub has already" in refusal(wheel(tmp_path, module=module), tmp_path)


@A_PROCESS
def test_a_wheel_without_a_plug_in_is_refused(tmp_path: Path):
    assert "it declares no plug-in: an entry point in monsoon.payment" in refusal(wheel(tmp_path, group="bank"), tmp_path)


def spoiled(made: Path, how: str) -> None:
    """The wheel as a broken download or a careless hand leaves it."""
    whole = made.read_bytes()
    within = whole.index(b"from monsoon_plugin")
    spoils = {
        "no zip": b"not a zip",
        "empty": b"",
        "cut off": whole[: len(whole) // 2],
        "a byte": whole[:within] + b"F" + whole[within + 1 :],
    }
    if how in spoils:
        made.write_bytes(spoils[how])
        return
    with zipfile.ZipFile(made) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not name.endswith(how)}
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("how", ["no zip", "empty", "cut off", "a byte", "METADATA", "RECORD"])
def test_a_file_that_is_damaged_is_said_to_be(how: str, tmp_path: Path):
    made = wheel(tmp_path)
    spoiled(made, how)
    assert refusal(made, tmp_path / "plugins").startswith(f"{made} is not taken: {DAMAGED}")
    assert not (tmp_path / "plugins").exists()


def test_a_file_that_is_not_there_is_named_whole_and_one_that_is_no_file_too(tmp_path: Path):
    assert f"there is no file {tmp_path}/other.whl" in refusal(tmp_path / "other.whl", tmp_path)
    assert f"there is no file {tmp_path}" in refusal(tmp_path, tmp_path)
    assert f"there is no file {tmp_path}/other.whl" in refusal(f"{tmp_path}/nowhere/../other.whl", tmp_path)


def test_a_wheel_of_another_python_and_one_whose_name_is_none_are_refused_in_words(tmp_path: Path):
    made = wheel(tmp_path)
    other = made.rename(tmp_path / "acme-1.2-cp27-cp27m-win32.whl")
    assert "it is built for another Python or another machine" in refusal(other, tmp_path / "plugins")
    assert "it cannot be installed: The wheel filename" in refusal(other.rename(tmp_path / "acme.whl"), tmp_path / "plugins")


@pytest.mark.thorough
def test_a_wheel_whose_import_takes_long_is_said_to_be_waited_for_and_what_it_starts_ends_with_it(tmp_path: Path):
    begin = f"print(subprocess.Popen(['sleep', '300']).pid, file=open({str(tmp_path / 'pid')!r}, 'w'))"
    code = f"import subprocess, time; {begin}; time.sleep(2.5)"
    said: list[str] = []
    plugins, refusals = load_and_say([str(wheel(tmp_path, f"{code}\n{CODE.format(api=1)}"))], tmp_path / "plugins", said.append)
    assert (len(plugins.loaded), refusals) == (1, [])
    assert said[0] == f"waiting for {tmp_path}/acme-1.2-py3-none-any.whl to say what it is, 60 s at most"
    assert ended(int((tmp_path / "pid").read_text()))


@A_PROCESS
def test_what_a_wheel_prints_or_leaves_running_does_not_spoil_its_answer(tmp_path: Path):
    code = "import threading, time; print('hello'); threading.Thread(target=time.sleep, args=(300,)).start()"
    plugins, refusals = load([str(wheel(tmp_path, f"{code}\n{CODE.format(api=1)}"))], tmp_path / "plugins")
    assert (len(plugins.loaded), refusals) == (1, [])


@A_PROCESS
def test_two_wheels_of_one_id_are_one_plug_in(tmp_path: Path):
    made = wheel(tmp_path)
    plugins, refusals = load([str(made), str(made)], tmp_path / "plugins")
    assert len(plugins.loaded) == 1
    assert refusals == [f"{made} is not taken: {made} brings `acme` already"]


@pytest.mark.parametrize("address", ["4010", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(NotTaken, match="is no address of a provider"):
        Wanted.parse(f"a.whl={address}")
