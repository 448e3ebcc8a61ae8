"""Notebooks as one program: their code cells in order, and which row of it stands in which cell."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellRows:
    """For each code cell, its number among all cells, counted from 1, and the row of the program in which it starts."""

    cells: tuple[int, ...]
    starts: tuple[int, ...]

    def locate(self, row: int) -> tuple[int, int]:
        """The cell that a row of the program stands in, and its row there; what is before the first cell counts as its start."""
        index = max(0, bisect_right(self.starts, row) - 1)
        return self.cells[index], max(1, row - self.starts[index] + 1)
