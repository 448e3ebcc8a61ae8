"""Spans point at the very text, in rows and columns of the text as it was given."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.programs import LONG_TRAINING, TRAINING
from trainlint.findings import Position, Span
from trainlint.source import ir
from trainlint.source.reading import decode
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import descendants

PATH = Path("train.py")


def under(text: str, span: Span) -> str:
    """The text that a span covers."""
    rows = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    if span.start.row == span.end.row:
        return rows[span.start.row - 1][span.start.column - 1 : span.end.column - 1]
    between = rows[span.start.row : span.end.row - 1]
    return "".join([rows[span.start.row - 1][span.start.column - 1 :], *between, rows[span.end.row - 1][: span.end.column - 1]])


def assert_places(text: str) -> None:
    """Names, attributes and constants stand where they are said to stand; nothing begins or ends with space."""
    source = SourceFile.parse(PATH, text)
    assert source.syntax_errors == ()
    names = 0
    for node in descendants(source.body):
        found = under(text, source.span(node))
        assert found == found.strip(), node
        assert found, node
        match node:
            case ir.Name(id=name):
                assert found == name
                names += 1
            case ir.Attribute(attr=name):
                assert found.endswith(name)
            case ir.FunctionDef(name_node=name_node) | ir.ClassDef(name_node=name_node):
                assert under(text, source.span(name_node)) == node.name
                assert source.row(node) == source.span(node).start.row
    assert names > 1


PROGRAM = '''\
# é 😀
x = "😀é"; y = x.name  # 😀
class A:

    @x.cached
    def f(self, b="é"):
        """
        😀 docs
        """
        return b, self.g(b, "😀", c=[x
            for x in y])

    text = """
é""" + x

if x: \\
    z = y
for (a,
     b) in x.y(): pass
'''


@pytest.mark.parametrize(
    "text",
    [
        PROGRAM,
        PROGRAM.replace("    ", "\t"),
        PROGRAM.replace("\n", "\r\n"),
        PROGRAM.replace("\n", "\r"),
        "\ufeff" + PROGRAM,
        "\ufeffx = y\n",
        PROGRAM.replace("class A", "\f\nclass A"),
        PROGRAM.replace("class A", "\fclass A"),
        PROGRAM.replace("class A", " \t\fclass A").replace("    @x", "  \f    @x"),
        PROGRAM.replace("class A", "\\\n\\\nclass A"),
        PROGRAM.rstrip("\n"),
        PROGRAM + "    # the end",
        "\n\n# start\n" + PROGRAM,
        TRAINING,
        LONG_TRAINING.replace("\n", "\r\n"),
    ],
)
def test_spans_point_at_the_text(text: str) -> None:
    """Tabs, emoji, form feeds, byte order marks and line endings of every kind count as they stand in the text."""
    assert_places(text)


def test_spans_count_characters_of_any_encoding() -> None:
    """A text in another encoding is counted in characters, not in bytes."""
    assert_places(decode(b"# coding: latin-1\nx = '\xe9\xe8' + y\n", PATH))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["x = y.z", "\tif x:\n\t\tz", "x = '😀' + y", "# é", "", "\f", "def f(a):\n\n  return a", "x = (y,\n  z)"])),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_spans_point_at_the_text_of_any_mixture(statements: list[str], newline: str) -> None:
    """However statements, comments and blank rows follow each other."""
    statements = ["if 1:\n" + statement if statement.startswith("\t") else statement for statement in statements]
    assert_places("\n".join([*statements, "x = x"]).replace("\n", newline))


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("x = (1, 2)\n", ir.Sequence, "(1, 2)"),
        ("x = ()\n", ir.Sequence, "()"),
        ("x = 1, 2\n", ir.Sequence, "1, 2"),
        ("x[ 1, 2 ]\n", ir.Sequence, "1, 2"),
        ("f(x for x in y)\n", ir.Comprehension, "x for x in y"),
        ("[x  for x in y  ]\n", ir.Generator, "for x in y"),
        ("[x # why\n  for x in y]\n", ir.Generator, "for x in y"),
        ("f( b, a = 1 , )\n", ir.Argument, "a = 1"),
        ("(\n  x # why\n)\n", ir.Name, "x"),
        ("if x:\n    y  # why\n    # end\n", ir.If, "if x:\n    y"),
        ("x = 1 ; y = 2 ;\n", ir.Assign, "x = 1"),
        ("@a\nclass B: pass\n", ir.ClassDef, "class B: pass"),
    ],
)
def test_a_span_is_neither_more_nor_less_than_its_node(text: str, kind: type[ir.Node], expected: str) -> None:
    """Comments, commas, semicolons and the parentheses of others are left out."""
    source = SourceFile.parse(PATH, text)
    nodes = [node for node in descendants(source.body) if isinstance(node, kind)]
    assert expected in [under(text, source.span(node)) for node in nodes]


def test_a_cut_statement_reaches_to_the_end_of_its_body() -> None:
    """Also where that ends in `pass`, which is no node, and in several levels of cut statements."""
    text = "class A:\n    def f(self):\n" + "        x = 1\n" * 100 + "        pass  # end\n\n\n# after\ny = 1\n"
    source = SourceFile.parse(PATH, text)
    definition = source.body[0]
    assert isinstance(definition, ir.ClassDef)
    assert definition.chunk.is_header
    assert source.span(definition) == Span(PATH, Position(1, 1), Position(103, 13))
    assert source.span(definition.body[0]) == Span(PATH, Position(2, 5), Position(103, 13))


def test_an_unknown_statement_stands_where_the_broken_one_stands() -> None:
    """From its first character to its last, over all of its rows."""
    text = "def f():\n    x = 1\n    y = g(1,\n          2 3)  # why\n    z = 1\n"
    source = SourceFile.parse(PATH, text)
    (unknown,) = (node for node in descendants(source.body) if isinstance(node, ir.Unknown))
    assert under(text, source.span(unknown)) == "y = g(1,\n          2 3)  # why"
