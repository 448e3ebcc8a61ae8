"""While someone types, everything but the statement at the cursor is read as before."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.programs import LONG_TRAINING, STATEMENTS, TRAINING
from trainlint.source import chunks, ir, source_file
from trainlint.source.chunks import ChunkCache
from trainlint.source.preparation import Rows
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
    """After every third keystroke of a statement in a method or in a loop, all other statements are as they were."""
    cache = ChunkCache()
    expected = statements(SourceFile.parse(PATH, TRAINING, cache))
    for length in range(1 + len(hole) % 3, len(statement) + 1, 3):
        source = SourceFile.parse(PATH, typed(TRAINING, hole, statement[:length]), cache)
        assert not expected - statements(source), statement[:length]
        assert len(source.syntax_errors) <= 1
        if any(isinstance(node, ir.Unknown) for node in descendants(source.body)):
            assert source.syntax_errors


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(STATEMENTS), st.sampled_from(list(HOLES.values())), st.data())
def test_a_half_typed_statement_moves_no_other_node(statement: str, hole: str, data: st.DataObject) -> None:
    """In a program that is cut, the nodes outside of the chunk that is typed in are the very same."""
    cache = ChunkCache()
    before = SourceFile.parse(PATH, LONG_TRAINING, cache)
    known = {node.chunk for node in descendants(before.body)}
    length = data.draw(st.integers(1, len(statement)))
    after = SourceFile.parse(PATH, typed(LONG_TRAINING, hole, statement[:length]), cache)
    assert len({node.chunk for node in descendants(after.body)} - known) <= 3
    assert not statements(before) - statements(after)


def shape(text: str) -> str:
    """A text as it is read, in a few letters: U for what is unknown, x for what is not, headers by name, bodies in brackets."""
    return " ".join(map(shape_of, SourceFile.parse(PATH, text).body))


def shape_of(node: ir.Stmt) -> str:
    """One statement in a few letters."""
    if isinstance(node, ir.Unknown):
        return "U"
    name, blocks = type(node).__name__.lower(), []
    for field in ("body", "orelse", "handlers", "finalbody"):
        block = getattr(node, field, ())
        if isinstance(block, tuple) and block:
            blocks.append(" ".join(shape_of(part) for part in block))
    if isinstance(node, ir.Match):
        blocks = [" ".join(map(shape_of, block)) for _, block in node.cases]
    return f"{name}[{' | '.join(blocks)}]" if blocks else "x"


@pytest.mark.parametrize(
    ("text", "expected", "row", "column", "message"),
    [
        ("x = f(\ny = 1\n", "U x", 1, 6, "`(` was never closed"),
        ("x = 1\ny = [1,\n2\nz = 2\n", "x U x x", 2, 5, "`[` was never closed"),
        ("f(a, 'b)\nx\n", "U x", 1, 6, "unterminated string literal"),
        ("for x in y\n    z\nw\n", "if[U x] x", 1, 11, "expected `:`"),
        ("for x in y:\nw\n", "for[U] x", 1, 11, "expected an indented block after `for`"),
        ("if x:\n    y\nelif (:\n    z\nelse:\n    w\n", "if[x | if[U x | x]]", 3, 7, "invalid syntax"),
        ("try:\n    x\ny\n", "if[U x] x", 1, 1, "`try` without `except` or `finally`"),
        ("try:\n    x\nexcept A as:\n    y\nfinally:\n    z\n", "try[x | handler[U x] | x]", 3, 12, "invalid syntax"),
        ("try:\n x\nexcept:\n y\nelse:\nfinally:\n z\n", "try[x | U | handler[x] | x]", 5, 5, "expected an indented block after `else`"),
        ("x\nelse:\n    y\n", "x if[U x]", 2, 1, "`else` belongs to nothing"),
        ("x\n    y\nz\n", "if[U x] x", 2, 5, "unexpected indentation"),
        ("if x:\n        y\n    z\nw\n", "if[x U] x", 3, 5, "unexpected indentation"),
        ("    x\ny\n", "U x", 1, 5, "unexpected indentation"),
        ("def f(x:\n    y\nz\n", "U x", 1, 6, "`(` was never closed"),
        ("def f(x):\nz\n", "functiondef[U] x", 1, 9, "expected an indented block after `def`"),
        ("@f(\ndef g():\n    x\ny\n", "functiondef[x] x", 1, 3, "`(` was never closed"),
        ("@f\nx\n", "U x", 1, 1, "decorator without a function or class"),
        ("class A(\n    def f(self):\n        x\ny\n", "U x", 1, 8, "`(` was never closed"),
        ("match x:\n    case 1:\n        y\n    case (:\n        z\n    w\nv\n", "match[x | U x | U U] x", 4, 11, "invalid syntax"),
        ("match x:\ny\n", "U x", 1, 8, "expected an indented block after `match`"),
        ("print x, y\nexec 'x'\nraise A, 'b'\nx <> y\n`x`\n0777\nz\n", "U U U U U U x", 1, 1, "missing parentheses in call to `print`"),
        ("def f():\n  '''Do\n  x\n  def g(): 0\n", "functiondef[U x functiondef[x]]", 2, 3, "unterminated triple-quoted string literal"),
        ("x = 1 +\ny\n", "U x", 1, 8, "invalid syntax"),
        ("x = 'a\\\ny\nz\n", "U x x", 1, 5, "unterminated string literal"),
        ("x = 'a\\\ny'\nz\n'", "x x U", 4, 1, "unterminated string literal"),
        ("x = $\ny\n", "U x", 1, 5, "invalid syntax"),
        ('x = "\0"\nx = \0\ny\n', "x U x", 2, 5, "invalid character `�`"),
    ],
)  # fmt: skip
def test_broken_code_is_read_around_what_is_broken(text: str, expected: str, row: int, column: int, message: str) -> None:
    """The first problem is told where it is, and only what it touches is unknown."""
    assert shape(text) == expected
    (problem,) = SourceFile.parse(PATH, text).syntax_errors
    assert (problem.row, problem.message) == (row, message)
    assert problem.column == column


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if x:\n\ty\n        z\nw\n", "U x"),
        ("@a\ndef f(b):\n    c\n    if x:\n\ty\n            z\nw\n", "functiondef[x U] x"),
        ("class A(b c):\n    if x:\n\ty\n            z\nw\n", "U x"),
    ],
)
def test_a_statement_that_cannot_be_mended_is_unknown(text: str, expected: str) -> None:
    """But not those around it, if they can be read without it."""
    assert shape(text) == expected
    assert len(SourceFile.parse(PATH, text).syntax_errors) == 1


def test_the_first_problem_of_a_file_is_told() -> None:
    """One is enough: the others may be its consequences."""
    (problem,) = SourceFile.parse(PATH, "x = 1\n\n\ndef f():\n    y = (\n\n\ndef g():\n    z = ]\n").syntax_errors
    assert (problem.row, problem.column, problem.message) == (5, 9, "`(` was never closed")


def test_a_broken_header_of_a_long_loop_keeps_its_body() -> None:
    """Also where that is cut."""
    body = "".join(f"    step_{number}()\n" for number in range(100))
    cache = ChunkCache()
    before = SourceFile.parse(PATH, f"for x in y:\n{body}z\n", cache)
    after = SourceFile.parse(PATH, f"for x in y\n{body}z\n", cache)
    (loop, end), (broken, same_end) = before.body, after.body
    assert isinstance(loop, ir.For)
    assert isinstance(broken, ir.If)
    assert isinstance(broken.body[0], ir.Unknown)
    assert loop.body == broken.body[1:]
    assert end is same_end
    assert after.span(broken).end == before.span(loop).end


def test_a_broken_header_of_a_long_definition_is_unknown_with_all_of_it() -> None:
    """What a function holds must not run as if it were not in one."""
    body = "".join(f"    step_{number}()\n" for number in range(100))
    source = SourceFile.parse(PATH, f"def f(x\n{body}z\n")
    unknown, _ = source.body
    assert isinstance(unknown, ir.Unknown)
    assert (source.span(unknown).start.row, source.span(unknown).end.row) == (1, 101)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%matplotlib inline\nx\n", "x"),
        ("!pip install a \\\n  b\nx\n", "x"),
        ("if x:\n    %time f()\ny\n", "if[x x] x"),
        ("?x\nx??\nx.y?\nz\n", "x"),
        ("x = !ls (\ny = %sql select 'a\nz\n", "x x x"),
        ("%%time\nx\n", "x"),
        ("%%bash\ncd x\nfor x in y; do\n", ""),
        ("x = ('%d'\n     % y)\nz\n", "x x"),
    ],
)
def test_magics_are_no_syntax_errors(text: str, expected: str) -> None:
    """What IPython understands is left out, what it assigns is unknown, what it measures stays, rows stay in place."""
    source = SourceFile.parse(PATH, text)
    assert source.syntax_errors == ()
    assert shape(text) == expected
    if source.body:
        assert source.row(source.body[-1]) == text.rstrip("\n").count("\n") + 1


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("# %%[cell 1]\ncd data/train\nls -l\nx\n", 0),
        ("# %%[cell 1]\nif x:\n    mkdir -p runs/a\n# %%[cell 3]\npip install torch\nx\n", 0),
        ("# %%[cell 1]\nrun = 1\nrun - 2\ntime = run\nx\n", 0),
        ("# %%[cell 1]\ntrain model\nx\n", 1),
        ("cd data/train\nx\n", 1),
    ],
)
def test_a_notebook_may_leave_out_the_sign_of_a_magic(text: str, problems: int) -> None:
    """`cd data`, as IPython takes it; a script may not, and what Python reads is Python."""
    source = SourceFile.parse(PATH, text)
    assert len(source.syntax_errors) == problems
    assert source.row(source.body[-1]) == text.rstrip("\n").count("\n") + 1


def test_magics_do_not_hide_a_problem() -> None:
    """What else is broken is told in its own row."""
    (problem,) = SourceFile.parse(PATH, "%matplotlib inline\n\nx = (\n").syntax_errors
    assert (problem.row, problem.column) == (3, 5)


def test_a_text_that_is_cut_in_the_wrong_place_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the cutter ever be mistaken about a text that Python accepts, the parsers have the last word."""
    text = "x = (\n1\n)\ny = 2\n"
    expected = shape(text)
    rows_of = chunks.cut
    monkeypatch.setattr(source_file, "cut", lambda _: (*rows_of(Rows("x = (\n")), *rows_of(Rows("1\n)\ny = 2\n"))))
    assert shape(text) == expected == "x x"
    assert SourceFile.parse(PATH, text).syntax_errors == ()


def test_what_python_accepts_is_no_problem() -> None:
    """LibCST does not read everything that Python does; that is unknown, and nobody's fault."""
    source = SourceFile.parse(PATH, "x = 1\n\n(y): int = 2\nz = " + "'a' \\\n" * 6_000 + "'b'\nw = 3\n")
    assert source.syntax_errors == ()
    assert len(source.body) == 4
    assert isinstance(source.body[2], ir.Unknown)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(TRAINING)), st.integers(0, 40), st.text(st.sampled_from("ab()[]{}:'\"#\\\n \t%!?@,=.é😀\r\f\0"), max_size=6))
def test_nothing_that_can_be_typed_is_too_much(start: int, length: int, inserted: str) -> None:
    """Every text is read, every node of it stands somewhere, and a problem is told in a row of the text."""
    text = TRAINING[:start] + inserted + TRAINING[start + length :]
    source = SourceFile.parse(PATH, text)
    for node in descendants(source.body):
        span = source.span(node)
        assert span.start < span.end
    for problem in source.syntax_errors:
        assert 1 <= problem.row <= text.count("\n") + text.count("\r") + 1
        assert problem.column >= 1
