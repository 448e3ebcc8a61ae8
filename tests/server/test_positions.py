"""Rows and columns in the units of three kinds of clients."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from tests.server.editor import ENCODINGS
from trainlint.findings import Position
from trainlint_server.positions import Lines

TEXTS = st.text(st.sampled_from("a ä€😀\t\f\u2028\x85\r\n\ud800"), max_size=40)


def units(text: str, encoding: types.PositionEncodingKind) -> int:
    """How long a text is for a client, worked out by Python's own codecs; a lone surrogate is as long as what it is replaced by."""
    text = text.replace("\ud800", "\ufffd")
    return {"utf-8": len(text.encode()), "utf-16": len(text.encode("utf-16-le")) // 2, "utf-32": len(text)}[encoding.value]


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
def test_every_place_goes_there_and_back(text: str, encoding: types.PositionEncodingKind) -> None:
    """Each character of each line has a position of the client, and that position leads back to it."""
    lines = Lines(text, encoding)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.line(number) for number in range(lines.count)] == rows
    for number, row in enumerate(rows):
        for column in range(len(row) + 1):
            place = lines.to_client(Position(number + 1, column + 1))
            assert place == types.Position(number, units(row[:column], encoding))
            assert lines.from_client(place) == Position(number + 1, column + 1)
            assert text[lines.offset(place) :].startswith(row[column:])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_beyond_the_end(encoding: types.PositionEncodingKind) -> None:
    """What lies beyond a line or the text is its end, in both directions."""
    lines = Lines("ab\n😀", encoding)
    assert lines.offset(types.Position(0, 99)) == 2
    assert lines.offset(types.Position(9, 0)) == 4
    assert lines.to_client(Position(1, 99)) == types.Position(0, 2)
    assert lines.to_client(Position(3, 1)) == types.Position(1, units("😀", encoding))
