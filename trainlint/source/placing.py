"""Where the nodes of a LibCST tree stand in the text that it was read from."""

from bisect import bisect_right
from itertools import accumulate

import libcst as cst
from libcst._nodes.internal import CodegenState
from libcst.metadata import CodePosition, CodeRange

Extent = tuple[int, int]
"""The offsets of a node's first character, and of the one after its last."""


class Places:
    """The rows and columns of the nodes of one module.

    What LibCST's `PositionProvider` says, in a fraction of its time: offsets are counted while the text is written out again,
    and are made into rows and columns only for the nodes that somebody asks about.
    """

    def __init__(self, module: cst.Module, text: str) -> None:
        state = _Counting(module.default_indent, module.default_newline)
        module._codegen(state)  # noqa: SLF001 - `Module.code` chooses the state itself
        self._extents = state.extents
        self._rows = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

    def __getitem__(self, node: cst.CSTNode) -> CodeRange:
        start, end = self._extents[node]
        return CodeRange(self._position(start), self._position(end))

    def _position(self, offset: int) -> CodePosition:
        row = bisect_right(self._rows, offset)
        return CodePosition(row, offset - self._rows[row - 1])


class _Counting(CodegenState):
    """Writes nothing: counts the characters that there would be."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline)
        self.extents: dict[cst.CSTNode, Extent] = {}
        self.offset = 0
        self._starts: list[int] = []
        self._indent = 0

    def increase_indent(self, value: str) -> None:
        super().increase_indent(value)
        self._indent += len(value)

    def decrease_indent(self) -> None:
        self._indent -= len(self.indent_tokens[-1])
        super().decrease_indent()

    def add_indent_tokens(self) -> None:
        self.offset += self._indent

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:  # noqa: ARG002 - which node it is shows when it ends
        self._starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.extents:
            self.extents[node] = start, self.offset

    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> "_WithoutSpace":
        return _WithoutSpace(self, node, start_node, end_node)


class _WithoutSpace:
    """While it is written, what a node consists of without the space around it."""

    __slots__ = ("_end_node", "_node", "_start", "_start_node", "_state")

    def __init__(self, state: _Counting, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None) -> None:
        self._state, self._node, self._start_node, self._end_node = state, node, start_node, end_node

    def __enter__(self) -> None:
        self._start = self._state.offset

    def __exit__(self, *_: object) -> None:
        extents = self._state.extents
        start = self._start if self._start_node is None else extents[self._start_node][0]
        end = self._state.offset if self._end_node is None else extents[self._end_node][1]
        extents[self._node] = start, end
