"""An artefact is unpacked once, for all processes of its functions and for the next start; what no function has any more goes."""

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.mendings.functions.workers import forget_unused, unpacked


def artefact(text: str, files: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("functions/fun.py", text)
        for number in range(files):
            archive.writestr(f"shared/part{number}.py", text)
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
    kept = unpacked(artefact("1"))
    for left in ("of-an-earlier-start", "of-a-kill.half"):
        (code / left).mkdir()
    forget_unused()
    assert list(code.iterdir()) == [kept]


@pytest.mark.thorough
def test_what_is_unpacked_while_others_are_forgotten_is_whole():
    """Two functions that begin at once: one forgets, the other's code was deleted under its hands."""
    artefacts = [artefact(f"{number}", files=50) for number in range(40)]
    over = threading.Event()
    forgetting = threading.Thread(target=lambda: [forget_unused() for _ in iter(over.is_set, True)])
    forgetting.start()
    with ThreadPoolExecutor(4) as pool:
        places = list(pool.map(unpacked, artefacts))
    over.set()
    forgetting.join()
    assert [len(list(place.rglob("*.py"))) for place in places] == [51] * 40
