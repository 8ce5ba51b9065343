"""A start that finds what it would deploy does not deploy: what a deployment is made of changes its fingerprint, nothing else does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.fingerprint import DEPLOYED, fingerprint
from infra.templates import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("template.yaml", "infra/bus.yaml", "functions/orders/handler.py", "functions/orders/papers/page.md", "shared/money.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "template.yaml").write_text("other"),
        lambda project: (project / "infra/bus.yaml").write_text("other"),
        lambda project: (project / "functions/orders/handler.py").write_text("other"),
        lambda project: (project / "shared/money.py").rename(project / "shared/price.py"),
        lambda project: (project / "shared/money.py").unlink(),
        lambda project: (project / "shared/more.py").touch(),
    ],
)
def test_each_change_of_what_is_deployed_is_another(project: Path, change: Callable[[Path], object]):
    before = fingerprint("a", root=project)
    change(project)
    assert fingerprint("a", root=project) != before


def test_parameters_and_plug_ins_count(project: Path):
    assert len({fingerprint("a", "b", root=project), fingerprint("ab", root=project), fingerprint("a", root=project)}) == 3


def test_what_is_not_deployed_does_not(project: Path):
    before = fingerprint("a", root=project)
    (project / "functions/orders/papers/page.md").write_text("other")
    (project / "README.md").touch()
    assert fingerprint("a", root=project) == before


def test_this_project_has_all_that_is_named():
    assert fingerprint() == fingerprint()
    assert [name for name in DEPLOYED if not (ROOT / name).exists()] == []
