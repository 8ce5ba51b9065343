"""An author's plug-in from its wheel to a shopper's payment, by the commands of docs/plugins.md: a hub on this machine offers it, is
stopped and started again, and says what it leaves out."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hubclient.hub import Hub
from infra.templates import ROOT
from local.plugins import LOCK
from monsoon_plugin.standin import serving
from tests.flow.runner import Place, running
from tests.plugins.author import PAGE, tally, wheel_of

pytestmark = pytest.mark.xdist_group("run")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tally(tmp_path_factory.mktemp("author") / "tally")


@pytest.fixture(scope="module")
def provider(project: Path) -> Iterator[str]:
    """Tally's stand-in, which remembers as long as this module runs."""
    sys.path.insert(0, str(project))
    try:
        from tally.standin import Account  # type: ignore[import-not-found]

        with serving(Account().answer) as address:
            yield address
    finally:
        sys.path.remove(str(project))
        for name in [name for name in sys.modules if name.partition(".")[0] == "tally"]:
            del sys.modules[name]  # the next test that begins a plug-in of that name must find it free


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place.at(tmp_path_factory.mktemp("run") / "hub")


def as_printed(place: Place, *, install: bool = True) -> list[Any]:
    """What the page's commands answer: a merchant its installation, if it is to `install`, and a shopper the payment."""
    (commands,) = re.findall(r"^```sh\n(demo\(\) .*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    script = commands.replace(".local/demo.json", str(place.folder / "demo.json"))
    if not install:
        script, count = re.subn(r'^say "\$owner" "\$shop/payment-installations".*?\n\n', "", script, flags=re.MULTILINE | re.DOTALL)
        assert count == 1
    done = subprocess.run(["sh", "-euc", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    decoder, found, text = json.JSONDecoder(), [], done.stdout.strip()
    while text:
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].strip()
    return found


def of_another_version(wheel: Path, folder: Path) -> Path:
    """The same wheel, written for another version of the contract."""
    made = folder / "other" / wheel.name
    made.parent.mkdir()
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, re.sub(r'(Manifest\("tally", "1\.0", |\bapi=)1\b', r"\g<1>2", text))
    return made


def test_a_wheel_is_offered_installed_and_charged_and_again_after_a_restart(
    project: Path, provider: str, place: Place, tmp_path: Path
):  # fmt: skip
    wheel = wheel_of(project, tmp_path)
    shipped = (ROOT / LOCK).read_bytes()
    with running(place, "--plugins", f"{wheel}={provider}", str(of_another_version(wheel, tmp_path))) as runner:
        assert f"payment plug-in tally 1.0 of {wheel} is offered; its provider answers at {provider}" in runner.printed
        assert "is written for version 2 of the plug-ins' contract; this hub speaks version 1" in runner.printed
        installed, payment = as_printed(place)
        assert (installed["plugin"], payment["state"]) == ("tally", "captured"), (installed, payment)
    with running(place, "--plugins", f"{wheel}={provider}") as runner:
        assert "the demo is as you left it" in runner.printed
        (payment,) = as_printed(place, install=False)
        assert payment["state"] == "captured"
        assert payment["installation_id"] == installed["id"]
    with running(place) as runner:
        assert "tally was offered last time and is not now" in runner.printed
        demo = place.demo()
        shop = demo["storefronts"][0]
        owner = Hub(demo["api"], demo["keys"][shop["owner"]])
        path = f"/v1/storefronts/{shop['storefront_id']}/payment-installations"
        assert ("tally", False) in {(one["plugin"], one["offered"]) for one in owner.get(path)["items"]}
        assert owner.send("POST", f"{path}/{installed['id']}/check").status == 503
    assert (ROOT / LOCK).read_bytes() == shipped
