"""A page, its headers, and the pages of refusals, by a service that has nothing else."""

import base64
import hashlib
import re
from typing import Any

import pytest

from shared.api.answers import Page, Raw, is_local
from shared.api.service import Service
from shared.errors import FieldError, Invalid, NotFound, Problem, TooManyRequests, Unavailable
from shared.pages.forms.typed_form import is_same_origin
from shared.pages.page_answers import html_page, moved, revalidated
from shared.pages.page_routes import PageRoutes
from shared.pages.refusals import Gone
from tests.fakes import NOON, Reply, call

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "zh-CN,zh;q=0.9"}
PROBLEMS: dict[str, Problem | Exception] = {
    "nothing": NotFound(), "recalled": Gone("its <b>handle</b> breaks", back="/shop/tea"),
    "wrong": Invalid(errors=[FieldError("query/max_price", "less than <i>min_price</i>")]), "many": TooManyRequests(retry_after=7),
    "away": Unavailable(), "ours": RuntimeError("secret"),
}  # fmt: skip


@pytest.fixture
def asked() -> Any:
    """`asked("nothing", accept=…)`: what a browser, or whoever says so, is answered."""
    routes = PageRoutes()

    @routes.page("/shop/{what}")
    def view(what: str, raw: Raw) -> Page:
        if what in PROBLEMS:
            raise PROBLEMS[what]
        if what == "moved":
            return moved("/shop/tea")
        page = html_page(
            "shared/pages/refusal.html",
            "en",
            "en",
            {"title": what, "advice": raw.address, "reason": "", "fields": (), "back": "", "to": "", "find": ""},
        )
        return revalidated(page, raw, NOON, "Accept-Language")

    app = Service("shops", routes=[routes])

    def ask(what: str, query: dict[str, str] | None = None, **headers: str) -> Reply:
        told = BROWSER | {name.replace("_", "-"): value for name, value in headers.items()}
        return call(app, "GET", "/shop/{what}", path={"what": what}, query=query, headers=told, by=None)

    return ask


def test_a_page_needs_no_key_and_runs_and_loads_nothing_of_anybodys(asked: Any):
    page = asked("<script>tea</script>")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<script>" not in page.body
    assert "&lt;script&gt;tea" in page.body
    style = re.search(r"<style>(.*?)</style>", page.body, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy
    assert '<link rel="icon" href="data:image/svg+xml,' in page.body, "a browser asks for no other"
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "; connect-src 'self'; " in policy, "what asks for /robots.txt in the page's name is held to it"
    assert not re.search(r"script-src|unsafe|\*|https?:", policy)
    assert {"base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_copy_that_is_still_the_same_is_not_sent_again(asked: Any):
    first = asked("tea")
    again = asked("tea", if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == (304, None)
    assert asked("coffee", if_none_match=first.headers["ETag"]).status == 200
    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("public, max-age=2, must-revalidate", "Accept-Language")


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [("nothing", 404, "这里没有内容"), ("recalled", 410, "该商品已被召回"), ("wrong", 422, "网址中有无法使用的内容"),
     ("many", 429, "请求过于频繁"), ("away", 503, "请稍候"), ("ours", 500, "我们这边出了问题")],
)  # fmt: skip
def test_whoever_reads_in_a_browser_is_refused_by_a_page_that_says_what_to_do(asked: Any, what: str, status: int, said: str):
    page = asked(what)
    assert (page.status, page.headers["Content-Type"], page.headers["Cache-Control"]) == (status, "text/html; charset=utf-8", "no-store")
    assert said in page.body
    assert 'content="noindex"' in page.body
    assert "secret" not in page.body
    assert said not in asked(what, {"language": "en"}).body
    assert '<html lang="zh">' in page.body


def test_refusals_show_what_the_reader_must_know_and_never_as_markup(asked: Any):
    recalled, wrong = asked("recalled").body, asked("wrong").body
    assert "its &lt;b&gt;handle&lt;/b&gt; breaks" in recalled
    assert 'href="/shop/tea"' in recalled
    assert "max_price: less than &lt;i&gt;" in wrong
    assert asked("many").headers["Retry-After"] == "7"


def test_a_program_is_told_the_same_problem_as_ever(asked: Any):
    told = asked("recalled", accept="*/*")
    assert (told.status, told.headers["Content-Type"]) == (410, "application/problem+json")
    assert told.body["type"] == "urn:monsoon:problem:gone"


def test_an_address_that_moved_names_the_new_one(asked: Any):
    told = asked("moved")
    assert (told.status, told.headers["Location"], told.body) == (301, "/shop/tea", None)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [({"sec-fetch-site": "same-origin"}, True), ({"sec-fetch-site": "same-site"}, False), ({"sec-fetch-site": "none"}, False),
     ({"sec-fetch-site": "cross-site", "origin": "https://hub.example", "host": "hub.example"}, False),
     ({"origin": "https://hub.example", "host": "hub.example"}, True), ({"origin": "https://evil.example", "host": "hub.example"}, False),
     ({"origin": "null", "host": "hub.example"}, False), ({"host": "hub.example"}, False), ({}, False)],
)  # fmt: skip
def test_what_changes_something_comes_from_a_page_of_ours(headers: dict[str, str], ours: bool):
    assert is_same_origin(headers) is ours


def test_an_address_is_https_but_on_this_machine():
    assert Raw(b"", {"host": "hub.example"}, "/prod/shop/tea").address == "https://hub.example/prod/shop/tea"
    assert Raw(b"", {"host": "127.0.0.1:4566"}, "/shop/tea").address == "http://127.0.0.1:4566/shop/tea"
    assert [is_local(h) for h in ("tea.localhost:80", "localhost", "localhost.evil.example", "127.0.0.1.evil", "[::1]:80")] == [
        True, True, False, False, True,
    ]  # fmt: skip
