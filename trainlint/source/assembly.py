"""Parses the pieces of a text, those alone that are new, and puts their statements together."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst import ParserSyntaxError, parse_module

from trainlint.source import ir
from trainlint.source.chunks import WRAPPER, Chunk, ChunkCache, ChunkKey, Compound, Piece, SyntaxProblem
from trainlint.source.lowering import docstring_of, lower
from trainlint.source.mending import MendedText, all_unknown, give_up, mend
from trainlint.source.parsers import TooDeep, check_syntax, message_of


class WronglyCut(Exception):
    """A piece of a text that Python accepts was found unreadable: either it is no piece, or LibCST does not know all of Python."""


@dataclass
class Assembly:
    """The chunks of one version of a file.

    `rows` tells where each chunk starts, `tails` the chunk in which the statement of a header chunk ends. With `ask_libcst`, Python is
    known to accept the whole text, and what LibCST rejects of it is its own limit.
    """

    path: Path
    cache: ChunkCache
    text: str
    ask_libcst: bool = False
    rows: dict[Chunk, int] = field(default_factory=dict)
    tails: dict[Chunk, Chunk] = field(default_factory=dict)
    chunks: dict[ChunkKey, Chunk] = field(default_factory=dict)
    _occurrences: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def block(self, pieces: tuple[Piece, ...]) -> ir.Block:
        """The statements of sibling pieces."""
        return self._block(pieces)[0]

    def _block(self, pieces: tuple[Piece, ...]) -> tuple[ir.Block, Chunk, bool]:
        """The statements of sibling pieces, the chunk of the last one, and whether a `yield` is among them."""
        chunks = [self._chunk(piece) for piece in pieces]
        statements: list[ir.Stmt] = []
        yields = any(chunk.yields for chunk in chunks)
        for piece, chunk in zip(pieces, chunks, strict=True):
            self.rows[chunk] = piece.row
            if piece.parts:
                body, self.tails[chunk], body_yields = self._block(piece.parts)
                statement = _completed(chunk, body, yields=body_yields)
                statements.append(statement)
                yields = yields or (body_yields and not isinstance(statement, ir.FunctionDef))
            else:
                statements.extend(chunk.body)
        return tuple(statements), chunks[-1], yields

    def _chunk(self, piece: Piece) -> Chunk:
        """The chunk of a piece, from the cache where an earlier version had it."""
        kind = piece.text, piece.is_header
        key = (*kind, self._occurrences[kind])
        self._occurrences[kind] += 1
        known = self.cache.find(key)
        if known is None or (known.problem is not None and self._is_python):
            known = self._parsed(piece)
        self.chunks[key] = known
        return known

    def _parsed(self, piece: Piece) -> Chunk:
        text = f"{piece.text}{piece.parts[0].indent}pass\n" if piece.parts else piece.text
        wrapped = WRAPPER + text if piece.indent else text
        try:
            if piece.is_suspect:
                check_syntax(wrapped)
            return self._lowered(piece, MendedText(text), parse_module(wrapped))
        except (ParserSyntaxError, SyntaxError, TooDeep):
            return self._mended(piece, text)

    def _mended(self, piece: Piece, text: str) -> Chunk:
        """The chunk of a piece that cannot be read as it is."""
        if self._is_python and not self.ask_libcst:
            raise WronglyCut
        wrapper = WRAPPER if piece.indent else ""
        mended = mend(text, piece.indent, ask_libcst=self.ask_libcst)
        try:
            return self._lowered(piece, mended, parse_module(wrapper + mended.text))
        except ParserSyntaxError:
            mended = give_up(replace(mended, problem=mended.problem or self._problem(wrapper, text)), piece.indent)
        try:
            return self._lowered(piece, mended, parse_module(wrapper + mended.text))
        except ParserSyntaxError:
            mended = all_unknown(mended, piece.indent)
            return self._lowered(piece, mended, parse_module(wrapper + mended.text))

    def _problem(self, wrapper: str, text: str) -> SyntaxProblem | None:
        """What Python says about a piece."""
        try:
            check_syntax(wrapper + text)
        except SyntaxError as error:
            return SyntaxProblem(max(1, (error.lineno or 1) - bool(wrapper)), error.offset or 1, message_of(error))
        except TooDeep:
            return SyntaxProblem(1, 1, "too deeply nested")
        return None

    @cached_property
    def _is_python(self) -> bool:
        """Whether Python accepts the whole text."""
        return self._problem("", self.text) is None

    def _lowered(self, piece: Piece, mended: MendedText, module: cst.Module) -> Chunk:
        lead, text = (1, WRAPPER + mended.text) if piece.indent else (0, mended.text)
        chunk = Chunk(self.path, text, lead, module, piece.is_header, mended.mended, mended.problem)
        chunk.body = lower(chunk.statements, chunk)
        return chunk


def _completed(header: Chunk, body: ir.Block, *, yields: bool) -> ir.Stmt:
    """The statement of a header with the body that its parts make; the very same one as long as those are the same."""
    statement = header.body[0]
    if isinstance(statement, ir.Unknown):
        return statement
    assert isinstance(statement, ir.FunctionDef | ir.ClassDef | ir.For | ir.While | ir.If | ir.With)
    body = statement.body + body
    known = header.assembled
    if known is not None and known.body == body:
        return known
    completed: Compound
    if isinstance(statement, ir.FunctionDef):
        completed = replace(statement, body=body, is_generator=yields, docstring=docstring_of(body))
    elif isinstance(statement, ir.ClassDef):
        completed = replace(statement, body=body, docstring=docstring_of(body))
    else:
        completed = replace(statement, body=body)
    header.assembled = completed
    header.known.clear()
    return completed
