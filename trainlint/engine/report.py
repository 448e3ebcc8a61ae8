"""What a check leaves behind, as plain frozen data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.findings import Finding
from trainlint.source.reading import SUFFIX

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def unwatched(*_: object) -> None:
    """The progress of a check that nobody watches."""


if TYPE_CHECKING:
    from trainlint.program.unfollowed import Unfollowed
    from trainlint.source.notebooks import CellRows


@dataclass(frozen=True, slots=True)
class InternalError:
    """A part of trainlint that failed; the user sees the finding TL003 for it, and the traceback when asked for."""

    path: Path
    part: str
    message: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in the order of their places, and how much of the program they rest on."""

    findings: tuple[Finding, ...] = ()
    files: int = 0
    followed: int = 0
    unfollowed: "tuple[Unfollowed, ...]" = ()
    internal_errors: tuple[InternalError, ...] = ()
    sources: Mapping[Path, str] = field(default_factory=dict)
    """The text of each file in which a finding or a piece of its evidence stands, or which was read for it by a session."""
    notebooks: "Mapping[Path, CellRows]" = field(default_factory=dict)
    """The rows of the cells of those that are notebooks."""


def notebooks_in(sources: Mapping[Path, str]) -> "dict[Path, CellRows]":
    """The rows of the cells of those of these files that are notebooks."""
    from trainlint.source.notebooks import cell_rows

    return {path: rows for path, text in sources.items() if path.suffix == SUFFIX and (rows := cell_rows(text)) is not None}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, however many ways through the program lead to it, the gravest and surest account first."""
    by_gravity = sorted(findings, key=lambda finding: (finding.severity, finding.confidence), reverse=True)
    once = {(finding.code, finding.span): finding for finding in reversed(by_gravity)}
    return tuple(sorted(once.values(), key=lambda finding: (finding.span, finding.code)))
