"""The analyzer at work beside the run: what it finds in time counts, and nobody waits for the rest."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.bindings.importers import ImportIndex
from trainlint.engine.analysis import check
from trainlint.engine.report import Report
from trainlint.source.texts import Texts

if TYPE_CHECKING:
    from trainlint.settings.resolution import Resolution

_STACK = 64 * 1024 * 1024
"""Bytes. The thread follows calls as deep as the main thread may."""
_PAUSE = 0.1


class Late(Exception):
    """Nobody waits for this analysis any more."""


class Analyst:
    """Checks a program in a thread of its own, while the program runs in its process: both take their time, at once.

    The trees of a check are kept for the next one.
    """

    def __init__(self, resolution: "Resolution") -> None:
        """The settings are those of `resolution`."""
        self._resolution = resolution
        self._index = ImportIndex(Texts())
        self._last: _Check | None = None

    def begin(self, files: Sequence[Path]) -> None:
        """Starts to check these files."""
        self._last = _Check(self._resolution, self._index, files)

    def report(self, files: Sequence[Path], *, until: float, tick: Callable[[], None]) -> tuple[Report, str]:
        """What is found in these files, and in one sentence what could not be done before `until` (of the monotonic clock), if anything.

        `tick` is called some ten times a second meanwhile. Raises what the analysis raised.
        """
        last = self._last
        if last is None or not last.ended(until, tick):
            return Report(), "the analysis was not finished in time: the verdicts come from the run alone"
        known = last.result()
        if set(files) <= set(last.files):
            return known, ""
        more = _Check(self._resolution, self._index, files)
        if more.ended(until, tick):
            return more.result(), ""
        names = ", ".join(file.name for file in files if file not in last.files)
        return known, f"the analysis of {names} was not finished in time: for these files the verdicts come from the run alone"

    def end(self) -> None:
        """Nobody waits any more."""
        if self._last is not None:
            self._last.wanted = False


class _Check:
    """One check in a thread, which ends with this process at the latest."""

    def __init__(self, resolution: "Resolution", index: ImportIndex, files: Sequence[Path]) -> None:
        self.files = files
        self.wanted = True
        self._resolution, self._index = resolution, index
        self._report: Report | None = None
        self._error: BaseException | None = None
        before = threading.stack_size(_STACK)
        try:
            self._thread = threading.Thread(target=self._work, name="trainlint analysis", daemon=True)
            self._thread.start()
        finally:
            threading.stack_size(before)

    def ended(self, until: float, tick: Callable[[], None]) -> bool:
        """Waits for the end; False where it does not come in time, and then the check is given up."""
        while self._thread.is_alive() and time.monotonic() < until:
            self._thread.join(_PAUSE)
            tick()
        self.wanted = not self._thread.is_alive()
        return self.wanted

    def result(self) -> Report:
        """The report of a check that has ended."""
        if self._error is not None:
            raise self._error
        assert self._report is not None
        return self._report

    def _work(self) -> None:
        try:
            self._report = check(self.files, progress=self._progress, resolution=self._resolution, index=self._index)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            self._error = error

    def _progress(self, *_: object) -> None:
        if not self.wanted:
            raise Late
