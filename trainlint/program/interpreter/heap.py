"""The mutable state of an abstract run, with a journal.

Everything that the program can change lives in plain dicts: scopes, attributes, list contents, typestates. Each write is
journaled, so that the arms of an undecided branch run one after the other on the same dicts, are rolled back and joined
at a cost that grows with what they wrote, never with the size of the state.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

Cells = dict[Any, Any]
Changes = dict[tuple[int, Hashable], tuple[Cells, Hashable, Any]]
"""What a stretch of the run wrote: the last value of each cell."""

MISSING: Any = object()


class Heap:
    """A journal of writes to dicts."""

    __slots__ = ("journal",)

    def __init__(self) -> None:
        """Starts with nothing written."""
        self.journal: list[tuple[Cells, Hashable, Any]] = []

    def write(self, cells: Cells, key: Hashable, value: Any) -> None:
        """Sets one cell."""
        old = cells.get(key, MISSING)
        if old is not value:
            self.journal.append((cells, key, old))
            cells[key] = value

    def delete(self, cells: Cells, key: Hashable) -> None:
        """Removes one cell, if it is there."""
        if key in cells:
            self.journal.append((cells, key, cells.pop(key)))

    def mark(self) -> int:
        """A point to which `rollback` can return."""
        return len(self.journal)

    def forget(self, mark: int, cells: Cells) -> None:
        """Drops the writes to cells that nobody can see any more: the variables of a call that has ended."""
        journal = self.journal
        if len(journal) > mark:
            journal[mark:] = [entry for entry in journal[mark:] if entry[0] is not cells]

    def changes(self, mark: int) -> Changes:
        """What was written since the mark, and is there now."""
        journal = self.journal
        return {(id(cells), key): (cells, key, cells.get(key, MISSING)) for cells, key, _ in (journal[mark:] if mark else journal)}

    def rollback(self, mark: int) -> None:
        """Undoes every write since the mark."""
        journal = self.journal
        while len(journal) > mark:
            cells, key, old = journal.pop()
            if old is MISSING:
                cells.pop(key, None)
            else:
                cells[key] = old

    def apply(self, changes: Changes) -> None:
        """Writes the changes of one path."""
        for cells, key, value in changes.values():
            if value is MISSING:
                self.delete(cells, key)
            else:
                self.write(cells, key, value)

    def merge(self, paths: Sequence[Changes], join: Callable[[Iterable[Any]], Any]) -> None:
        """Writes what several paths from here may leave behind; a cell that some path lacks keeps what the others have."""
        if len(paths) == 1:
            self.apply(paths[0])
            return
        cells_of: dict[tuple[int, Hashable], tuple[Cells, Hashable]] = {}
        for path in paths:
            for place, (cells, key, _) in path.items():
                cells_of[place] = (cells, key)
        for place, (cells, key) in cells_of.items():
            base = cells.get(key, MISSING)
            values = [path[place][2] if place in path else base for path in paths]
            present = [value for value in values if value is not MISSING]
            if not present:
                self.delete(cells, key)
            else:
                first = present[0]
                same = all(value is first for value in present)
                self.write(cells, key, first if same else join(present))
