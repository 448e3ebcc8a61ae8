"""While someone types, everything but the statement at the cursor is read as before."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.programs import LONG_TRAINING, STATEMENTS, TRAINING
from trainlint.source import ir
from trainlint.source.chunks import ChunkCache
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import descendants

PATH = Path("train.py")
HOLES = {"method": "        # the method's hole\n", "loop": "            # the loop's hole\n"}


def without_blocks(value: Any) -> Any:
    """A node as nested tuples, of which the statements inside are left out."""
    if isinstance(value, tuple):
        return tuple(without_blocks(item) for item in value if not isinstance(item, ir.Stmt))
    if isinstance(value, ir.Node):
        names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        fields = (getattr(value, name) for name in names if name not in {"chunk", "cst", "_local_names"})
        return (type(value).__name__, *(without_blocks(field) for field in fields))
    if isinstance(value, ir.Parameters):
        return without_blocks(tuple(value)), value.star, value.double_star
    return repr(value)


def statements(source: SourceFile) -> Counter[Any]:
    """What stands in a file, statement by statement, definitions without what they hold."""
    return Counter(without_blocks(node) for node in descendants(source.body) if isinstance(node, ir.Stmt))


def typed(text: str, hole: str, statement: str) -> str:
    """A program with the beginning of a statement in one of its holes."""
    indent = hole[: len(hole) - len(hole.lstrip())]
    return text.replace(hole, "".join(f"{indent}{row}\n" if row else "\n" for row in statement.split("\n")))


@pytest.mark.parametrize("hole", HOLES.values(), ids=HOLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_half_typed_statement_costs_no_other(statement: str, hole: str) -> None:
    """After every keystroke of a statement in a method or in a loop, all other statements are as they were."""
    cache = ChunkCache()
    expected = statements(SourceFile.parse(PATH, TRAINING, cache))
    for length in range(1, len(statement) + 1):
        source = SourceFile.parse(PATH, typed(TRAINING, hole, statement[:length]), cache)
        assert not expected - statements(source), statement[:length]
        assert len(source.syntax_errors) <= 1
        if any(isinstance(node, ir.Unknown) for node in descendants(source.body)):
            assert source.syntax_errors
