"""A progress bar for a run that takes long, on a terminal alone."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import rich.progress

PATIENCE = 1.0
"""Seconds that a run may take before it shows how far it is."""


class Progress:
    """Called with what is being done, how much of it is done and how much there is; gone without a trace at the end."""

    def __init__(self, stream: TextIO) -> None:
        """Draws on this stream if it is a terminal."""
        self._stream = stream if stream.isatty() else None
        self._since = time.monotonic()
        self._bar: rich.progress.Progress | None = None

    def __enter__(self) -> "Progress":  # noqa: PYI034 - `Self` needs Python 3.11
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Shows it, once the run has taken long enough."""
        if self._stream is None or time.monotonic() - self._since < PATIENCE:
            return
        if self._bar is None:
            self._bar = self._start(self._stream)
        self._bar.update(self._bar.task_ids[0], description=what, completed=done, total=total)

    @staticmethod
    def _start(stream: TextIO) -> "rich.progress.Progress":
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(file=stream), transient=True)
        bar.add_task("")
        bar.start()
        return bar
