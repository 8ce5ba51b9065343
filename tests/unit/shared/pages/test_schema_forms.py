"""Forms of JSON Schema: each kind of field is asked for with the bounds that its model has, and what is typed is read by the same names."""

import json
import re
from html.parser import HTMLParser
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from functions.orders.pages.review_form_views import PlaceForm
from functions.payments.plugins.adyen.plugin import AdyenConfig
from functions.payments.plugins.wechat_pay.plugin import WeChatConfig
from functions.settlement.plugins.bank_statement.plugin import BankStatementConfig
from functions.shipping.plugins.table_rate.plugin import Tariff
from shared.errors import Invalid
from shared.pages.forms.form_words import flaw_words
from shared.pages.forms.html_pattern import html_pattern
from shared.pages.forms.json_schema import asked, shapes_of
from shared.pages.forms.typed_form import Form, Typed
from shared.pages.interface_language import Interface
from shared.pages.templating import environment

DRAWN = '{% from "shared/pages/forms/fields.html" import fields with context %}{{ fields(shapes, values, flaws, kept=kept) }}'


class Row(BaseModel):
    name: str = Field(min_length=1, max_length=10, title="Row")
    days: int = Field(default=2, ge=1, le=60)


class Everything(Form):
    word: str = Field(min_length=3, max_length=20, title="Word", description="as <people> say 100 %", examples=["tea"])
    count: int = Field(ge=1, le=99, multiple_of=3)
    secret: SecretStr = Field(max_length=40)
    key: SecretStr | None = Field(default=None, max_length=4000)
    only: Literal["a", "b"] = "a"
    several: list[Literal["page", "wap"]] = Field(default=["page"], min_length=1)
    texts: list[Annotated[str, Field(pattern="^[A-Z]{3}$")]] = Field(default=[], max_length=3)
    rows: list[Row] = Field(default=[], max_length=4)
    on: bool = True
    note: str = Field(default="", max_length=2000)
    maybe: Annotated[str, Field(max_length=7)] | None = None


class Inputs(HTMLParser):
    """What a browser would send of a page's form, and what it says of each field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: dict[str, dict[str, str | None]] = {}
        self.sent: dict[str, str] = {}
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag in ("input", "textarea", "select") and name:
            self.said[name] = told
            if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
                self.sent[name] = told.get("value") or ""
            self._area = name if tag in ("textarea", "select") else ""
        if tag == "option" and ("selected" in told or self._area not in self.sent):
            self.sent[self._area] = told.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag in ("textarea", "select") else self._area

    def handle_data(self, data: str) -> None:
        if self._area and "value" not in self.said[self._area] and self._area not in self.sent and data.strip():
            self.sent[self._area] = data


def drawn(model: type[BaseModel], interface: Interface = "en", kept: tuple[str, ...] = (), flaws: Any = None, **values: str) -> str:
    template = environment(interface).from_string(DRAWN)
    return template.render(shapes=asked(model), values=values, flaws=flaws or {}, kept=kept)


FILLED = {
    "word": "tea", "count": "6", "secret": "s3cret", "only": "b", "several.": "", "several.wap": "true", "texts.": "EUR\n\n CNY ",
    "rows.": "", "rows.0.name": "", "rows.0.days": "", "rows.2.name": "Home", "rows.2.days": "5", "on": "false", "note": "a\nb",
}  # fmt: skip


def test_what_is_typed_is_read_with_its_lists_and_objects():
    read = Typed(Everything, FILLED).read()
    assert read.model_dump(exclude={"secret", "key", "rows"}) == {
        "word": "tea", "count": 6, "only": "b", "several": ["wap"], "texts": ["EUR", "CNY"], "on": False, "note": "a\nb", "maybe": None,
    }  # fmt: skip
    assert ([row.model_dump() for row in read.rows], read.secret.get_secret_value()) == ([{"name": "Home", "days": 5}], "s3cret")


@pytest.mark.parametrize(
    ("wrong", "flaws"),
    [({"rows.2.days": "61"}, {"rows.2.days": "Write a lower number."}), ({"rows.2.name": ""}, {"rows.2.name": "Fill this in."}),
     ({"several.wap": ""}, {"several": "Fill this in."}), ({"texts.": "EUR\nEuro"}, {"texts": "Write it in the form that is asked for."}),
     ({"rows.2.name": "a\0b"}, {"rows.2.name": "It holds a character that nobody sees: type it anew."}),
     ({"only": "c", "count": "7"}, None)],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_row_in_which_it_was_typed(wrong: dict[str, str], flaws: dict[str, str] | None):
    with pytest.raises(Invalid) as refused:
        Typed(Everything, FILLED | wrong).read()
    told = flaw_words(refused.value.errors, "en")
    assert flaws is None or told == flaws
    page = drawn(Everything, flaws=told, **(FILLED | wrong))
    for name, words in told.items():
        assert f'id="{name}-flaw">{words}' in page
    assert 'value="Home"' in page or wrong.get("rows.2.name") is not None, "it is kept as typed"


def test_each_bound_of_the_model_is_said_as_html_says_it():
    said = Inputs(drawn(Everything)).said
    assert {name: said["word"][name] for name in ("minlength", "maxlength", "placeholder")} == {
        "minlength": "3", "maxlength": "20", "placeholder": "tea"}  # fmt: skip
    assert {name: said["count"].get(name) for name in ("type", "min", "max", "step")} == {
        "type": "number", "min": "1", "max": "99", "step": "3"}  # fmt: skip
    assert ("required" in said["word"], "required" in said["maybe"], said["maybe"]["maxlength"]) == (True, False, "7")
    assert "minlength" not in said["rows.0.name"], "one character is what `required` says"


def test_a_form_that_is_sent_as_it_was_shown_is_what_was_usual():
    """What is not ticked is not sent by a browser: a tick that is usual, taken away, is `false` all the same."""
    sent = Inputs(drawn(Everything)).sent | {"word": "tea", "count": "3", "secret": "s"}
    read = Typed(Everything, sent).read()
    assert (read.on, read.several, read.rows, read.only) == (True, ["page"], [], "a")
    assert Typed(Everything, {**sent, "on": "false"}).read().on is False
    assert '<input type="hidden" name="on" value="false">' in drawn(Everything)


def test_a_secret_is_never_shown_and_one_that_is_kept_is_not_asked_for():
    page = drawn(Everything, secret="hush", key="hush")
    assert ("hush" in page, Inputs(page).said["secret"]["type"], "required" in Inputs(page).said["secret"]) == (False, "password", True)
    kept = drawn(Everything, kept=("secret",), secret="hush")
    assert ("Leave it empty to keep" in kept, "required" in Inputs(kept).said["secret"], "hush" in kept) == (True, False, False)


def test_a_row_more_is_a_buttons_and_there_are_no_more_than_the_model_takes():
    assert "rows.1.name" not in Inputs(drawn(Everything)).said
    more = {"rows.": "", "rows.0.name": "Home", "more": "rows"}
    assert "rows.1.name" in Inputs(drawn(Everything, **more)).said
    full = drawn(Everything, **{**more, "rows.99999.name": "x", "rows.3.name": "Last"})
    assert ("rows.3.name" in Inputs(full).said, "rows.4.name" in Inputs(full).said, 'value="rows"' in full) == (True, False, False)


def test_what_a_model_says_is_text_in_the_readers_language():
    assert "as &lt;people&gt; say 100 %" in drawn(Everything)
    assert ("Telephone" in drawn(PlaceForm), "Telephone" in drawn(PlaceForm, "zh"), "电话" in drawn(PlaceForm, "zh")) == (True, False, True)


@pytest.mark.parametrize(
    ("regex", "good", "bad"),
    [("^[A-Z]{2}$", ["GB", " GB "], ["G", "gb"]), ("^([A-Za-z0-9][A-Za-z0-9 ./\\-]{2,30}[A-Za-z0-9])?$", ["DE 12/3-4.5"], ["12", "a_b_c"]),
     ("^pk_(test|live)_[0-9A-Za-z]+$", ["pk_test_1"], ["pk_other_1"]), ("^[0-9A-Za-z_-]{3}$", ["a-_"], ["a/b"])],
)  # fmt: skip
def test_a_pattern_that_html_knows_means_the_same_there(regex: str, good: list[str], bad: list[str]):
    told = html_pattern(regex)
    assert [bool(re.fullmatch(told, one)) for one in (*good, *bad)] == [*(True for _ in good), *(False for _ in bad)]
    for inside in re.findall(r"\[(.*?)\]", told):
        assert not re.search(r"(?<!\\)[/(){}|]|(?<!\\)([&!#$%*+,.:;<=>?@^`~])\1", inside), "the flag `v` wants these escaped"


@pytest.mark.parametrize("regex", [r"^\d+$", "[a-z]", "^(?i)a$", r"^\p{L}+$", "^[^ -~]$", r"^a(?=b)b$", "^.*$", "", "^" + "a" * 400 + "$"])
def test_a_pattern_that_html_may_read_otherwise_is_left_to_the_server(regex: str):
    assert html_pattern(regex) == ""


def test_a_pattern_is_never_shown_without_the_words_for_it():
    said = Inputs(drawn(PlaceForm)).said
    assert (said["buyer_tax_id"]["pattern"] or "").startswith(r"\s*(?:([A-Za-z0-9]")
    assert (said["buyer_tax_id"]["title"] or "").startswith("As it stands on an invoice")
    assert all(told.get("title") for told in said.values() if told.get("pattern"))


@pytest.mark.parametrize("config", [AdyenConfig, WeChatConfig, BankStatementConfig, Tariff])
def test_the_forms_of_plug_ins_can_be_drawn_and_sent_back(config: type[BaseModel]):
    shapes = asked(config)
    sent = Inputs(drawn(config)).sent
    assert {name.partition(".")[0] for name in Inputs(drawn(config)).said} == set(shapes)
    with pytest.raises(Invalid) as refused:
        Typed(config, sent).read()
    missing = {each.pointer.removeprefix("/").partition(".")[0] for each in refused.value.errors}
    assert missing == {name for name, shape in shapes.items() if shape.needed}, "what has a usual value is read as it was shown"


def test_what_no_form_can_ask_is_refused_by_name():
    with pytest.raises(ValueError, match="origins"):
        shapes_of({"properties": {"origins": {"type": "object", "additionalProperties": {"type": "string"}}}})
    assert json.dumps(sorted(asked(PlaceForm)))
