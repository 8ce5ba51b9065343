"""An artefact is unpacked once, for all processes of its functions and for the next start; what no function has any more goes."""

import io
import zipfile
from pathlib import Path

import pytest

from local.mendings.functions.workers import forget_all_but, unpacked


def artefact(text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("functions/fun.py", text)
    return made.getvalue()


@pytest.fixture(autouse=True)
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MONSOON_CODE", str(tmp_path))
    return tmp_path


def test_the_same_artefact_lies_in_one_folder_and_another_in_another():
    one, other = unpacked(artefact("1")), unpacked(artefact("2"))
    assert (one / "functions/fun.py").read_text() == "1"
    assert other != one == unpacked(artefact("1"))


def test_what_was_unpacked_for_nobody_who_is_there_now_is_deleted(code: Path):
    kept, gone = unpacked(artefact("1")), unpacked(artefact("2"))
    (code / "half.123.456").mkdir()
    forget_all_but({str(kept)})
    assert list(code.iterdir()) == [kept]
    assert not gone.exists()
