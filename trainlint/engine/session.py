"""Checks files again and again while they are being edited; what has not changed is not read again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.bindings.importers import ImportIndex
from trainlint.engine.analysis import settings_for
from trainlint.engine.garbage import uncollected
from trainlint.engine.gate import may_train
from trainlint.engine.judgement import judge
from trainlint.engine.policy import Policy
from trainlint.engine.report import Progress, Report, unwatched
from trainlint.settings.resolution import Resolution
from trainlint.source.texts import Texts

if TYPE_CHECKING:
    from trainlint.program.training_program import TrainingProgram

MAX_IMPORTERS = 4
"""How many files that import the checked one are run for it: each of them takes its time after every keystroke."""


class Session:
    """What is known from one check to the next: trees, and who imports whom.

    It may be used by one thread at a time.
    """

    def __init__(self) -> None:
        self._texts = Texts()
        self._index = ImportIndex(self._texts)
        self._last: tuple[Path, Mapping[Path, str], TrainingProgram] | None = None
        """The file that was checked last, the texts of the editor then, and the run."""

    def check(
        self,
        path: Path,
        unsaved: Mapping[Path, str],
        roots: Iterable[Path] = (),
        resolution: Resolution | None = None,
        progress: Progress = unwatched,
        most_importers: int = MAX_IMPORTERS,
        *,
        fixes: bool = True,
        again: bool = False,
    ) -> Report:
        """What the rules find in one file under its settings, where the texts of `unsaved` stand before what is on the disk.

        All paths are absolute and without links. `progress` may raise to have a check end that nobody waits for any more. Without
        `fixes`, which take their time, no finding has one. `again` says that nothing on the disk has changed since the last check.
        """
        self._texts.unsaved = dict(unsaved)
        policy = Policy(resolution or settings_for(None), [path])
        policy.validate()
        if not may_train(path, self._texts):
            return Report(files=1)
        with uncollected():
            program = self._last[2] if again and self._last and self._last[:2] == (path, unsaved) else None
            if program is None:
                from trainlint.program.analysis import analyse

                program = analyse([path], roots, lambda file: progress(f"reading {file.name}", 0, 1), self._index, most_importers)
            report = judge(program, [path], policy.rules, progress, self._texts, policy, fixes=fixes)
        self._last = path, dict(unsaved), program
        self._texts.forget_except({*program.files, *unsaved})
        return replace(report, sources={file.path: file.text for file in program.files.values()})

    def files_changed(self) -> None:
        """Files may have come, changed or gone on the disk."""
        self._last = None
        self._index.refresh()
