"""What changes in a file, as `patch` and `git apply` read it."""

import difflib
from pathlib import Path

from trainlint.reporting.places import shown_path

NO_NEWLINE = "\\ No newline at end of file\n"


def unified_diff(path: Path, before: str, after: str) -> str:
    """The unified diff of a file; empty where nothing changes. Rows end at line feeds, as `patch` sees it."""
    name = shown_path(path)
    rows = difflib.unified_diff(_rows(before), _rows(after), name, name)
    return "".join(row if row.endswith("\n") else f"{row}\n{NO_NEWLINE}" for row in rows)


def _rows(text: str) -> list[str]:
    rows = [f"{row}\n" for row in text.split("\n")]
    last = rows.pop()[:-1]
    return [*rows, last] if last else rows
