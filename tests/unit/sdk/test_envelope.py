"""Every call of every family goes to a plug-in elsewhere and back unchanged, and its failures with it."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from monsoon_plugin.address import Address
from monsoon_plugin.clearing import ClearingPlugin
from monsoon_plugin.courier import CourierPlugin
from monsoon_plugin.envelope import CHANGES, method_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, AnyData, ConfirmationData, PaymentPlugin, PaymentView, State
from monsoon_plugin.plugin import Config, Ctx, Manifest
from monsoon_plugin.serving import Served
from shared.providers.elsewhere.remote import Remote, Transport
from tests.conftest import ROOT
from tests.examples import examples

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FAMILIES = (PaymentPlugin, CourierPlugin, ClearingPlugin)
CALLS = [
    (family, name)
    for family in FAMILIES
    for name, method in inspect.getmembers(family, inspect.isfunction)
    if "ctx" in inspect.signature(method).parameters
]
SECRET = "sk_live_never_to_be_seen"


class Keyed(Config):
    secret_key: SecretStr = SecretStr(SECRET)


class Elsewhere:
    """A plug-in of any family that keeps what it is asked and answers what it is told to."""

    manifest = Manifest(id="elsewhere", version="1.0", api=1, kind="payment")
    config_model = Keyed
    confirmation_model = ConfirmationData

    def __init__(self, answer: Any = None) -> None:
        self.answer, self.asked, self.ctx = answer, [], None

    def __getattr__(self, name: str) -> Any:
        def method(ctx: Any, **named: Any) -> Any:
            self.ctx = ctx
            self.asked.append((name, named))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return method


class InProcess:
    """The way there and back without a network."""

    def __init__(self, served: Served) -> None:
        self.served, self.bodies = served, []

    def sent(self, body: bytes, seconds: float, *, changes: bool) -> bytes:
        self.bodies += [body, self.served.answered(body)]
        return self.bodies[-1]


class Far(Remote):
    manifest, config_model = Elsewhere.manifest, Keyed

    def __init__(self, protocol: type, plugin: Elsewhere) -> None:
        self.protocol, self.way = protocol, InProcess(Served(protocol, [plugin]))

    def transport(self, config: Any, ctx: Any) -> Transport:
        return self.way


def ctx() -> Ctx[Any]:
    return Ctx(
        config=Keyed(),
        base_url="https://provider.example",
        deadline=NOON + timedelta(seconds=10),
        now=NOON,
        mode="live",
        notify_url="https://hub.example/v1/hooks/payments/ins_1",
    )


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
"""Without lone surrogates, which JSON cannot carry."""
MOMENTS = st.datetimes(timezones=st.just(UTC))
ADDRESSES = st.builds(Address, name=st.just("Ada 爱"), lines=st.just(["1 Harbour Street"]), city=st.just("Bristol"), country=st.just("GB"))
PLAIN = {str: TEXTS, datetime: MOMENTS, Address: ADDRESSES, Any: TEXTS, ConfirmationData: st.none()}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a hint: of dataclasses and models every field, whatever its default."""
    return next(make(hint) for fits, make in KINDS if fits(hint))


def is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def built(hint: Any) -> st.SearchStrategy[Any]:
    kinds = get_type_hints(hint) if is_dataclass(hint) else {name: field.annotation for name, field in hint.model_fields.items()}
    return st.builds(hint, **{name: values_of(kind) for name, kind in kinds.items()})


def _several(hint: Any) -> st.SearchStrategy[Any]:
    inner = get_args(hint)
    if get_origin(hint) is tuple and Ellipsis not in inner:
        return st.tuples(*map(values_of, inner))
    return st.lists(values_of(inner[0]), max_size=2).map(tuple if get_origin(hint) is tuple else list)


KINDS: list[tuple[Callable[[Any], bool], Callable[[Any], st.SearchStrategy[Any]]]] = [
    (lambda hint: hint in PLAIN, lambda hint: PLAIN[hint]),
    (lambda hint: get_origin(hint) in (Union, UnionType), lambda hint: st.one_of([values_of(one) for one in get_args(hint)])),
    (lambda hint: get_origin(hint) is Annotated, lambda hint: values_of(get_args(hint)[0])),
    (lambda hint: get_origin(hint) is Literal, lambda hint: st.sampled_from(get_args(hint))),
    (lambda hint: get_origin(hint) in (list, tuple, Sequence), _several),
    (lambda hint: get_origin(hint) in (dict, Mapping), lambda hint: st.dictionaries(*map(values_of, get_args(hint)), max_size=2)),
    (lambda hint: is_dataclass(hint) or is_model(hint), built),
    (lambda hint: True, st.from_type),
]


@pytest.mark.parametrize(("family", "name"), CALLS, ids=[f"{family.__name__}.{name}" for family, name in CALLS])
@settings(max_examples=examples(25), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_arguments_and_results_arrive_as_they_were(family: type, name: str, data: st.DataObject):
    hints = get_type_hints(getattr(family, name))
    named = {n: data.draw(values_of(hint)) for n, hint in hints.items() if n not in ("ctx", "return", "data")}
    answer = data.draw(values_of(hints["return"]))
    plugin = Elsewhere(answer)
    result = getattr(Far(family, plugin), name)(ctx(), **named, **({"data": AnyData()} if "data" in hints else {}))
    ((asked, received),) = plugin.asked
    assert asked == name
    assert {n: received[n] for n in named} == named
    assert _listed(result) == _listed(answer)


def _listed(value: Any) -> Any:
    """A sequence as a list: JSON knows no other."""
    return list(value) if isinstance(value, (list, tuple)) else value


def test_the_plug_in_is_told_config_mode_notices_and_less_time_than_there_is():
    plugin = Elsewhere()
    Far(PaymentPlugin, plugin).fetch(ctx(), "pay_1", "", NOON)
    assert plugin.ctx.config.secret_key.get_secret_value() == SECRET
    assert (plugin.ctx.mode, plugin.ctx.notify_url) == ("live", ctx().notify_url)
    assert (plugin.ctx.now, plugin.ctx.deadline) == (NOON, NOON + timedelta(seconds=9))


@pytest.mark.parametrize("kind", ErrorKind)
def test_a_refusal_arrives_with_its_kind_and_the_providers_word(kind: ErrorKind):
    plugin = Elsewhere(PluginError(kind, "the card was declined", "51"))
    with pytest.raises(PluginError) as refused:
        Far(PaymentPlugin, plugin).fetch(ctx(), "pay_1", "", NOON)
    assert (refused.value.kind, refused.value.message, refused.value.provider_code) == (kind, "the card was declined", "51")


def test_a_plug_ins_own_fault_is_told_by_its_name_alone():
    far = Far(PaymentPlugin, Elsewhere(ValueError(f"no account {SECRET}")))
    with pytest.raises(PluginError) as refused:
        far.fetch(ctx(), "pay_1", "", NOON)
    assert (refused.value.kind, refused.value.provider_code) == (ErrorKind.PROTOCOL, "ValueError")
    assert SECRET.encode() not in far.way.bodies[-1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (b"", "cannot be read"), (b"[]", "cannot be read"), (b'{"api": 2}', "api"), (b"x" * 5_000_000, "at most"),
        (b'{"call": "rates", "plugin": "elsewhere", "now": "2026-11-01T12:00:00Z", "deadline": "2026-11-01T12:00:01Z"}', "no call rates"),
        (b'{"call": "__init__", "plugin": "elsewhere", "now": "2026-11-01T12:00:00Z", "deadline": "2026-11-01T12:00:01Z"}', "call"),
        (b'{"call": "fetch", "plugin": "elsewhere", "now": "2026-11-01T12:00:00Z", "deadline": "2026-11-01T12:00:01Z"}', "payment_id"),
    ],
)  # fmt: skip
def test_what_is_no_call_is_answered_in_words_of_ours(wrong: bytes, says: str):
    told = json.loads(Served(PaymentPlugin, [Elsewhere()]).answered(wrong))
    assert told["error"]["kind"] == "protocol"
    assert says in told["error"]["message"]


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}", b'{"result": 5}', b'{"error": {"kind": "sad", "message": ""}}', b"[]"])
def test_what_is_no_answer_is_protocol(answer: bytes):
    with pytest.raises(PluginError) as refused:
        method_of(PaymentPlugin, "start").opened(answer)
    assert refused.value.kind is ErrorKind.PROTOCOL


def test_the_calls_that_have_effects_are_known_as_such():
    named = {name for _, name in CALLS}
    assert named >= CHANGES
    assert named - CHANGES == {"check_config", "fetch", "webhook", "rates", "track", "parse_statement"}


def test_what_a_shopper_gives_is_read_by_the_plug_ins_own_model():
    class Card(ConfirmationData):
        token: str

    paid = Money(1250, "EUR")
    plugin = Elsewhere(PaymentView(provider_ref="ref_1", state=State.CAPTURED, amount=paid))
    plugin.confirmation_model = Card  # type: ignore[misc]
    far = Far(PaymentPlugin, plugin)
    amend = Amend(payment_id="pay_1", provider_ref="ref_1", op_key="op_1", amount=paid, paid=paid)
    far.confirm(ctx(), amend, AnyData(token="tok_1"))
    assert plugin.asked[-1][1]["data"] == Card(token="tok_1")
    with pytest.raises(PluginError) as refused:
        far.confirm(ctx(), amend, AnyData(number="4242"))
    assert (refused.value.kind, "4242" in str(refused.value)) == (ErrorKind.INVALID, False)


def test_an_address_that_came_in_another_model_and_was_never_used_by_itself_is_written():
    """Models are built when they are first used by themselves; an envelope must not be what finds one that was not."""
    code = """
from monsoon_plugin.courier import CourierPlugin, RateRequest
from functions.shipping.quotes.quote_views import WantQuotes
from monsoon_plugin.envelope import method_of
address = {"name": "A", "lines": ["1 Way"], "city": "Bristol", "country": "GB"}
wanted = WantQuotes.model_validate({"lines": [{"offer_id": "off_1", "quantity": 1}], "address": address, "currency": "GBP"})
print(method_of(CourierPlugin, "rates").written(RateRequest([], wanted.address, "GBP", 0))["request"]["address"]["city"])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr[-300:]) == ("Bristol", "")
