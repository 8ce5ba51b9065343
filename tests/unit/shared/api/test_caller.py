"""shared/api/caller.py: who asks is what the authorizer said, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.caller import ROLES, SCOPES, Caller
from shared.errors import NotFound

CALLERS = st.builds(
    Caller,
    st.from_regex(r"acc_[0-9A-Z]{26}", fullmatch=True),
    st.frozensets(st.sampled_from(sorted(ROLES))),
    st.booleans(),
    st.none() | st.from_regex(r"sf_[0-9A-Z]{26}", fullmatch=True),
    st.none() | st.sampled_from(SCOPES),
)


@given(CALLERS)
def test_a_caller_survives_the_authorizers_context_which_is_all_text(caller: Caller):
    context = caller.context()
    assert all(isinstance(value, str) for value in context.values())
    assert Caller.of(context) == caller


@pytest.mark.parametrize("context", [{}, {"account_id": ""}, {"roles": "operator", "verified": "true"}])
def test_without_an_account_there_is_no_caller(context: dict[str, str]):
    assert Caller.of(context) is None


def test_roles_that_the_hub_does_not_know_are_nobodys():
    found = Caller.of({"account_id": "acc_1", "roles": "root operators operator", "verified": "True"})
    assert found == Caller("acc_1", frozenset({"operator"}), verified=False)


def test_a_key_of_one_storefront_reaches_no_other():
    key = Caller("acc_1", frozenset({"client_site"}), True, "sf_1")
    assert key.at_storefront("sf_1") == "acc_1#sf_1"
    with pytest.raises(NotFound):
        key.at_storefront("sf_2")


def test_an_account_names_its_storefronts_under_its_own_key_whatever_it_asks_for():
    assert Caller("acc_1", frozenset(), True).at_storefront("sf_of_another") == "acc_1#sf_of_another"
