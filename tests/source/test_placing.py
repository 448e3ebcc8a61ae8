"""Places are those that LibCST's own provider computes."""

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from trainlint.source.placing import Places

ODD = '''\
if 1:
    def f(a, *, b: int = (1),
          **c):  # a comment
        """Two
        rows."""
        return (a,
                [x for x in (b, ) if x], f"{a!r:>{b}}" "and more")

    with (open(a) as b,
          c): pass
    x = (yield), not(a), (lambda: (0)), {**c, 'ä': "🙂"}; y = a if b else \\
        c
    try:
        ...
    except* (A, B) as e: pass
'''


@pytest.mark.parametrize("text", [ODD, *(path.read_text(encoding="utf-8") for path in sorted(Path(cst.__file__).parent.glob("*.py")))])
def test_every_node_stands_where_libcst_says(text: str) -> None:
    """Of every node, the row and column of its first and last character."""
    module = cst.parse_module(text)
    places = Places(module, text)
    for node, expected in MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider).items():
        assert node is module or places[node] == expected, text
