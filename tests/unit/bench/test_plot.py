"""Memory over time is a small plot that says what it shows."""

from xml.etree import ElementTree

from bench.machine.plot import COLUMNS, ROWS, Point, drawn, printed

POINTS = [Point(0, 300, 9), *(Point(5.0 * n, 300 + 40 * min(n, 10), 20) for n in range(1, 121)), Point(660, 310, 10)]
TOLD = "at first 300 MB in 9 processes; under load 700 MB at most, in 20, and 700 MB at its end; after 60 s of rest 310 MB in 10"


def test_a_column_is_as_high_as_memory_was_and_the_end_of_the_load_is_marked_where_it_was():
    *rows, axis, mark, told = printed(POINTS, 600).splitlines()
    assert len(rows) == ROWS
    assert rows[0].startswith("   700 MB │")
    columns = ["".join(row[11 + n] for row in rows).lstrip() for n in range(COLUMNS)]
    assert (len(columns[0]), len(columns[30]), len(columns[-1])) == (6, ROWS, 6)
    assert axis.index("┴") == mark.index("↑") == 11 + COLUMNS * 600 // 660
    assert axis.endswith("11.0 min")
    assert told == TOLD


def test_the_drawing_has_a_point_for_each_look_and_says_the_same():
    root = ElementTree.fromstring(drawn(POINTS, 600))
    (line,) = root.iter("{http://www.w3.org/2000/svg}polyline")
    assert len(line.attrib["points"].split()) == len(POINTS)
    assert TOLD in "".join(root.itertext())


def test_one_look_is_a_plot_too():
    assert "at first 50 MB" in printed([Point(0, 50, 1)], 0)
