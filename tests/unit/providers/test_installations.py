"""Installing and changing: nothing goes live unchecked, keys rotate without a gap, no secret is shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Config, Ctx, Manifest
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import Conflict, Invalid, NotFound
from shared.providers.credentials import Credentials
from shared.providers.installation import EVERYTHING, Conditions, Installation, Range
from shared.providers.installation_routes import InstallationView
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import MOST, OVERLAP, ConfigRefused, InstallationChange, Installations
from shared.providers.places import Places
from shared.providers.registry import NotOffered, Registry
from tests.fakes import NOON, FakeClock
from tests.unit.providers.fakes import FakeKeys

MINE = "acc_1#sf_1"


class KeyedConfig(Config):
    name: str = ""
    key: SecretStr


class Keyed:
    """A plug-in whose provider knows the keys that begin with the mode's name."""

    manifest = Manifest(id="keyed", version="1", api=1, kind="payment", allowed_hosts=("keyed.example",))
    config_model = KeyedConfig

    def __init__(self) -> None:
        self.checked: list[str] = []

    def check_config(self, ctx: Ctx[KeyedConfig]) -> None:
        key = ctx.config.key.get_secret_value()
        if not key.startswith(ctx.mode):
            raise PluginError(ErrorKind.CONFIG, "the provider does not know this key")
        self.checked.append(key)


class Offline(Keyed):
    """A plug-in that calls nobody."""

    manifest = Manifest(id="keyed", version="1", api=1, kind="payment", allowed_hosts=())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def installations(make_table: Callable[[str], str], clock: FakeClock) -> Installations[Any]:
    registry: Registry[Any] = Registry({"keyed": f"{__name__}:Keyed"})
    places = Places("https://hub.example/v1/hooks/payments")
    return Installations(registry, InstallationStore(make_table("payments")), Credentials(FakeKeys()), clock, places)


def install(installations: Installations[Any], key: str = "test_1", request: str = "k1", digest: str = "f", **more: Any) -> Installation:
    facts: dict[str, Any] = {"mode": "test", "rank": 100} | more
    return installations.install(MINE, "keyed", {"key": key}, **facts, idempotency=Idempotency(request, MINE, digest))


def keys(installations: Installations[Any], installation: Installation) -> list[str]:
    """Those that a notice is verified with, in order."""
    return [ctx.config.key.get_secret_value() for ctx in installations.contexts(installation, NOON)]


def test_a_config_that_the_provider_refuses_is_never_kept(installations: Installations[Any]) -> None:
    with pytest.raises(ConfigRefused):
        install(installations, "wrong")
    assert installations.store.of(MINE) == []
    kept = install(installations)
    for change in (InstallationChange({"key": "wrong"}), InstallationChange(mode="live"), InstallationChange({"key": "live_1"})):
        with pytest.raises(ConfigRefused):
            installations.change(MINE, kept.id, change)
    assert installations.get(MINE, kept.id) == kept


def test_the_mode_changes_with_a_key_that_works_in_it(installations: Installations[Any]) -> None:
    changed = installations.change(MINE, install(installations).id, InstallationChange({"key": "live_1"}, mode="live"))
    assert (changed.mode, keys(installations, changed)[0]) == ("live", "live_1")


def test_a_rotated_key_counts_at_once_and_the_one_before_verifies_notices_for_three_days(
    installations: Installations[Any], clock: FakeClock
) -> None:  # fmt: skip
    old = install(installations)
    changed = installations.get(MINE, installations.change(MINE, old.id, InstallationChange({"key": "test_2"})).id)
    assert keys(installations, changed) == ["test_2", "test_1"]
    assert installations.context(changed, NOON).config.key.get_secret_value() == "test_2"
    clock.now += OVERLAP - timedelta(seconds=1)
    assert keys(installations, changed) == ["test_2", "test_1"]
    clock.tick(seconds=1)
    assert keys(installations, changed) == ["test_2"]


def test_a_change_of_rank_seals_nothing_anew_and_asks_nobody(installations: Installations[Any]) -> None:
    kept = install(installations)
    asked = list(installations.plugin(kept).checked)
    changed = installations.change(MINE, kept.id, InstallationChange(rank=1, conditions=Conditions(currencies=["EUR"])))
    assert (changed.sealed, changed.previous, installations.plugin(kept).checked) == (kept.sealed, b"", asked)
    assert installations.get(MINE, kept.id) == changed


def test_a_check_asks_the_provider_now_and_changes_nothing(installations: Installations[Any]) -> None:
    kept = install(installations)
    assert installations.check(MINE, kept.id) == installations.get(MINE, kept.id) == kept
    assert installations.plugin(kept).checked == ["test_1", "test_1"]
    installations.plugin(kept).checked.clear()
    installations.store.replace(replace(kept, mode="live", version=2))
    with pytest.raises(ConfigRefused):
        installations.check(MINE, kept.id)
    with pytest.raises(NotFound):
        installations.check("acc_2#sf_1", kept.id)


def test_one_plug_in_is_installed_several_times_but_not_without_bound(installations: Installations[Any]) -> None:
    made = [install(installations, f"test_{n}", f"k{n}") for n in range(MOST)]
    assert len({i.id for i in made}) == len(installations.store.of(MINE)) == MOST
    with pytest.raises(Conflict):
        install(installations, request="one more")
    assert install(installations, "test_0", "k0") == made[0]
    with pytest.raises(KeyReused):
        install(installations, "test_0", "k0", "another request")


def test_no_secret_is_in_what_is_kept_or_shown_of_an_installation(installations: Installations[Any]) -> None:
    changed = installations.change(MINE, install(installations).id, InstallationChange({"key": "test_2secret"}))
    shown = repr(
        (changed, installations.config(changed), installations.contexts(changed, NOON), InstallationChange({"key": "test_2secret"}))
    )
    assert "test_1" not in shown
    assert "test_2" not in shown
    assert b"test_2" not in changed.sealed + changed.previous


def test_the_address_for_notices_names_the_installation(installations: Installations[Any]) -> None:
    kept = install(installations)
    assert installations.notify_url(kept) == f"https://hub.example/v1/hooks/payments/{kept.id}"


@pytest.mark.parametrize(
    ("conditions", "amount", "country", "allowed"),
    [
        (EVERYTHING, Money(1, "EUR"), "DE", True),
        (Conditions(currencies=["EUR"]), Money(1, "EUR"), "", True),
        (Conditions(currencies=["EUR"]), Money(1, "JPY"), "", False),
        (Conditions(currencies=["EUR"]), None, "DE", True),
        (Conditions(countries=["DE"]), Money(1, "EUR"), "FR", False),
        (Conditions(countries=["DE"]), Money(1, "EUR"), "", True),
        (Conditions(amounts=[Range(currency="EUR", least=10, most=20)]), Money(10, "EUR"), "", True),
        (Conditions(amounts=[Range(currency="EUR", least=10, most=20)]), Money(20, "EUR"), "", True),
        (Conditions(amounts=[Range(currency="EUR", least=10, most=20)]), Money(9, "EUR"), "", False),
        (Conditions(amounts=[Range(currency="EUR", least=10, most=20)]), Money(21, "EUR"), "", False),
        (Conditions(amounts=[Range(currency="EUR", least=10, most=20)]), Money(21, "JPY"), "", True),
        (Conditions(amounts=[Range(currency="EUR", most=1), Range(currency="EUR", least=5)]), Money(6, "EUR"), "", True),
    ],
)
def test_conditions_say_for_what_an_installation_is_used(
    conditions: Conditions, amount: Money | None, country: str, *, allowed: bool
) -> None:  # fmt: skip
    assert conditions.allow(amount, country) is allowed


def test_who_does_not_say_gets_test_mode_where_a_provider_is_called_and_live_where_none_is(installations: Installations[Any]) -> None:
    assert install(installations, mode=None).mode == "test"
    installations = replace(installations, registry=Registry({"keyed": f"{__name__}:Offline"}))
    real = install(installations, "live_1", "k2", mode=None)
    assert (real.mode, installations.is_test(real)) == ("live", False)
    trial = install(installations, "test_1", "k3", mode="test")
    assert installations.is_test(trial)
    assert not installations.is_test(replace(trial, mode_meant=False)), "before anybody was asked, `test` said nothing of such a plug-in"
    assert installations.change(MINE, trial.id, InstallationChange(rank=3)).mode_meant


@pytest.fixture
def absent(installations: Installations[Any]) -> Installations[Any]:
    """The same installations in a hub that does not offer the plug-in any more."""
    install(installations)
    return replace(installations, registry=Registry({"other": f"{__name__}:Offline"}))


def test_what_only_an_absent_plug_in_can_do_waits_and_names_it(absent: Installations[Any]) -> None:
    (kept,) = absent.store.of(MINE)
    for ask in (
        lambda: absent.plugin(kept),
        lambda: absent.capability(kept),
        lambda: absent.config(kept),
        lambda: absent.contexts(kept, NOON),
        lambda: absent.check(MINE, kept.id),
        lambda: absent.change(MINE, kept.id, InstallationChange({"key": "test_2"})),
        lambda: absent.change(MINE, kept.id, InstallationChange(mode="live")),
    ):
        with pytest.raises(NotOffered, match="keyed"):
            ask()
    assert absent.store.of(MINE) == [kept]


def test_an_installation_of_an_absent_plug_in_is_passed_over_shown_and_changed(absent: Installations[Any]) -> None:
    (kept,) = absent.store.of(MINE)
    assert absent.preferred(MINE) == []
    view = InstallationView.of(kept, absent)
    assert (view.offered, view.mode, view.config) == (False, "test", None)
    assert InstallationView.of(replace(kept, mode_meant=False), absent).mode == "test"
    changed = absent.change(MINE, kept.id, InstallationChange(enabled=False, rank=3))
    assert (changed.enabled, changed.rank, changed.sealed) == (False, 3, kept.sealed)


def test_who_installs_a_plug_in_that_is_not_offered_reads_which_ones_are(absent: Installations[Any]) -> None:
    with pytest.raises(Invalid) as refused:
        install(absent, request="k2")
    assert [(e.pointer, e.detail) for e in refused.value.errors] == [("/plugin", "choose one of: other")]
    assert install(absent).plugin == "keyed", "the answer to the first request is the same as it was"


def test_a_live_plug_in_that_is_absent_still_keeps_test_money_out(installations: Installations[Any]) -> None:
    live = install(installations, "live_1", mode="live", rank=1)
    registry: Registry[Any] = Registry({"other": f"{__name__}:Keyed"})
    absent = replace(installations, registry=registry)
    trial = absent.install(MINE, "other", {"key": "test_1"}, mode="test", rank=2, idempotency=Idempotency("k2", MINE, "f"))
    assert absent.preferred(MINE) == []
    absent.change(MINE, live.id, InstallationChange(enabled=False))
    assert absent.preferred(MINE) == [trial]
