"""The training program as rules see it: the runs of its entry points, and the files that they were read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from trainlint.program.events import Event
from trainlint.program.run import Run
from trainlint.program.unfollowed import Unfollowed
from trainlint.source.source_file import SourceFile

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class TrainingProgram:
    """Everything that was run, with the files around it."""

    runs: tuple[Run, ...]
    files: Mapping[Path, SourceFile]
    loops_followed: int = 0
    unfollowed: tuple[Unfollowed, ...] = ()
    unreadable: tuple[tuple[Path, str], ...] = ()
    failures: tuple[tuple[Path, str], ...] = ()
    """Entry points on which the interpreter itself failed, with the reason."""

    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What questions have found out about the program, so that the next rule need not look again."""

    def each(self, kind: type[E]) -> Iterator[tuple[Run, E]]:
        """Every event of one kind, with its run."""
        yield from self._by_kind.get(kind, ())  # type: ignore[misc]

    @property
    def _by_kind(self) -> dict[type[Event], list[tuple[Run, Event]]]:
        found: dict[type[Event], list[tuple[Run, Event]]] | None = self.memory.get("kinds")
        if found is None:
            found = self.memory["kinds"] = {}
            for run in self.runs:
                for event in run.events:
                    found.setdefault(type(event), []).append((run, event))
        return found
