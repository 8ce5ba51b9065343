"""Items are read as PynamoDB's own way reads them."""

from collections.abc import Callable
from typing import Any

import pytest
from pynamodb.attributes import AttributeContainer, MapAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeNullError, UpdateError
from pynamodb.models import Model

from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table, connection, item_of, lying_in, refused, write_over


class Plain(Item):
    class Meta(Table):
        table_name = "plain"

    number = IntegerAttribute(attr_name="n")
    text = PackedAttribute(null=True)


class WithDefaults(Item):
    class Meta(Table):
        table_name = "plain"

    code = UnicodeAttribute(default="none")
    begun = UnicodeAttribute(default_for_new="now")
    parts: Any = MapAttribute(default=dict)  # type: ignore[no-untyped-call]


KEYS = {"pk": {"S": "a"}, "sk": {"S": "b"}}


@pytest.mark.parametrize(
    ("model", "raw"),
    [
        (Plain, KEYS | {"n": {"N": "3"}, "text": {"S": "kept plain"}, "of_a_later_release": {"S": "x"}}),
        (Plain, KEYS | {"n": {"N": "3"}, "text": {"NULL": True}}),
        (Plain, KEYS),
        (WithDefaults, KEYS),
        (WithDefaults, KEYS | {"code": {"S": ""}, "begun": {"S": "then"}, "parts": {"M": {"one": {"N": "1"}}}}),
    ],
)
def test_an_item_is_what_pynamodb_makes_of_it(model: type[Item], raw: dict[str, Any]):
    theirs: Any = model()
    AttributeContainer._container_deserialize(theirs, raw)
    for ours in (model.from_raw_data(raw), item_of(model, raw)):
        assert ours.serialize(null_check=False) == theirs.serialize(null_check=False)
        assert {name: type(value) for name, value in ours.attribute_values.items()} == {
            name: type(value) for name, value in theirs.attribute_values.items()
        }


def test_a_new_item_has_its_defaults():
    assert (WithDefaults("a", "b").code, WithDefaults("a", "b").begun, Plain("a", "b").attribute_values) == (
        "none", "now", {"pk": "a", "sk": "b"},
    )  # fmt: skip
    assert Model._set_defaults is not Item._set_defaults


def test_what_is_of_another_kind_is_refused():
    with pytest.raises((TypeError, ValueError)):
        item_of(Plain, KEYS | {"n": {"S": "three"}})


def test_an_item_that_lacks_what_it_must_have_is_not_written():
    with pytest.raises(AttributeNullError, match="number"):
        Plain("a", "b").serialize()
    assert Plain("a", "b", number=0).serialize() == KEYS | {"n": {"N": "0"}}


def test_what_is_written_over_an_item_is_as_by_pynamodb_and_is_not_sent_back(make_table: Callable[[str], str]):
    model, answers = lying_in(make_table("storefronts"), Plain), list[dict[str, Any]]()
    events, hook = connection().client.meta.events, ("after-call.dynamodb.UpdateItem", lambda parsed, **_: answers.append(parsed))
    events.register(*hook)
    try:
        model("a", "theirs").update([Plain.number.set(3), Plain.text.set("kept")], condition=Plain.pk.does_not_exist())
        write_over(model("a", "ours"), [Plain.number.set(3), Plain.text.set("kept")], Plain.pk.does_not_exist())
        with pytest.raises(UpdateError) as told:
            write_over(model("a", "ours"), [Plain.number.set(4)], Plain.number < 3)
    finally:
        events.unregister(*hook)
    assert refused(told.value)
    ours, theirs = (model.get("a", name).attribute_values for name in ("ours", "theirs"))
    assert ours | {"sk": "theirs"} == theirs
    assert ["Attributes" in answer for answer in answers] == [True, False, False]
