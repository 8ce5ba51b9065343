"""Forms that pages post: from pages of ours alone, bounded, kept as typed."""

from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import Field

from shared.api.answers import Page
from shared.api.operation import FORM_TYPE
from shared.api.service import Service
from shared.errors import Invalid
from shared.pages.forms.form_words import flaw_words
from shared.pages.forms.typed_form import MOST_FIELDS, Form, Typed
from shared.pages.page_answers import moved, see_other
from shared.pages.page_routes import PageRoutes
from tests.fakes import Reply, call

OURS = {"sec-fetch-site": "same-origin", "content-type": FORM_TYPE, "accept": "text/html"}


class Wish(Form):
    name: str = Field(min_length=1, max_length=10)
    units: int = Field(default=1, ge=1, le=100)
    gift: bool = False


@pytest.fixture
def send() -> Any:
    routes = PageRoutes()

    @routes.form("/shop/{slug}/wish", Wish)
    def wish(slug: str, form: Typed[Wish]) -> Page:
        try:
            wish = form.read()
        except Invalid as flawed:
            told = flaw_words(flawed.errors, "en")
            return Page(f"{form.values.get('name')}|{sorted(told.items())}", 422, {"Content-Type": "text/html"})
        return see_other(f"thanks?units={wish.units}&gift={wish.gift}&name={len(wish.name)}")

    app = Service("shops", routes=[routes])

    def post(body: str | dict[str, Any], **headers: str | None) -> Reply:
        named = {**OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
        told = {name: value for name, value in named.items() if value is not None}
        raw = body if isinstance(body, str) else urlencode(body)
        return call(app, "POST", "/shop/{slug}/wish", path={"slug": "tea"}, raw=raw, headers=told)

    return post


def test_a_form_is_read_and_its_answer_leads_on(send: Any):
    told = send({"name": " Ada\r\nB ", "units": "7", "gift": "true", "from-an-older-release": "x"})
    assert (told.status, told.headers["Location"]) == (303, "thanks?units=7&gift=True&name=5")
    assert told.headers["Cache-Control"] == "no-store"


def test_what_is_left_empty_is_as_if_it_were_not_sent(send: Any):
    assert send("name=Ada&units=&gift=").headers["Location"] == "thanks?units=1&gift=False&name=3"


@pytest.mark.parametrize(
    ("body", "said"),
    [("name=", {"name": "Fill this in."}), ("name=Ada&units=1000000000", {"units": "Write a lower number."}),
     ("name=Ada&units=many", {"units": "Write a whole number."}), ("name=Ada&units=0", {"units": "Write a higher number."}),
     ("name=Ada+Lovelace", {"name": "Make this shorter."}),
     ("name=A%00da", {"name": "It holds a character that nobody sees: type it anew."}),
     ("name=A%E2%80%8Bda", None), ("units=x", {"name": "Fill this in.", "units": "Write a whole number."}),
     ("name=Ada&units=" + "9" * 5000, {"units": "Write a lower number."})],
)  # fmt: skip
def test_each_field_that_is_wrong_is_named_in_words_and_kept_as_typed(send: Any, body: str, said: dict[str, str] | None):
    told = send(body)
    assert (told.status, told.headers["Cache-Control"]) == (422, "private, no-cache"), "Back shows it again"
    if said is not None:
        assert told.body.endswith(f"|{sorted(said.items())}")


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"sec_fetch_site": "none"},
     {"sec_fetch_site": "cross-site", "origin": "https://hub.example", "host": "hub.example"}],
)  # fmt: skip
def test_another_sites_form_is_refused_by_a_page(send: Any, headers: dict[str, str]):
    told = send({"name": "Ada"}, **headers)
    assert (told.status, told.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "did not come from the shop" in told.body


@pytest.mark.parametrize(
    ("origin", "shop", "status"),
    [("https://hub.example", "", 303), ("https://tea.example", "tea.example", 303), ("https://hub.example", "tea.example", 403),
     ("https://evil.example", "tea.example", 403), ("https://tea.example", "", 403), ("null", "", 403), ("", "", 403)],
)  # fmt: skip
def test_of_a_browser_that_says_no_more_the_origin_is_the_hosts_own(send: Any, origin: str, shop: str, status: int):
    """CloudFront asks the hub at the hub's host, and tells the shop's own beside it."""
    headers = {"origin": origin, "host": "hub.example", "x_shop_host": shop, "sec_fetch_site": None}
    assert send({"name": "Ada"}, **{name: told for name, told in headers.items() if told != ""}).status == status


def test_json_is_no_form(send: Any):
    assert send('{"name": "Ada"}', content_type="application/json").status == 415


@pytest.mark.parametrize("body", ["name=%FF%FE", "&".join(f"f{n}=1" for n in range(MOST_FIELDS + 2))])
def test_what_is_no_form_is_a_bad_request(send: Any, body: str):
    assert send(body).status == 400


def test_a_form_is_bounded(send: Any):
    assert send("name=" + "a" * 70_000).status == 413


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"]
)
def test_no_page_of_ours_leads_anywhere_else(elsewhere: str):
    with pytest.raises(ValueError, match="ours"):
        moved(elsewhere)
