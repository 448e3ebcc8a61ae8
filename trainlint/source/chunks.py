"""Cuts a text into chunks small enough that a keystroke re-parses almost nothing.

A chunk is a large statement's header, a smaller statement, or a run of quite small ones. Its text is never dedented: an
indented chunk is parsed below an `if 1:`, so that columns and multi-line strings stay what they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from trainlint.source.outline import Outline, outline
from trainlint.source.preparation import Rows

if TYPE_CHECKING:
    import libcst as cst

    from trainlint.source import ir
    from trainlint.source.placing import Places

WRAPPER = "if 1:\n"
"""The row that stands before an indented chunk when it is parsed."""

_LARGEST_IN_RUN = 12
_LONGEST_RUN = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a text that make a chunk: `text` starts at `row`, its statements are indented by `indent`.

    With `parts`, `text` is the header of a statement alone, and `parts` are its body. A suspect piece may be too much for LibCST.
    """

    row: int
    text: str
    indent: str
    is_suspect: bool = False
    parts: "tuple[Piece, ...]" = ()

    @property
    def is_header(self) -> bool:
        """Whether the statement goes on in `parts`."""
        return bool(self.parts)


def cut(rows: Rows) -> tuple[Piece, ...]:
    """The pieces of a text, in order; their texts, followed by those of their parts, make up the whole text."""
    statements = outline(rows)
    return tuple(_pieces(rows, statements, 1, rows.last, "")) if statements else (Piece(1, rows.text, ""),)


def uncut(pieces: tuple[Piece, ...]) -> Piece:
    """The whole text that was cut into some pieces, as a single one."""
    return Piece(1, "".join(_texts(pieces)), "", is_suspect=True)


def _texts(pieces: tuple[Piece, ...]) -> Iterator[str]:
    for piece in pieces:
        yield piece.text
        yield from _texts(piece.parts)


def _pieces(rows: Rows, outlines: tuple[Outline, ...], first: int, last: int, indent: str) -> Iterator[Piece]:
    """The pieces of sibling statements, which are all indented alike and reach from row `first` to row `last`.

    What stands between two statements, comments and blank rows, belongs to the second.
    """
    runs = _runs(rows, outlines)
    for index, run in enumerate(runs):
        end = run[-1].last if index + 1 < len(runs) else last
        yield _piece(rows, run, first, end, indent)
        first = end + 1


def _runs(rows: Rows, outlines: tuple[Outline, ...]) -> list[list[Outline]]:
    """Siblings that make one chunk each: large statements alone, small ones in runs."""
    runs: list[list[Outline]] = []
    for statement in outlines:
        if runs and not _starts_run(rows, runs[-1], statement):
            runs[-1].append(statement)
        else:
            runs.append([statement])
    return runs


def _starts_run(rows: Rows, run: list[Outline], following: Outline) -> bool:
    """Whether a statement begins a new run: it or the one before is large, or a blank row parts them.

    So an edit of some row moves the ends of no other runs.
    """
    previous = run[-1]
    if previous.last >= following.first or rows.line(following.first - 1).endswith("\\"):
        return False
    if following.size > _LARGEST_IN_RUN or previous.size > _LARGEST_IN_RUN or following.last - run[0].first >= _LONGEST_RUN:
        return True
    return not rows.line(following.first - 1).strip()


def _piece(rows: Rows, run: list[Outline], first: int, last: int, indent: str) -> Piece:
    body = run[0].body if len(run) == 1 else ()
    header_last = body[0].first - 1 if body else 0
    if not body or rows.line(header_last).endswith("\\"):
        return Piece(first, rows.between(first, last), indent, any(statement.is_suspect for statement in run))
    start = rows.line(body[0].first)
    parts = tuple(_pieces(rows, body, body[0].first, last, start[: len(start) - len(start.lstrip())]))
    return Piece(first, rows.between(first, header_last), indent, run[0].is_suspect, parts)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What Python would refuse to read, with row and column counted from 1."""

    row: int
    column: int
    message: str


@dataclass(slots=True, eq=False)
class Chunk:
    """Some consecutive rows of a file, parsed and lowered.

    `text` is what LibCST was given; its first `lead` rows do not stand in the file. Where in the file a chunk stands is known
    to each version of the file alone, as a chunk outlives versions and moves. `mended` are the rows, counted within the chunk,
    that could not be read and whose statements are unknown.
    """

    path: Path
    text: str
    lead: int
    module: "cst.Module" = field(repr=False)
    is_header: bool
    mended: tuple[range, ...] = ()
    problem: SyntaxProblem | None = None
    body: "ir.Block" = field(default=(), repr=False)
    yields: bool = False
    assembled: "Compound | None" = field(default=None, repr=False)
    known: dict[tuple[object, "ir.Node"], Any] = field(default_factory=dict, repr=False)
    """What has been found out about the statements, by what was asked (see `walk.kept`)."""
    _places: "Places | None" = field(default=None, repr=False)

    @property
    def statements(self) -> "tuple[cst.BaseStatement | cst.BaseSmallStatement, ...]":
        """The statements of the chunk as LibCST read them."""
        body = self.module.body
        if self.lead and body:
            return tuple(body[0].body.body)  # type: ignore[union-attr]
        return tuple(body)

    @property
    def places(self) -> "Places":
        """Where each node of the chunk stands in `text`; computed when first asked for."""
        if self._places is None:
            from trainlint.source.placing import Places

            self._places = Places(self.module, self.text)
        return self._places


ChunkKey: TypeAlias = tuple[str, bool, int]
"""A chunk's text, whether it is a header, and the how-manieth of those it is."""

Compound: TypeAlias = "ir.FunctionDef | ir.ClassDef | ir.For | ir.While | ir.If | ir.With"
"""The statements that are cut into header and body."""


class ChunkCache:
    """The chunks of one file's last two versions.

    A chunk found again keeps its nodes, so what was known about them stays known.
    """

    def __init__(self) -> None:
        self._latest: dict[ChunkKey, Chunk] = {}
        self._previous: dict[ChunkKey, Chunk] = {}

    def find(self, key: ChunkKey) -> Chunk | None:
        """The chunk that an earlier version had under a key."""
        return self._latest.get(key) or self._previous.get(key)

    def renew(self, chunks: dict[ChunkKey, Chunk]) -> None:
        """Takes over the chunks of a new version."""
        self._previous, self._latest = self._latest, chunks
