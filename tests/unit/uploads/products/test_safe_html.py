"""HTML as suppliers send it becomes what any page may show as it is."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.products.described import described_flaws
from functions.uploads.products.safe_html import safe_html, with_safe_html
from shared.goods.html_text import TAGS, html_text
from shared.trade.product import Product
from tests.unit.uploads import samples

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "<p style='background:url(//e.example/)' onclick=x>a</p>", "<iframe srcdoc='<script>x</script>'></iframe>",
    "<<script>script>x</script>", "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
    "<p/onmouseover=x>", "<b <script>x", "<noscript><p title='</noscript><img src=x onerror=x>'>",
    "<form action=//e.example><input name=q></form>", "<meta http-equiv=refresh>", "<base href=//e.example>",
    "<object data=x></object>", "<textarea></textarea><img src=x onerror=x>", "<!--<img src=--><img src=x onerror=x>//-->",
    "\u003cscript\u003ex", "<scr\x00ipt>x</script>", "<a href='&#106;avascript:x'>y</a>", "<video><source onerror=x>",
    "<template><script>x</script>",
]  # fmt: skip

SIGNS = "<>/&;!-='\" abpiscrtlonhx1\n\u2028"
PIECES = [
    "<p>", "</p>", "<b>", "<table>", "<td>", "<li>", "<script>", "</script>", "<svg>", "<math>", "<style>", "</style>", "<!--", "-->",
    "<br/>", "x", "&lt;", "<",
]  # fmt: skip


class Seen(HTMLParser):
    """What a page would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes = set[str](), list[Any]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_comment(self, data: str) -> None:
        self.tags.add("a comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("a declaration")


def described(html: str, description: str = "") -> Product:
    texts = {"en": {"title": "Lantern", "description": description, "description_html": html}}
    return with_safe_html(Product.model_validate(samples.product(texts=texts)))


@given(
    st.one_of(st.sampled_from(ATTACKS), st.text(alphabet=SIGNS, max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
)
def test_whatever_comes_only_listed_tags_without_attributes_are_left_and_twice_changes_nothing(sent: str):
    kept = safe_html(sent)
    seen = Seen(kept)
    assert seen.tags <= TAGS
    assert seen.attributes == []
    assert safe_html(kept) == kept


def test_what_stands_where_it_may_not_has_moved_when_it_is_kept():
    assert safe_html("<li><table><li>") == safe_html(safe_html("<li><table><li>"))


def test_text_stays_and_what_runs_goes():
    kept = safe_html(
        '<div><p class="x">Soft &amp; <b>warm</b><script>x()</script><style>p{}</style> <a href="//e.example">here</a></p></div>'
    )
    assert kept == "<p>Soft &amp; <b>warm</b> here</p>"


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("<p>pis<b>tol</b></p><p>two</p>", "pistol\ntwo"), ("a<br>b", "a\nb"), ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "a b"), ("5 &lt; 6 &amp;amp;", "5 < 6 &amp;"), ("", ""),
    ],
)  # fmt: skip
def test_its_text_is_its_words_in_lines(kept: str, read: str):
    assert html_text(kept) == read


def test_a_description_that_was_left_empty_is_the_htmls_text_and_another_stays():
    assert described("<p>Soft <b>cotton</b></p><p>Warm</p>").texts["en"].description == "Soft cotton\nWarm"
    assert described("<p>Soft</p>", "My words").texts["en"].description == "My words"
    assert described("<script>x</script>").texts["en"].description_html is None
    long = described("<p>" + "a " * 3000 + "</p>").texts["en"].description
    assert (len(long), long[-1]) == (5000, "…")


def test_what_was_made_safe_is_the_same_content_when_it_is_sent_again():
    once = described("<p onclick=x>Soft</p>")
    assert with_safe_html(once) == once


def test_html_that_becomes_too_long_is_refused_by_name():
    assert [flaw.pointer for flaw in described_flaws(described("&" * 9_000))] == ["/texts/en/description_html"]
