"""A version of a source file: its statements, where they stand, and the first thing in it that cannot be read."""

import re
from pathlib import Path

import libcst as cst

from trainlint.findings import Position, Span
from trainlint.source import ir
from trainlint.source.assembly import Assembly, WronglyCut
from trainlint.source.chunks import Chunk, ChunkCache, SyntaxProblem, cut, uncut
from trainlint.source.lowering import PLACEHOLDER
from trainlint.source.magics import blank_magics
from trainlint.source.parsers import is_concrete
from trainlint.source.preparation import Rows, prepare

_SPACE = frozenset(" \t\f\n\\#")
_LEADING_SPACE = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*")


class SourceFile:
    """One text of one file, read as far as it can be read.

    Rows and columns are those of the text as it was given, counted from 1, columns in characters.
    """

    def __init__(self, path: Path, text: str, cache: ChunkCache | None = None) -> None:
        self.path = path
        self.text = text
        prepared = prepare(text)
        self._dropped = prepared.dropped
        self._rows = Rows(prepared.text)
        rows = blank_magics(self._rows)
        pieces = cut(rows)
        cache = cache or ChunkCache()
        try:
            assembly = Assembly(path, cache, rows.text)
            self.body = assembly.block(pieces)
        except WronglyCut:
            assembly = Assembly(path, cache, rows.text, ask_libcst=True)
            self.body = assembly.block((uncut(pieces),) if is_concrete(rows.text) else pieces)
        cache.renew(assembly.chunks)
        self._first_rows = assembly.rows
        self._tails = assembly.tails
        self.syntax_errors = self._first_problem()

    @classmethod
    def parse(cls, path: Path, text: str, cache: ChunkCache | None = None) -> "SourceFile":
        """Reads a text; given the cache of an earlier version, what has not changed keeps its nodes."""
        return cls(path, text, cache)

    def _first_problem(self) -> tuple[SyntaxProblem, ...]:
        """The first thing that cannot be read, if any: what follows it may be its consequence."""
        problems = [(first_row - 1, chunk.problem) for chunk, first_row in self._first_rows.items() if chunk.problem is not None]
        if not problems:
            return ()
        above, problem = min(problems, key=lambda placed: (placed[0] + placed[1].row, placed[1].column))
        row = above + problem.row
        return (SyntaxProblem(row, problem.column + self._dropped.get(row, 0), problem.message),)

    def row(self, node: ir.Node) -> int:
        """The row in which a node starts."""
        return self.span(node).start.row

    @property
    def normalized(self) -> str:
        """The text with the same rows, its newlines line feeds; what `offsets` counts in."""
        return self._rows.text

    def span(self, node: ir.Node) -> Span:
        """Where a node stands, from its first character to its last."""
        start, end = self.offsets(node)
        return Span(self.path, self.position(start), self.position(end))

    def offsets(self, node: ir.Node) -> tuple[int, int]:
        """Where a node stands in the normalized text, from its first character to after its last."""
        chunk = node.chunk
        if isinstance(node, ir.Sequence) and isinstance(node.cst, cst.Subscript):
            start, end = self._extent(chunk, node.cst.slice[0])[0], self._extent(chunk, node.cst.slice[-1])[1]
        else:
            start, end = self._extent(chunk, node.cst)
        tail = self._tails.get(chunk)
        if tail is not None and node.cst is chunk.body[0].cst:
            while tail in self._tails:
                tail = self._tails[tail]
            end = self._extent(tail, tail.statements[-1])[1]
        text = self._rows.text
        if text[start] in _SPACE:
            start = _LEADING_SPACE.match(text, start, end).end()  # type: ignore[union-attr]
        if text[end - 1].isspace():
            end = start + len(text[start:end].rstrip())
        return start, end

    def _extent(self, chunk: Chunk, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets between which a node of a chunk stands; those of what it replaces, for a placeholder.

        The parentheses of a tuple or generator are its own, those around other expressions are not.
        """
        place = chunk.places[node]
        shift = self._first_rows[chunk] - 1 - chunk.lead
        start = self._offset(place.start.line + shift, place.start.column)
        end = self._offset(place.end.line + shift, place.end.column)
        if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar:
            opening, closing = chunk.places[node.lpar[-1]].start, chunk.places[node.rpar[0]].end
            start, end = self._offset(opening.line + shift, opening.column), self._offset(closing.line + shift, closing.column)
        if chunk.mended:
            lines = chunk.text.split("\n")
            for rows in chunk.mended:
                if place.start.line - chunk.lead in rows and lines[place.start.line - 1].startswith(PLACEHOLDER, place.start.column):
                    start = self._offset(rows.start + chunk.lead + shift, 0)
                if place.end.line - chunk.lead in rows and lines[place.end.line - 1].endswith(PLACEHOLDER, 0, place.end.column):
                    last = min(rows.stop - 1 + chunk.lead + shift, self._rows.last)
                    end = self._offset(last, len(self._rows.line(last)))
        return start, end

    def _offset(self, row: int, column: int) -> int:
        return self._rows.start(row) + min(column, len(self._rows.line(row)))

    def position(self, offset: int) -> Position:
        """The row and column of an offset into the normalized text."""
        row = self._rows.row_of(offset)
        return Position(row, offset - self._rows.start(row) + 1 + self._dropped.get(row, 0))
