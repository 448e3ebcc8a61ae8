"""Where colour is used."""

import io

import pytest

from trainlint.reporting.terminal import Terminal


class Tty(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (Tty(), {}, True),
        (Tty(), {"NO_COLOR": "1"}, False),
        (Tty(), {"NO_COLOR": ""}, True),
        (Tty(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (Tty(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal_alone(
    stream: io.StringIO, environment: dict[str, str], *, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe gets plain text, and the environment has the last word."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Terminal.of(stream).colour is colour


def test_only_a_terminal_has_a_width() -> None:
    """Text in a file or a pipe is never wrapped or cut."""
    assert Terminal.of(io.StringIO()).width is None
    assert Terminal.of(Tty()).width
    assert Terminal(width=4).crop("漢字漢") == "漢…"
