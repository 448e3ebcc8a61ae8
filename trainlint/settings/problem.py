"""The one error that a configuration can hold, and where in the file it stands."""

import os
import re
from pathlib import Path


class SettingsError(Exception):
    """A setting that cannot be followed; the message is one line with file, row and what to do."""


def problem(message: str, source: "Path | None", *words: str) -> SettingsError:
    """The error for a message about `words`: a key, and the value below it that is wrong."""
    if source is None:
        return SettingsError(message)
    row = _row_of(source, words)
    return SettingsError(f"{_shown(source)}{f':{row}' if row else ''}: {message}")


def _row_of(source: Path, words: tuple[str, ...]) -> int | None:
    """The row where the words stand, each looked for from the row of the one before it.

    TOML's parser keeps no places, so they are looked for in the text; a section of another tool is passed over.
    """
    try:
        rows = source.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    start = 0
    if source.name == "pyproject.toml":
        start = next((index for index, row in enumerate(rows) if re.match(r"\s*\[+\s*tool\.trainlint\b", row)), 0)
    found = None
    for word in words:
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        place = next((index for index in range(start, len(rows)) if pattern.search(rows[index].partition(" #")[0])), None)
        if place is None:
            break
        found = start = place
    return None if found is None else found + 1


def _shown(path: Path) -> str:
    here = Path.cwd()
    return os.fspath(path.relative_to(here) if path.is_relative_to(here) else path)


def nearest(word: str, known: "list[str]") -> str:
    """A hint at the known word that was probably meant, or at all of them."""
    import difflib

    close = difflib.get_close_matches(word.lower(), known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"there are {', '.join(f'`{name}`' for name in known)}"
