"""Stripe's stand-in finds the objects of a kind as localstripe does, and does not look through all others for them."""

from typing import Any

import pytest

from functions.payments.plugins.stripe.standin_store import StoreByKind


def kept(**objects: Any) -> StoreByKind:
    store = StoreByKind({name.replace("_", ":", 1): made for name, made in objects.items()})
    store.by_kind()
    return store


def sought(store: StoreByKind, kind: str) -> list[Any]:
    """As localstripe finds them."""
    return [made for key, made in store.items() if key.startswith(f"{kind}:")]


@pytest.mark.parametrize("kind", ["charge", "refund", "event"])
def test_what_was_there_and_what_was_kept_changed_or_deleted_since_is_found_by_its_kind(kind: str):
    store = kept(charge_ch1=1, refund_re1=2)
    store["charge:ch2"], store["refund:re2"], store["charge:ch3"] = 3, 4, 5
    store["charge:ch1"] = 6
    del store["charge:ch2"]
    assert store.of_kind(kind) == sought(store, kind)
    assert store.of_kind("charge") == [6, 5]


def test_nothing_is_found_once_all_is_forgotten():
    store = kept(charge_ch1=1)
    store.clear()
    assert store.of_kind("charge") == []
