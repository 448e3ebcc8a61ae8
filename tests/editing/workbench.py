"""Changes made to a text, with nodes named by their source."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from trainlint.cures.changes import Change, Cure
from trainlint.editing.layout import Unsure
from trainlint.editing.realization import Realization
from trainlint.editing.text import apply_edits
from trainlint.findings import Fix
from trainlint.source import ir
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import descendants

PATH = Path("train.py")
N = TypeVar("N", bound=ir.Node)


class Bench:
    """A text with its nodes."""

    def __init__(self, text: str) -> None:
        self.file = SourceFile(PATH, text)
        self.nodes = sorted(descendants(self.file.body), key=self.file.offsets)

    def expression(self, source: str, which: int = 0) -> ir.Expr:
        """An expression that is written like this."""
        return self._find(ir.Expr, source, which)

    def statement(self, source: str, which: int = 0) -> ir.Stmt:
        """A statement whose first row starts like this."""
        found = [node for node in self.nodes if isinstance(node, ir.Stmt) and self._source(node).startswith(source)]
        return found[which]

    def argument(self, source: str, which: int = 0) -> ir.Argument:
        """An argument that is written like this."""
        return self._find(ir.Argument, source, which)

    def _find(self, kind: type[N], source: str, which: int) -> N:
        return [node for node in self.nodes if isinstance(node, kind) and self._source(node) == source][which]

    def _source(self, node: ir.Node) -> str:
        start, end = self.file.offsets(node)
        return self.file.normalized[start:end]

    def fix(self, *changes: Change) -> Fix:
        """The fix that changes make; raises `Unsure`."""
        return Realization({PATH: self.file}).realized(Cure("change it", changes, "for the test"))


def changed(text: str, change: Callable[[Bench], Change | tuple[Change, ...]]) -> str:
    """The text after a change, or why it was not made."""
    bench = Bench(text)
    made = change(bench)
    try:
        fix = bench.fix(*(made if isinstance(made, tuple) else (made,)))
    except Unsure as reason:
        return f"unsure: {reason}"
    return apply_edits(text, fix.edits)
