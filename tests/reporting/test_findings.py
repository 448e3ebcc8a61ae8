"""What findings look like to a person and to a program."""

import json
from pathlib import Path

import pytest

from trainlint.engine.report import InternalError, Report
from trainlint.findings import Applicability, Category, Confidence, Edit, Evidence, Finding, Fix, Position, Span
from trainlint.program.unfollowed import Unfollowed
from trainlint.reporting.closing import closing
from trainlint.reporting.concise import concise
from trainlint.reporting.excerpt import excerpt
from trainlint.reporting.full import full
from trainlint.reporting.json_rows import json_rows
from trainlint.reporting.terminal import Terminal

TEXT = "for x, y in loader:\n    loss = criterion(model(x), y)\n\tloss.backward()\n    optimizer.step()\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "train.py"


def at(path: Path, row: int, start: int, end: int) -> Span:
    """A span in one row."""
    return Span(path, Position(row, start), Position(row, end))


def report_on(path: Path) -> Report:
    """A report with a finding that has everything, and a plain one."""
    step, backward = at(path, 4, 5, 21), at(path, 3, 2, 17)
    fix = Fix(
        "clear the gradients first", (Edit(at(path, 4, 5, 5), "optimizer.zero_grad()\n"),), Applicability.UNSAFE, "changes the result"
    )
    return Report(
        findings=(
            Finding(
                "TL501",
                "stale-gradients",
                "`optimizer` steps on gradients of earlier batches",
                Category.CORRECTNESS,
                Confidence.HIGH,
                step,
                (Evidence(backward, "gradients are added here"),),
                fix,
            ),
            Finding("TL102", "uncentered-input", "never centred", Category.ADVICE, Confidence.MEDIUM, at(path, 2, 22, 30)),
        ),
        files=3,
        followed=1,
        sources={path: TEXT},
    )


def test_full(path: Path) -> None:
    """A person reads where, what, the marked line, and each place that it rests on with its own marked line."""
    assert "\n".join(full(report_on(path), Terminal())) == (
        "train.py:4:5: error TL501 stale-gradients\n"
        "  `optimizer` steps on gradients of earlier batches\n"
        "      4 │     optimizer.step()\n"
        "        │     ^^^^^^^^^^^^^^^^\n"
        "  train.py:3:2: gradients are added here\n"
        "      3 │     loss.backward()\n"
        "        │     ---------------\n"
        "  fix (unsafe): clear the gradients first\n"
        "\n"
        "train.py:2:22: info TL102 uncentered-input (medium confidence)\n"
        "  never centred\n"
        "      2 │     loss = criterion(model(x), y)\n"
        "        │                      ^^^^^^^^\n"
    )


def test_colour_changes_no_text(path: Path) -> None:
    """A report in colour says what a plain one says, and no style runs on past its text."""
    import re

    coloured = "\n".join(full(report_on(path), Terminal(colour=True)))
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == "\n".join(full(report_on(path), Terminal()))


def test_a_narrow_terminal_is_not_overrun(path: Path) -> None:
    """Messages wrap, and long source lines are cut around what is marked; only the heading with its link stays whole."""
    lines = list(full(report_on(path), Terminal(width=36)))
    assert max(len(line) for line in lines if line.startswith(" ")) <= 36
    assert "  `optimizer` steps on gradients of" in lines


def marked(text: str, span: Span, width: int | None = None) -> list[str]:
    """An excerpt without its gutter."""
    return [
        line.partition("│ ")[2] for line in excerpt(span, Report(sources={span.path: text}), Terminal(width=width), mark="^", style="red")
    ]


def test_the_mark_stands_under_what_it_marks(path: Path) -> None:
    """Tabs and wide characters move the mark as they move the text."""
    assert marked("x = '漢字'\t+ yy\n", at(path, 1, 12, 14)) == ["x = '漢字'  + yy", "              ^^"]


def test_a_span_of_several_rows_is_marked_in_its_first(path: Path) -> None:
    """A call over several lines is shown by the line where it starts."""
    assert marked("loss = f(\n    x,\n)\n", Span(path, Position(1, 8), Position(3, 2))) == ["loss = f(", "       ^^"]


def test_rows_are_those_of_python(path: Path) -> None:
    """A form feed or an exotic line separator starts no new row; every kind of newline does."""
    assert marked("x = 1\x0c\u2028\r\ny = 2\rz = 3\n", at(path, 3, 1, 2)) == ["z = 3", "^"]


def test_a_point_is_marked_too(path: Path) -> None:
    """A syntax error has no length, and may stand behind the last character."""
    assert marked("for x in y\n", at(path, 1, 11, 11)) == ["for x in y", "          ^"]


def test_a_place_that_is_not_in_the_text_shows_no_line(path: Path) -> None:
    """Of a file that cannot be read, only the place is shown."""
    assert marked("", at(path, 1, 1, 1)) == []
    assert list(excerpt(at(path, 1, 1, 1), Report(), Terminal(), mark="^", style="red")) == []


def test_a_source_line_cannot_command_the_terminal(path: Path) -> None:
    """Control characters in a program are shown, not obeyed."""
    assert "\x1b" not in "".join(marked("x = '\x1b[2J'\n", at(path, 1, 1, 2)))


@pytest.mark.parametrize("start", [1, 40, 96])
def test_a_long_line_is_cut_around_the_mark(path: Path, start: int) -> None:
    """What is marked stays visible wherever in the line it stands."""
    line = "".join(f"a{n:03}_" for n in range(20))
    text, mark = marked(line, at(path, 1, start, start + 5), width=40)
    shown = text[len(mark) - 5 : len(mark)]
    assert shown == line[start - 1 : start + 4]
    assert len(text) <= 30


def test_a_file_elsewhere_is_named_whole(tmp_path: Path, path: Path) -> None:
    """A path outside the current folder can still be opened."""
    report = report_on(path)
    (tmp_path / "inner").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "inner")
        assert next(concise(report, Terminal())).startswith(f"{path}:4:5: ")


def test_concise(path: Path) -> None:
    """One line says where and what."""
    assert list(concise(report_on(path), Terminal())) == [
        "train.py:4:5: TL501 stale-gradients: `optimizer` steps on gradients of earlier batches",
        "train.py:2:22: TL102 uncentered-input: never centred",
    ]


def test_json(path: Path) -> None:
    """A program reads an array of rows in the shape of Ruff's, with evidence beside."""

    def place(row: int, start: int, end: int) -> dict[str, object]:
        return {"cell": None, "filename": str(path), "location": {"row": row, "column": start}, "end_location": {"row": row, "column": end}}

    first, second = json.loads(json_rows(report_on(path)))
    assert first == {
        "code": "TL501",
        "name": "stale-gradients",
        "message": "`optimizer` steps on gradients of earlier batches",
        "severity": "error",
        "confidence": "high",
        "category": "correctness",
        **place(4, 5, 21),
        "evidence": [{**place(3, 2, 17), "message": "gradients are added here"}],
        "fix": {
            "applicability": "unsafe",
            "message": "clear the gradients first",
            "edits": [{"content": "optimizer.zero_grad()\n", **place(4, 5, 5)}],
        },
        "url": None,
    }
    assert (second["severity"], second["confidence"], second["evidence"], second["fix"]) == ("info", "medium", [], None)


def test_an_empty_report_is_an_empty_array() -> None:
    """Nothing found is valid JSON too."""
    assert json.loads(json_rows(Report())) == []


def test_the_closing_line(path: Path) -> None:
    """The last line says what was found and how much of the program that rests on."""
    report = report_on(path)
    lost = Report(files=1, unfollowed=(Unfollowed(path, 7, "too many steps"),))
    assert list(closing(report, verbose=False)) == [
        "Found 1 error, 1 info. 1 fixable with --fix --unsafe-fixes. Checked 3 files, followed 1 training loop."
    ]
    assert list(closing(Report(files=1), verbose=True)) == ["No findings. Checked 1 file, found no training loop."]
    assert list(closing(lost, verbose=False)) == [
        "No findings. Checked 1 file, followed 0 training loops, could not follow 1 (--verbose says which and why)."
    ]
    assert list(closing(lost, verbose=True)) == [
        "train.py:7: training loop not followed: too many steps",
        "No findings. Checked 1 file, followed 0 training loops, could not follow 1.",
    ]


def test_a_failure_shows_its_traceback_when_asked(path: Path) -> None:
    """Whoever reports a mistake in trainlint can say where it is."""
    report = Report(files=1, internal_errors=(InternalError(path, "`stale-gradients`", "KeyError: 1", "Traceback\n  line\n"),))
    assert list(closing(report, verbose=True))[:3] == ["train.py: `stale-gradients` failed: KeyError: 1", "Traceback", "  line"]
    assert "--verbose" in list(closing(report, verbose=False))[-1]
