"""A plug-in that was just begun: whole, importable, and red in the kit until somebody writes it."""

import os
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Kind
from monsoon_plugin.standin import Reply, as_json, serving
from tests.conftest import ROOT
from tools.new_plugin.scaffold import Refused, written

CALLS = {
    "payment": ("check_config", "start", "confirm", "capture", "cancel", "refund", "fetch", "webhook"),
    "courier": ("check_config", "rates", "buy", "fetch", "void", "track", "webhook"),
    "clearing": ("check_config", "submit", "fetch", "parse_statement", "webhook"),
}
KINDS = get_args(Kind)


class KeyConfig(Config):
    api_key: SecretStr = SecretStr("a key of ours")


def context(address: str) -> Ctx[KeyConfig]:
    now = datetime.now(UTC)
    return Ctx(config=KeyConfig(), base_url=address, deadline=now + timedelta(seconds=5), now=now, local=True)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in the plug-in's own folder, with the hub on the path, as its README says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_a_plug_in_that_nobody_has_written_runs_in_the_kit_and_fails_it(kind: Kind, tmp_path: Path):
    folder = tmp_path / "begun"
    written(kind, "my_own", folder)
    tried = run(
        folder, "-p", "conformance.pytest_plugin", "--confcutdir", str(ROOT / "conformance"), "--plugin", "my_own.plugin:MyOwn"
    )  # fmt: skip
    assert tried.returncode == 1, tried.stdout + tried.stderr
    sums = re.search(r"^  (\d+) passed, (\d+) FAILED", tried.stdout, re.MULTILINE)
    assert sums
    assert int(sums[2]) > 30
    assert f"{kind} plug-in my_own against nobody yet" in tried.stdout
    assert "error collecting" not in tried.stdout.lower()
    assert "not written yet" in tried.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_every_call_of_the_contract_is_there_and_says_that_it_is_not_written(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written(kind, f"begun_{kind}", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__(f"begun_{kind}.plugin", fromlist=["plugin"])
    plugin = getattr(module, f"Begun{kind.capitalize()}")()
    assert (plugin.manifest.id, plugin.manifest.kind) == (f"begun_{kind}", kind)
    for name in CALLS[kind]:
        call = getattr(plugin, name)
        with pytest.raises(PluginError) as caught:
            call(*[None] * (call.__code__.co_argcount - 1))
        assert caught.value.kind is ErrorKind.UNSUPPORTED, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_read_by_the_providers_code_before_its_status(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = f"coded_{kind}"
    written(kind, name, tmp_path)
    table = tmp_path / name / "translate.py"
    text, count = re.subn(
        r"^(ERRORS: .*) = \{\}$", r'\1 = {"no_money": (ErrorKind.DECLINED, "There is no money.")}', table.read_text(), flags=re.MULTILINE
    )
    assert count == 1
    table.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    client = __import__(f"{name}.client", fromlist=["client"])

    def asked(reply: Reply, key: str = "op_1") -> Any:
        with serving(lambda request: reply) as address:
            return client.called(context(address), "/v1/things", lambda told: told["id"], {"a": 1}, key)

    for reply, kind_of_error, code in (
        (as_json({"error": {"code": "no_money"}}, 422), ErrorKind.DECLINED, "no_money"),
        (as_json({"error": {"code": "else"}}, 422), ErrorKind.INVALID, "else"),
        (as_json(["a list"], 401), ErrorKind.CONFIG, "401"),
        (Reply(503, b"<html>"), ErrorKind.OUTCOME_UNKNOWN, "503"),
        (as_json({"name": "no id"}), ErrorKind.PROTOCOL, ""),
    ):
        with pytest.raises(PluginError) as caught:
            asked(reply)
        assert (caught.value.kind, caught.value.provider_code) == (kind_of_error, code)
    assert asked(as_json({"id": "t_1"})) == "t_1"
    with pytest.raises(PluginError) as caught:
        asked(Reply(503, b"<html>"), key="")
    assert caught.value.kind is ErrorKind.UNAVAILABLE


@pytest.mark.parametrize("kind", KINDS)
def test_its_stand_in_runs_by_itself(kind: Kind, tmp_path: Path):
    written(kind, "my_own", tmp_path)
    begun = subprocess.Popen([sys.executable, "-u", "-m", "my_own.standin"], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "PYTHONPATH": str(ROOT / "sdk")}, stderr=subprocess.STDOUT)  # fmt: skip
    try:
        said = begun.stdout.readline() if begun.stdout else ""
    finally:
        begun.kill()
        begun.communicate()
    assert re.match(r"MyOwn's stand-in (answers at http://127\.0\.0\.1:4010|cannot answer at port 4010)", said), said


@pytest.mark.thorough
def test_its_own_tests_ask_for_the_tables_to_be_filled_and_for_nothing_else(tmp_path: Path):
    written("payment", "my_own", tmp_path)
    tried = run(tmp_path)
    assert tried.returncode == 1
    assert "fill STATES in my_own/translate.py" in tried.stdout
    assert "1 failed, 6 passed" in tried.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_its_entry_point_names_the_class_in_the_familys_group(kind: Kind, tmp_path: Path):
    written(kind, "acme_bank2", tmp_path)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text())["project"]
    assert project["name"] == "monsoon-plugin-acme_bank2"
    assert project["entry-points"] == {f"monsoon.{kind}": {"acme_bank2": "acme_bank2.plugin:AcmeBank2"}}


def test_nothing_of_the_templates_own_name_is_left(tmp_path: Path):
    files = written("courier", "other", tmp_path)
    assert [file for file in files if re.search("[aA]cme|KIND", f"{file.relative_to(tmp_path)} {file.read_text()}")] == []


def test_a_host_has_no_underscore(tmp_path: Path):
    written("payment", "my_own_", tmp_path)
    assert '("api.my-own.example",)' in (tmp_path / "my_own_" / "plugin.py").read_text()


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        ("bank", "acme", "KIND=bank: choose one of payment, courier, clearing"),
        ("", "acme", "KIND="),
        ("payment", "", "NAME="),
        ("payment", "a", "2 to 40"),
        ("payment", "a" * 41, "2 to 40"),
        ("payment", "Acme", "a letter first"),
        ("payment", "9lives", "a letter first"),
        ("payment", "acme-pay", "a-z, 0-9 and _"),
        ("payment", "../acme", "a-z, 0-9 and _"),
        ("payment", "class", "Python knows that name already"),
        ("payment", "json", "Python knows that name already"),
        ("payment", "requests", "Python knows that name already"),
        ("payment", "shared", "Python knows that name already"),
        ("courier", "stripe", "there is a payment plug-in of that name"),
    ],
)
def test_what_it_cannot_be_named_is_said(kind: str, name: str, why: str, tmp_path: Path):
    with pytest.raises(Refused, match=re.escape(why)):
        written(kind, name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_forty_characters_is_taken(tmp_path: Path):
    assert written("payment", "a" * 40, tmp_path)


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path):
    (tmp_path / "mine").write_text("mine")
    for place in (tmp_path, tmp_path / "mine"):
        with pytest.raises(Refused, match="not an empty folder"):
            written("payment", "acme", place)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("mine", "mine")]


@pytest.mark.parametrize(("name", "code"), [("acme", 0), ("Acme", 1)])
def test_the_command_says_what_to_do_next_or_what_to_give_instead(name: str, code: int, tmp_path: Path):
    command = [sys.executable, "-m", "tools.new_plugin", "--kind", "payment", "--name", name, "--folder", str(tmp_path / "new")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert f"cd {tmp_path / 'new'}" in done.stdout if code == 0 else done.stderr.startswith("NAME=Acme: ")
