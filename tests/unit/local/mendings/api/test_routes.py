"""A path names the same resource, with the same parameters, as by the emulator's own search."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ministack.services import apigateway_v1

from local.mendings.api.routes import Tree, mark

THEIRS = apigateway_v1._match_recursive
PARTS = st.sampled_from(["v1", "orders", "keys", "{id}", "{order_id}", "{proxy+}"])
WORDS = st.lists(st.sampled_from(["v1", "orders", "keys", "ord_1", "x"]), max_size=4)


@st.composite
def apis(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """An API's resources by id, each below one that was there before."""
    made: dict[str, dict[str, Any]] = {"root": {"id": "root", "parentId": None, "pathPart": "", "path": "/"}}
    for number in range(draw(st.integers(0, 12))):
        parent = draw(st.sampled_from(sorted(made)))
        made[f"r{number}"] = {"id": f"r{number}", "parentId": parent, "pathPart": draw(PARTS), "path": "…"}
    return made


@given(api=apis(), words=WORDS)
def test_any_path_of_any_api_names_what_the_emulator_would_find(api: dict[str, Any], words: list[str]):
    theirs = (api["root"], {}) if not words else THEIRS(api, "root", words, {})
    ours = Tree.of(api).found(words)
    assert ours[0] is theirs[0]
    if ours[0]:
        assert ours[1] == theirs[1]


def test_a_resource_that_is_added_or_deleted_is_noticed():
    api = {"root": {"id": "root"}, "a": {"id": "a"}}
    seen = [mark(api)]
    api["b"] = {"id": "b"}
    seen.append(mark(api))
    del api["a"]
    seen.append(mark(api))
    del api["b"]
    api["c"] = {"id": "c"}
    seen.append(mark(api))
    assert len(set(seen)) == 4


def test_an_api_without_resources_has_none():
    assert Tree.of({}).found(["v1"]) == (None, {})
