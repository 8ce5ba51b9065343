"""Records that name their cells, as lines of a table whose columns are those seen so far."""

from collections.abc import Mapping

from functions.uploads.reading.line import MAX_CELL, Line, whole_fault


class NamedCells:
    """Gives each name a column, at most `most` of them; what comes beyond is left out."""

    def __init__(self, most: int) -> None:
        self.columns: list[str] = []
        self._at: dict[str, int] = {}
        self._most = most

    def line(self, number: int, cells: Mapping[str, str]) -> Line:
        for name in cells:
            if name not in self._at and len(self.columns) < self._most:
                self._at[name] = len(self.columns)
                self.columns.append(name[:200])
        held = [""] * len(self.columns)
        for name, cell in cells.items():
            if name in self._at:
                held[self._at[name]] = cell
        if any(len(cell) > MAX_CELL for name, cell in cells.items() if name != "product"):
            return Line(number, [], whole_fault("row-too-large", f"a cell has more than {MAX_CELL} characters", "有单元格内容过长"))
        return Line(number, held)
