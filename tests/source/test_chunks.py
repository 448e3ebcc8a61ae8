"""What has not changed keeps its nodes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.programs import CONSTRUCTS, LONG_TRAINING, STATEMENTS, TRAINING
from tests.source.reference_reading import described
from trainlint.source import ir
from trainlint.source.chunks import Chunk, ChunkCache, Piece, cut
from trainlint.source.preparation import Rows
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import descendants

PATH = Path("train.py")


def texts(pieces: tuple[Piece, ...]) -> str:
    """What pieces say, one after the other."""
    return "".join(piece.text + texts(piece.parts) for piece in pieces)


def rows_are_right(pieces: tuple[Piece, ...], text: str) -> bool:
    """Whether every piece starts in the row that it says."""
    rows = Rows(text)
    return all(text[rows.start(piece.row) :].startswith(piece.text) and rows_are_right(piece.parts, text) for piece in pieces if piece.text)


def chunks_of(source: SourceFile) -> set[Chunk]:
    """The chunks that the nodes of a file stand in."""
    return {node.chunk for node in descendants(source.body)}


@pytest.mark.parametrize(
    "text", [TRAINING, LONG_TRAINING, CONSTRUCTS, "", "\n", "# only\n", "x", "\n\n# a\n\nx = 1\n# b\n", "def f(:\n  x\n"]
)
def test_pieces_make_up_the_text(text: str) -> None:
    """Nothing is lost between them, nor said twice."""
    pieces = cut(Rows(text))
    assert texts(pieces) == text
    assert rows_are_right(pieces, text)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*"ab:=()[]'\"#\\\n\n\n \t%!?@,", "def f():", "class A:", "\n    ", '"""', "else:", "try:"])).map("".join))
def test_pieces_make_up_any_text(text: str) -> None:
    """However broken."""
    pieces = cut(Rows(text))
    assert texts(pieces) == text
    assert rows_are_right(pieces, text)


def test_large_statements_are_cut() -> None:
    """The class and its method, `main`; nothing in the short version."""
    assert not any(piece.parts for piece in cut(Rows(TRAINING)))
    headers = [piece.text.strip().rpartition("\n")[2] for piece in all_pieces(cut(Rows(LONG_TRAINING))) if piece.parts]
    assert headers == ["class Net(nn.Module):", "def forward(self, x):", "def main():"]


def all_pieces(pieces: tuple[Piece, ...]) -> list[Piece]:
    """The pieces and their parts."""
    return [inner for piece in pieces for inner in (piece, *all_pieces(piece.parts))]


def edits() -> list[tuple[str, str, str]]:
    """Edits of one place: what is edited, what it was, what it becomes."""
    return [
        ("a statement in a loop", "            optimizer.zero_grad()\n", "            optimizer.zero_grad(set_to_none=True)\n"),
        ("a row more in a method", "        # the method's hole\n", "        x = x * 2\n        # the method's hole\n"),
        ("a row less in a function", "    right = 0\n", ""),
        ("a string", '"""Returns the loss of a batch."""', '"""Returns\n        the loss.\n        """'),
        ("the header of a class", "class Net(nn.Module):", "class Network(nn.Module):"),
        ("an import", "import torch\n", "import torch, math\n"),
        ("a comment", "# the loop's hole", "# a hole"),
        ("a blank row", "def evaluate", "\ndef evaluate"),
    ]


@pytest.mark.parametrize(("before", "after"), [edit[1:] for edit in edits()], ids=[edit[0] for edit in edits()])
@pytest.mark.parametrize("text", [TRAINING, LONG_TRAINING], ids=["short", "long"])
def test_an_edit_parses_one_chunk_again(text: str, before: str, after: str) -> None:
    """And everything else is the same nodes, moved; what is read is what a fresh reading gives."""
    assert before in text
    cache = ChunkCache()
    known = chunks_of(SourceFile.parse(PATH, text, cache))
    edited = text.replace(before, after, 1)
    source = SourceFile.parse(PATH, edited, cache)
    assert len(chunks_of(source) - known) == 1
    assert described(source) == described(SourceFile.parse(PATH, edited))


def test_what_is_cut_keeps_its_node_while_all_its_parts_do() -> None:
    """A function outside of the edit is the very same, a function around it is a new one with the same other statements."""
    cache = ChunkCache()
    first = SourceFile.parse(PATH, LONG_TRAINING, cache)
    second = SourceFile.parse(PATH, LONG_TRAINING.replace("step_30 = 30", "step_30 = 31"), cache)
    assert [old is new for old, new in zip(first.body, second.body, strict=True)].count(False) == 1
    (old,) = (node for node in first.body if isinstance(node, ir.FunctionDef) and node.name == "main")
    (new,) = (node for node in second.body if isinstance(node, ir.FunctionDef) and node.name == "main")
    assert old is not new
    assert old.name_node is new.name_node
    changed = sum(before is not after for before, after in zip(old.body, new.body, strict=True))
    assert 1 <= changed <= 40
    assert first.span(old) == second.span(new)


def test_equal_statements_are_different_places() -> None:
    """A node stands in one place only, also when its text stands in several."""
    text = "def f():\n    return 1\n\n\n" * 3
    cache = ChunkCache()
    for version in (text, "x = 1\n\n\n" + text, text + text):
        source = SourceFile.parse(PATH, version, cache)
        nodes = list(descendants(source.body))
        assert len(set(nodes)) == len(nodes)
        functions = [node for node in source.body if isinstance(node, ir.FunctionDef)]
        assert [version.split("\n")[source.row(node) - 1] for node in functions] == ["def f():"] * len(functions)


def test_a_text_found_again_after_a_detour_is_not_parsed_again() -> None:
    """One broken version does not forget what the one before knew."""
    cache = ChunkCache()
    known = chunks_of(SourceFile.parse(PATH, TRAINING, cache))
    SourceFile.parse(PATH, TRAINING.replace('"""Two layers."""', '"""'), cache)
    assert chunks_of(SourceFile.parse(PATH, TRAINING, cache)) == known


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 70), st.sampled_from([*STATEMENTS, ""]), st.booleans()), min_size=1, max_size=5))
def test_any_row_of_edits_reads_like_the_last_text_alone(edits_made: list[tuple[int, str, bool]]) -> None:
    """Whatever the cache remembers, it changes no reading."""
    cache, rows = ChunkCache(), LONG_TRAINING.split("\n")
    source = fresh = SourceFile.parse(PATH, LONG_TRAINING, cache)
    for row, statement, replaces in edits_made:
        rows[row : row + replaces] = ["    " + line for line in statement.split("\n")]
        text = "\n".join(rows)
        source, fresh = SourceFile.parse(PATH, text, cache), SourceFile.parse(PATH, text)
        assert described(source, with_places=False) == described(fresh, with_places=False)
        assert source.syntax_errors == fresh.syntax_errors
    assert described(source) == described(fresh)
