"""Events leave as CloudEvents 1.0, held to the specification's own conformance vectors."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.bus import envelope, opened
from shared.order_messages import OrderPlaced
from tests.fakes import NOON

PLACED = OrderPlaced(order_id="ord_1", storefront_id="sf_1", account_id="acc_1", currency="EUR", total=1250, version=3)


def feature_document(data: Path) -> dict[str, Any]:
    """The structured-mode JSON event of the HTTP binding's conformance test."""
    text = (data / "vectors/cloudevents/features/http-protocol-binding.feature").read_text()
    bodies = re.findall(r'"""\n(.*?)"""', text.split("Structured content mode")[1], re.S)
    return dict(json.loads(bodies[0].split("\n\n", 1)[1]))


def test_an_envelope_has_the_members_of_the_conformance_vector(data: Path):
    ours, theirs = json.loads(envelope(PLACED, NOON)), feature_document(data)
    assert set(theirs) <= set(ours)
    assert set(ours) - set(theirs) == {"subject"}, "an optional attribute of CloudEvents 1.0"
    assert {name: type(value) for name, value in theirs.items()} == {name: type(ours[name]) for name in theirs}


def test_required_attributes_are_those_of_the_minimal_vector(data: Path):
    minimal = next(yaml.safe_load_all((data / "vectors/cloudevents/yaml/v1.0/v1_minimum.yaml").read_text()))["ContextAttributes"]
    required = set(minimal) - {"datacontenttype"}
    assert required <= {name for name, value in json.loads(envelope(PLACED, NOON)).items() if value}


def test_attribute_names_are_lower_case_letters_and_digits_and_texts():
    attributes = {name: value for name, value in json.loads(envelope(PLACED, NOON)).items() if name != "data"}
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) and isinstance(value, str) and value for name, value in attributes.items())


def test_time_is_rfc_3339_in_utc():
    assert datetime.fromisoformat(json.loads(envelope(PLACED, NOON))["time"]) == NOON.astimezone(UTC)


def test_the_same_change_has_the_same_id_whenever_it_is_written():
    ids = {json.loads(envelope(PLACED, moment))["id"] for moment in (NOON, datetime(2027, 1, 1, tzinfo=UTC))}
    assert ids == {"ord_1:monsoon.order.placed.v1:3"}


def test_an_envelope_opens_as_the_message_it_was_made_of_whatever_is_added_later():
    text = envelope(PLACED, NOON)
    assert opened(text) == PLACED
    later = json.loads(text)
    later["data"]["added_later"], later["extension"] = 1, "x"
    assert opened(json.dumps(later)) == PLACED


def test_an_unknown_type_is_an_error_that_dead_letters():
    with pytest.raises(KeyError):
        opened(json.dumps({"type": "monsoon.order.eaten.v1", "data": {}}))
