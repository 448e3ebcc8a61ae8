"""What comments suppress, and how they are written."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.expectations import EVERYTHING
from trainlint.editing.text import apply_edits
from trainlint.engine.analysis import check
from trainlint.engine.selection import Selection
from trainlint.engine.text import check_text
from trainlint.source.suppressions import Reach, ignore_edit, suppressions_in

LOOP = """\
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        {step}
"""


def stale(step: str, before: str = "") -> int:
    """How many stale-gradients findings a loop with this step has."""
    report = check_text(before + LOOP.format(step=step))
    return sum(finding.code == "TL501" for finding in report.findings)


@pytest.mark.parametrize(
    ("step", "count"),
    [
        ("optimizer.step()", 1),
        ("optimizer.step()  # trainlint: ignore[TL501]", 0),
        ("optimizer.step()  # trainlint: ignore[stale-gradients] on purpose", 0),
        ("optimizer.step()  # trainlint: ignore", 0),
        ("optimizer.step()  # trainlint: ignore[]", 1),
        ("optimizer.step()  # trainlint: ignore[TL502]", 1),
        ("optimizer.step()  # trainlint: ignored[TL501]", 1),
        ("optimizer.step()  # see trainlint: ignore", 1),
        ("optimizer.step()  # type: ignore[x]  # trainlint: ignore[TL501]", 0),
        ("optimizer.step()  # noqa: TL501", 0),
        ("optimizer.step()  # noqa: E501 TL501", 0),
        ("optimizer.step()  # noqa:F401,TL501", 0),
        ("optimizer.step()  # noqa: F401", 1),
        ("optimizer.step()  # noqa", 0),
        ("optimizer.step(  # trainlint: ignore[TL501]\n        )", 0),
        ("optimizer.step(\n        )  # trainlint: ignore[TL501]", 0),
        ("optimizer.step(\n            # trainlint: ignore[TL501]\n        )", 0),
        ("# trainlint: ignore[TL501]\n        # because\n        optimizer.step()", 0),
        ("# trainlint: ignore[TL501]\n        x = 1\n        optimizer.step()", 1),
        ("optimizer.step(); s = '# trainlint: ignore[TL501]'", 1),
        ("optimizer.step()\n    # trainlint: ignore[TL501]", 1),
    ],
)
def test_which_statement_a_comment_is_about(step: str, count: int) -> None:
    """Its own, however many rows that has; the one below it where the comment stands alone."""
    assert stale(step) == count


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ("# trainlint: file-ignore[TL5]\n", 0),
        ('"""Text."""\n# trainlint: disable\n', 0),
        ("# trainlint: disable[TL501]\nx = 1\n# trainlint: enable[TL501]\n", 1),
        ("# trainlint: disable[TL501]\nx = 1\n# trainlint: enable[TL302]\n", 0),
        ("# trainlint: disable[TL501]\nx = 1\n# trainlint: enable\n", 1),
        ("def f():\n    # trainlint: disable[TL501]\n    pass\n", 1),
    ],
)
def test_files_and_blocks(before: str, count: int) -> None:
    """A file-level comment reaches everywhere, a block from `disable` to `enable` or to the end of what it stands in."""
    assert stale("optimizer.step()", before) == count


def test_suppressions_can_be_looked_behind(tmp_path: Path) -> None:
    """`--ignore-suppressions` shows what comments hide, and calls none of them unused."""
    path = tmp_path / "train.py"
    path.write_text(LOOP.format(step="optimizer.step()  # trainlint: ignore[TL501, TL302]"), encoding="utf-8")
    assert [finding.code for finding in check([path]).findings] == ["TL004"]
    assert [finding.code for finding in check([path], suppress=False).findings] == ["TL501"]


def test_a_comment_in_the_file_of_the_evidence(tmp_path: Path) -> None:
    """A finding is silenced at either place, and the comment is of use whichever of the files is checked."""
    model = "from torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    model += "        self.l = nn.Linear(4, 9)\n"
    model += "    def forward(self, x):\n        return self.l(x).softmax(1){}\n"
    main = "import torch\nfrom net import Net\n\nnet = Net()\nfor x, y in torch.utils.data.DataLoader(d):\n"
    main += "    torch.nn.functional.cross_entropy(net(x), y)\n"
    (tmp_path / "main.py").write_text(main, encoding="utf-8")
    for comment, expected in (("", ["TL302"]), ("  # trainlint: ignore[TL302]", [])):
        (tmp_path / "net.py").write_text(model.format(comment), encoding="utf-8")
        for paths in ([tmp_path], [tmp_path / "net.py"]):
            assert [finding.code for finding in check(paths, Selection(("TL302",))).findings] == expected


UNUSED = [
    ("x = 1  # trainlint: ignore[TL501]\ny = 2\n", "x = 1\ny = 2\n"),
    ("x = 1  # trainlint: ignore[TL501] a reason\n", "x = 1\n"),
    ("x = 1  # trainlint: ignore[TL501]  # type: ignore\n", "x = 1  # type: ignore\n"),
    ("x = 1  # why  # trainlint: ignore\n", "x = 1  # why\n"),
    ("def f():\n    # trainlint: ignore[TL501]\n    return 1\n", "def f():\n    return 1\n"),
    ("x = 1  # noqa: E501, TL501\n", "x = 1  # noqa: E501\n"),
    ("x = 1  # noqa: TL501\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
    ("# trainlint: file-ignore[TL501]\nx = 1\n", "x = 1\n"),
]


@pytest.mark.parametrize(("text", "expected"), UNUSED)
def test_an_unused_comment_is_taken_away(text: str, expected: str) -> None:
    """The fix of TL004 leaves everything else in the row as it is, and with it nothing is left to report."""
    text, expected = ("import torch\n" + part for part in (text, expected))
    (finding,) = check_text(text).findings
    assert finding.code == "TL004"
    assert finding.fix
    after = apply_edits(text, finding.fix.edits)
    assert after == expected
    assert check_text(after).findings == ()


def test_comments_are_found_where_python_finds_them() -> None:
    """Rows and columns are those of the text as it was given."""
    text = '\ufeff"""\n# noqa\n"""\nx = "# noqa"; y = f(  # noqa: TL501\n)\n\x0c# trainlint: file-ignore[TL5]\n'
    found = [(each.reach, each.row, text.split("\n")[each.row - 1][each.start : each.end]) for each in suppressions_in(text)]
    assert found == [(Reach.NOQA, 4, "# noqa: TL501"), (Reach.FILE, 6, "# trainlint: file-ignore[TL5]")]


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("x = 1\n", 1, "x = 1  # trainlint: ignore[TL501]\n"),
        ("x = 1  \r\ny = 2\r\n", 1, "x = 1  # trainlint: ignore[TL501]\r\ny = 2\r\n"),
        ("f(\n    1,\n)\n", 1, "f(\n    1,\n)  # trainlint: ignore[TL501]\n"),
        ("x = '''\n'''", 1, "x = '''\n'''  # trainlint: ignore[TL501]"),
        ("x = 1  # why\n", 1, "x = 1  # why  # trainlint: ignore[TL501]\n"),
        ("x = 1  # trainlint: ignore[TL302] r\n", 1, "x = 1  # trainlint: ignore[TL302, TL501] r\n"),
        ("for x in y:\n    pass\n", 1, "for x in y:  # trainlint: ignore[TL501]\n    pass\n"),
        ("f(\n", 1, None),
        ("\n", 1, None),
    ],
)
def test_where_a_comment_is_written(text: str, row: int, expected: str | None) -> None:
    """At the end of the statement, and into a comment of its kind where there is one."""
    edit = ignore_edit(Path("a.py"), text, row, ["TL501"])
    assert (apply_edits(text, [edit]) if edit else None) == expected


STATEMENTS = st.sampled_from(
    [
        "optimizer.step()",
        "optimizer.step(\n        )",
        "optimizer.step()  # why",
        "optimizer.step()  # noqa: E501",
        "optimizer.step(); x = '''\n'''",
        "optimizer.step()  # trainlint: ignore[TL302]",
        "loss = 1; \\\n        optimizer.step()",
        "if x: optimizer.step()",
    ]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "ä = 1\n", "\x0c\n", "'''\n# noqa'''\n"]))
def test_what_is_suppressed_stays_silent(step: str, newline: str, before: str) -> None:
    """A comment that is inserted at every finding leaves none, whatever the statement and the ends of rows."""
    text = (before + LOOP.format(step=step)).replace("\n", newline)
    findings = [finding for finding in check_text(text, EVERYTHING).findings if finding.code != "TL004"]
    assert "TL501" in {finding.code for finding in findings}
    for finding in findings:
        edit = ignore_edit(Path("a.py"), text, finding.span.start.row, [finding.code])
        assert edit
        text = apply_edits(text, [edit])
    assert [finding.code for finding in check_text(text, EVERYTHING).findings if finding.code != "TL004"] == []
    assert re.sub(r"  # trainlint: ignore[^\r\n]*", "", text).count(newline) == text.count(newline)
