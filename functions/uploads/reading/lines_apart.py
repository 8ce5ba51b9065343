"""Lines of one group that are no variants of one product: shops write a category, or a brand, where Google's feeds name an item group."""

from collections.abc import Sequence

from functions.uploads.mapping.fields import NAMED_OPTION
from functions.uploads.mapping.mapping import Mapping, at, folded
from functions.uploads.reading.line import Line


def lines_apart(lines: Sequence[Line], mapping: Mapping) -> list[Line]:
    """The lines, each of no group, if nothing says in what they vary: each has a code and a title of its own, and in none of the options do
    they differ. Else none. Google asks of an item group that its items differ in colour, size, pattern, material, age group or gender.

    Asked only where columns alone name options; a file that names them, or says which line is the parent, means what it says.
    """
    group, places = mapping.grouping, at(mapping.columns)
    options = [places[folded(rule.column)] for rule in mapping.rules if rule.column and NAMED_OPTION.match(rule.field)]
    if group is None or group.role or not group.own or not options or len(lines) == 1 or any(line.fault for line in lines):
        return []
    titles = [places[folded(rule.column)] for rule in mapping.rules if rule.column and rule.field == "title"]
    own, by = places[folded(group.own)], places[folded(group.by)]
    if not titles or not all(_differ(lines, place) for place in (own, titles[0])) or any(_vary(lines, place) for place in options):
        return []
    return [line._replace(cells=[*line.cells[:by], "", *line.cells[by + 1 :]]) for line in lines]


def _said(line: Line, place: int) -> str:
    return line.cells[place].strip().casefold() if place < len(line.cells) else ""


def _differ(lines: Sequence[Line], place: int) -> bool:
    """Whether every line says something else there."""
    said = {_said(line, place) for line in lines}
    return len(said) == len(lines) and "" not in said


def _vary(lines: Sequence[Line], place: int) -> bool:
    return len({_said(line, place) for line in lines}) > 1
