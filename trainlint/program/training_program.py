"""The training program as rules see it: the runs of its entry points, and the files that they were read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

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

    def each(self, kind: type[E]) -> Iterator[tuple[Run, E]]:
        """Every event of one kind, with its run."""
        for run in self.runs:
            for event in run.of(kind):
                yield run, event
