"""Programs that say in their own comments what is to be found in them.

`# expect: rule-name[, rule-name]` stands on each row where a finding starts. `# <- here` does the same in a rule's examples, which
are about one rule alone. In an edge-case file, `# --- title` starts a program of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trainlint.engine.report import Report
from trainlint.engine.selection import ALL, Selection
from trainlint.engine.text import check_text

TESTS = Path(__file__).parent
EVERYTHING = Selection(select=(ALL,), preview=True)
BY_DEFAULT = Selection(preview=True)

Expected = Counter[tuple[int, str]]
"""How many findings of each name start in each row."""


@dataclass(frozen=True)
class Program:
    """One program of an edge-case file; its rows are those of the file."""

    file: Path
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}: {self.title}"


def programs_in(file: Path) -> Iterator[Program]:
    """The programs of an edge-case file, each on the rows where it stands in the file."""
    parts = re.split(r"^# --- (.+)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    row = parts[0].count("\n")
    if parts[0].strip():
        yield Program(file, "first", parts[0])
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        yield Program(file, title, "\n" * (row + 1) + text)
        row += 1 + text.count("\n")


def expected(text: str) -> Expected:
    """What the `# expect:` comments say."""
    found: Expected = Counter()
    for row, line in enumerate(text.splitlines(), start=1):
        for names in re.findall(r"# expect: ([^#]+)", line):
            found.update((row, name) for name in re.findall(r"[\w-]+", names))
    return found


def reported(report: Report, path: Path) -> Expected:
    """What a report says about a file, in the same form."""
    return Counter((finding.span.start.row, finding.name) for finding in report.findings if finding.span.path == path)


def findings_of(text: str) -> Report:
    """What all rules say about a program that stands alone."""
    report = check_text(text, EVERYTHING)
    assert not report.internal_errors, report.internal_errors[0].traceback or report.internal_errors[0].message
    return report
