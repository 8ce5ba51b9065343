"""What some code needs when it runs is found by its imports, wherever they stand; what only a type checker reads is not needed."""

import pytest

from infra.reached_modules import reached


def found(start: str, *others: str, **sources: str) -> set[str]:
    """What `z/a/start.py`, whose source is `start`, needs of `others`, empty files, and of `sources`: a_module → source of a/module.py."""
    files = {**dict.fromkeys(others, ""), **{f"{name.replace('_', '/', 1)}.py": text for name, text in sources.items()}}
    needed = reached(["z/a/start.py"], {"z/a/start.py": start.encode(), **{path: text.encode() for path, text in files.items()}})
    return needed - {"z/a/start.py"}


@pytest.mark.parametrize(
    "start",
    [
        "import b.c",
        "import b.c as d",
        "import os, b.c",
        "from b.c import name",
        "from b import c",
        "from b import c as d, other",
        "from b.c import *",
        "def later():\n    from b.c import name",
        "class Late:\n    import b.c",
        "try:\n    import b.c\nexcept ImportError:\n    b = None",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import b.c",
        "if not TYPE_CHECKING:\n    import b.c",
        "if TYPE_CHECKING or True:\n    import b.c",
    ],
)
def test_an_import_anywhere_in_a_module_is_followed(start: str):
    assert found(start, "b/c.py", "b/other_file.py", "c.py") == {"b/c.py"}


def test_imports_are_followed_over_any_number_of_hops_and_in_circles():
    needed = found("import b.c", "b/f.py", b_c="import b.d", b_d="import b.e", b_e="import b.c, z.a.start")
    assert needed == {"b/c.py", "b/d.py", "b/e.py"}


@pytest.mark.parametrize("guard", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_what_only_a_type_checker_reads_is_not_needed(guard: str):
    assert found(f"if {guard}:\n    from b import c\n    if True:\n        import b.d", "b/c.py", "b/d.py") == set()


def test_a_text_that_looks_like_an_import_is_none():
    assert found('"""import b.c"""\n# import b.c', "b/c.py") == set()


@pytest.mark.parametrize(
    ("start", "needed"),
    [
        ("from . import b", "z/a/b.py"),
        ("from .b import name", "z/a/b.py"),
        ("from .c.d import name", "z/a/c/d.py"),
        ("from .. import e", "z/e.py"),
        ("from ..f import g", "z/f/g.py"),
    ],
)
def test_relative_imports_are_seen_from_their_package(start: str, needed: str):
    assert found(start, "z/a/b.py", "z/a/c/d.py", "z/e.py", "z/f/g.py", "b.py", "e.py", "f/g.py") == {needed}


def test_packages_run_before_their_modules_and_import_too():
    above = ("z/__init__.py", "z/a/__init__.py", "b/c/__init__.py")
    needed = found("from b.c.name import x", "b/c/name.py", "b/c/other.py", "b/d.py", *above, b___init__="from . import d")
    assert needed == {*above, "b/__init__.py", "b/c/name.py", "b/d.py"}


def test_a_package_is_its_init_file_and_what_is_named_from_it():
    assert found("from b import c, d", "b/__init__.py", "b/c.py", "b/e.py") == {"b/__init__.py", "b/c.py"}


def test_modules_of_others_are_not_looked_for():
    assert found("import json, boto3\nfrom b import nothing\nfrom . import nothing", "b/c.py") == set()


def test_data_are_needed_by_the_module_beside_them_that_names_them():
    others = ("z/a/rates.json", "z/a/other.json", "z/rates.json", "b/rates.json", "b/c.py")
    assert found('RATES = Path(__file__).with_name("rates.json")\nimport b.c', *others) == {"z/a/rates.json", "b/c.py"}


@pytest.mark.parametrize("text", ["", ".", "..", "/", "a/b", "x" * 5000])
def test_texts_that_are_no_file_names_are_passed_by(text: str):
    assert found(f"WORD = {text!r}", "z/a/rates.json") == set()


def test_a_start_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        reached(["a/gone.py"], {})
