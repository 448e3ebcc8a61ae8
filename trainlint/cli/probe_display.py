"""How far a probe is, on a terminal alone."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import rich.progress

    from trainlint.probe.probing import Watch


class Display:
    """Shows phase, step, loss and elapsed time; gone without a trace at the end."""

    def __init__(self, stream: TextIO, steps: int, *, started: float, timeout: float) -> None:
        """Draws on this stream if it is a terminal. `started` is when the probe began, of the monotonic clock."""
        self._stream = stream if stream.isatty() else None
        self._steps = steps
        self._bar: rich.progress.Progress | None = None
        self._phase = "starting"
        self._started, self._timeout = started, timeout

    @property
    def watch(self) -> "Watch":
        """What the probe tells of itself."""
        from trainlint.probe.probing import Watch

        return Watch(self._enter, self._move, self._refresh)

    def __enter__(self) -> "Display":  # noqa: PYI034 - `Self` needs Python 3.11
        if self._stream is not None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("step {task.completed:.0f} of {task.total:.0f}"),
                TextColumn("{task.fields[loss]}"),
                TextColumn("{task.fields[elapsed]}"),
            )
            self._bar = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._bar.add_task(self._phase, total=self._steps, loss="", elapsed=self._elapsed())
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def _enter(self, phase: str) -> None:
        self._phase = phase
        if self._bar:
            self._bar.update(self._bar.task_ids[0], description=phase)

    def _move(self, message: Mapping[str, Any]) -> None:
        if self._bar:
            loss = message.get("loss")
            shown = f"loss {loss:.3g}" if isinstance(loss, float) else ""
            done = min(int(message["step"]), self._steps)
            self._bar.update(self._bar.task_ids[0], description=f"{self._phase} ({message.get('phase')})", completed=done, loss=shown)

    def _refresh(self) -> None:
        if self._bar:
            self._bar.update(self._bar.task_ids[0], elapsed=self._elapsed())

    def _elapsed(self) -> str:
        """Rich's own clock stands still as soon as all steps are made, and costs are measured after them."""
        return f"{time.monotonic() - self._started:.0f} of at most {self._timeout:.0f} s"
