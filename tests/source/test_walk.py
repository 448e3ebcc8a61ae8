"""Walking the typed form, chunk by chunk, gives what walking it node by node gives."""

from pathlib import Path

import pytest

from trainlint.source import ir
from trainlint.source.chunks import ChunkCache
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import children, contains, descendants

PROGRAMS = sorted((Path(__file__).parent.parent / "programs" / "faulty").glob("*.py"))
METHOD = """\
    def step_{n}(self, x=lambda: {n}):
        for i in x:
            self.y = [i, {{'a': i}}]
        return x.a(b=i)

"""
LARGE = "import torch\n\nclass Trainer:\n" + "".join(METHOD.format(n=n) for n in range(40))


def one_by_one(body: ir.Block) -> list[ir.Node]:
    """All nodes, each before what is in it, from the end of the text on."""
    found: list[ir.Node] = []
    stack: list[ir.Node] = list(body)
    while stack:
        found.append(stack.pop())
        stack.extend(children(found[-1]))
    return found


@pytest.mark.parametrize("path", [*PROGRAMS, None], ids=lambda path: path.stem if path else "large")
def test_descendants(path: Path | None) -> None:
    """In the same order, the first time and the second."""
    file = SourceFile(path or Path("large.py"), path.read_text(encoding="utf-8") if path else LARGE)
    expected = one_by_one(file.body)
    for _ in range(2):
        assert list(descendants(file.body)) == expected
    assert [contains(file.body[-1], node) for node in expected] == [node in one_by_one(file.body[-1:]) for node in expected]


def test_a_class_of_another_version() -> None:
    """After an edit of one method, the new class is listed, not the old one."""
    cache = ChunkCache()
    before = SourceFile(Path("large.py"), LARGE, cache)
    list(descendants(before.body))
    after = SourceFile(Path("large.py"), LARGE.replace("def step_7(", "def other("), cache)
    names = {node.name for node in descendants(after.body) if isinstance(node, ir.FunctionDef)}
    assert "other" in names
    assert "step_7" not in names
    assert list(descendants(after.body)) == one_by_one(after.body)
