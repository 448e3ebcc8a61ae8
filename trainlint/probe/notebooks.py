"""Notebooks as they are run: the code cells in order as one program, in the rows in which the analyzer sees them."""

from pathlib import Path

from trainlint.engine.usage import UsageError
from trainlint.source.reading import SUFFIX, UnreadableFile, read


def is_notebook(path: Path) -> bool:
    """Whether a file is a notebook, by its name."""
    return path.suffix == SUFFIX


def program_text(path: Path) -> str:
    """The program that is in a file. Raises UsageError where there is none."""
    try:
        return read(path)
    except UnreadableFile as error:
        raise UsageError(str(error)) from error


def as_python(text: str) -> str:
    """A notebook's program in which the agent is asked to do what only IPython understands; every row stays in its place."""
    from trainlint.source.magics import blank_magics
    from trainlint.source.preparation import Rows, prepare

    return blank_magics(Rows(prepare(text).text), lambda told: f"get_ipython().told({told!r})").text
