"""What stands in the page where there is something to look at."""

from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing."""

    drawing: Markup
    caption: str = ""
    narrow: Markup | None = None
    """Drawn for a narrow screen; None where one drawing fits both."""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a drawing, for whoever cannot see it or wants them exactly."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, or several of a kind, with a sentence that says how to read it."""

    name: str
    """What tells it from every other figure of the page."""
    title: str
    reading: str
    panels: tuple[Panel, ...]
    table: Table = field(default_factory=lambda: Table((), ()))
    small: bool = False
    """Its panels are small, and stand side by side."""
