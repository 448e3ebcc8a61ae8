"""How far a long run is."""

import io

import pytest

from trainlint.cli import progress
from trainlint.cli.progress import Progress


class Tty(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def shown(stream: io.StringIO) -> str:
    """What a run of three steps writes."""
    with Progress(stream) as report:
        for done in range(3):
            report("reading", done, 3)
    return stream.getvalue()


def test_a_long_run_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the user sees that something happens, and nothing of it remains."""
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setenv("TERM", "xterm")
    text = shown(Tty())
    assert "reading" in text
    assert text.endswith("\x1b[2K"), "the line is wiped out"


def test_a_short_run_shows_nothing() -> None:
    """A bar that flashes up for a moment would only disturb."""
    assert shown(Tty()) == ""


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no one watches, nothing is written."""
    monkeypatch.setattr(progress, "PATIENCE", 0)
    assert shown(io.StringIO()) == ""
