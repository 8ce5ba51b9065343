"""Memory over time as a small plot: of characters for a terminal, or as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS, ROWS = 72, 12
WIDTH, HEIGHT, MARGIN = 640, 200, 40
SHADES = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Point:
    """One look: seconds since the first, MB (PSS), processes."""

    at: float
    mb: float
    processes: int


def printed(points: Sequence[Point], load_ended: float) -> str:
    """A column for each span of time, as high as the most of its looks, and a few words; the end of the load is marked."""
    end, top = points[-1].at or 1.0, _top(points)
    columns = [_most(points, end * n / COLUMNS, end * (n + 1) / COLUMNS) for n in range(COLUMNS)]
    lines = [
        f"{top * (row + 1) / ROWS:6.0f} MB │{''.join(_cell(mb * ROWS / top - row) for mb in columns)}" for row in reversed(range(ROWS))
    ]
    mark = min(COLUMNS - 1, int(COLUMNS * load_ended / end))
    lines.append(f"{'':9} └{'─' * mark}┴{'─' * (COLUMNS - mark - 1)} {end / 60:.1f} min")
    lines.append(f"{'':11}{'load ends ':>{max(mark, 10)}}↑")
    return "\n".join([*lines, told(points, load_ended)])


def told(points: Sequence[Point], load_ended: float) -> str:
    """The figures in a sentence."""
    loaded = [point for point in points if point.at <= load_ended] or list(points)
    most, last = max(loaded, key=lambda point: point.mb), points[-1]
    first = f"at first {points[0].mb:.0f} MB in {points[0].processes} processes"
    rest = f"after {last.at - load_ended:.0f} s of rest {last.mb:.0f} MB in {last.processes}"
    return f"{first}; under load {most.mb:.0f} MB at most, in {most.processes}, and {loaded[-1].mb:.0f} MB at its end; {rest}"


def drawn(points: Sequence[Point], load_ended: float) -> str:
    """An SVG of the same."""
    end, top = points[-1].at or 1.0, _top(points)

    def x(at: float) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * at / end, 1)

    def y(mb: float) -> float:
        return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * mb / top, 1)

    line = " ".join(f"{x(point.at)},{y(point.mb)}" for point in points)
    rules = "".join(f'<path d="M{MARGIN} {y(mb)}H{WIDTH - MARGIN}" stroke="#ddd"/>' for mb in (0.0, top / 2, top))
    scale = "".join(f'<text x="{MARGIN - 4}" y="{y(mb) + 4}" text-anchor="end">{mb:.0f}</text>' for mb in (0.0, top / 2, top))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">'
        f'<text x="{MARGIN}" y="20">MB (PSS): {told(points, load_ended)}</text>{rules}{scale}'
        f'<path d="M{x(load_ended)} {y(top)}V{y(0)}" stroke="#999" stroke-dasharray="4"/>'
        f'<text x="{x(load_ended)}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">load ends</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - MARGIN + 30}" text-anchor="end">{end / 60:.1f} min</text>'
        f'<polyline points="{line}" fill="none" stroke="#06c" stroke-width="1.5"/></svg>\n'
    )


def _top(points: Sequence[Point]) -> float:
    """The end of the scale: round, and above all."""
    return max(100.0, math.ceil(max(point.mb for point in points) / 100) * 100.0)


def _most(points: Sequence[Point], start: float, end: float) -> float:
    """Of the looks in a span; of the last one before it, where it has none."""
    inside = [point.mb for point in points if start <= point.at <= end]
    return max(inside) if inside else next((point.mb for point in reversed(points) if point.at < start), points[0].mb)


def _cell(rows: float) -> str:
    """What stands in a row of a column that reaches so many rows above its foot."""
    return " " if rows <= 0 else SHADES[min(int(rows * len(SHADES)), len(SHADES) - 1)]
