"""Charts: heights that are true, words that can be read, and the same numbers for who sees no picture."""

import re

import pytest

from shared.pages.charts.chart import GROUND, MOST_WORDS, TOP, WIDTH, Chart, Value
from shared.pages.charts.chart_style import chart_css
from shared.pages.interface_language import Interface
from shared.pages.templating import environment

DRAWN = '{% from "shared/pages/charts/charts.html" import drawn %}{{ drawn(chart, "Price <of> one", "Ordered", "Price") }}'


def chart(*sizes: int) -> Chart:
    return Chart([Value(f"{at}+", size, f"£{size}") for at, size in enumerate(sizes)])


def page(drawn: Chart, interface: Interface = "en") -> str:
    return environment(interface).from_string(DRAWN).render(chart=drawn)


def test_half_as_much_is_half_as_high():
    low, high = (GROUND - mark.top for mark in chart(40, 80).marks)
    assert (low * 2, high) == (high, GROUND - TOP)
    assert [mark.top for mark in chart(0, 0).marks] == [GROUND, GROUND]


def test_a_step_holds_until_the_next_and_the_last_to_the_edge():
    assert chart(80, 40).line == f"M0 {TOP}H{WIDTH // 2}V{(TOP + GROUND) // 2}H{WIDTH}"
    assert chart(80, 40).area.endswith(f"V{GROUND}H0Z")


@pytest.mark.parametrize(("sizes", "said"), [((3, 2, 1), 3), (tuple(range(MOST_WORDS)), MOST_WORDS), ((1, 2, 9, 3, 4, 5, 6, 7, 8), 3)])
def test_of_many_values_those_have_words_that_have_room(sizes: tuple[int, ...], said: int):
    assert sum(mark.is_said for mark in chart(*sizes).marks) == said


def test_who_sees_no_picture_reads_the_same_numbers_twice():
    told = page(chart(30, 20, 10))
    assert 'role="img" aria-label="Price &lt;of&gt; one: 0+ £30, 1+ £20, 2+ £10"' in told
    assert re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', told) == [("0+", "£30"), ("1+", "£20"), ("2+", "£10")]
    assert ("As numbers" in told, "数据表" in page(chart(1), interface="zh")) == (True, True)


def test_a_chart_has_the_pages_colours_no_script_and_no_style_of_its_own():
    told = page(chart(1, 2))
    assert not re.search(r"<script|style=|#[0-9a-f]{3,6}|\bon\w+=|href=", told)
    assert 'direction="ltr"' in told
    colours = set(re.findall(r"(?:fill|stroke):([^;}]+)", chart_css()))
    assert colours <= {
        "none",
        "var(--accent)",
        "var(--line)",
        "var(--muted)",
        "var(--text)",
    }
