"""From files to a training program: which entries run, and in which order."""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.bindings.import_graph import MAX_IMPORTERS
from trainlint.bindings.workspace import Workspace
from trainlint.program import following
from trainlint.program.interpreter.entries import run_script, run_unreached
from trainlint.program.interpreter.machine import Machine
from trainlint.program.training_program import TrainingProgram

if TYPE_CHECKING:
    from trainlint.bindings.importers import ImportIndex
    from trainlint.program.run import Run
    from trainlint.program.values import Module

MAX_RECURSION = 3_000
"""Python frames; an abstract call takes about ten of them. LibCST's parser takes minutes over absurdly deep expressions from 8,000 on."""


def analyse(
    targets: Sequence[Path],
    roots: Iterable[Path] = (),
    progress: Callable[[Path], None] = lambda _: None,
    index: "ImportIndex | None" = None,
    most_importers: int = MAX_IMPORTERS,
) -> TrainingProgram:
    """Runs the files as scripts, then a few files that import them, then what none of these has entered.

    `index` holds the texts where they are not those on the disk, and what is known from an earlier analysis.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MAX_RECURSION))
    try:
        return _analysed(targets, Workspace(roots, index), progress, most_importers)
    finally:
        sys.setrecursionlimit(limit)


def _analysed(targets: Sequence[Path], workspace: Workspace, progress: Callable[[Path], None], most_importers: int) -> TrainingProgram:
    targets = [path.resolve() for path in targets]
    workspace.roots = (*workspace.roots, *workspace.projects_of(targets))
    machine = Machine(workspace)
    runs: list[Run] = []
    modules: dict[Path, Module] = {}
    wanted = set(targets)
    scripts = [path for path in targets if workspace.is_relevant(path) or workspace.starts_training(path)]
    importers = [path for target in scripts for path in islice(workspace.importers(target), most_importers) if path not in wanted]
    for path in dict.fromkeys([*scripts, *importers]):
        progress(path)
        if path in wanted:  # what files that import these run is bounded in all
            machine.imported = 0
        run, modules[path] = run_script(machine, path)
        runs.append(run)
    for path in scripts:
        runs.extend(run_unreached(machine, path, modules[path]))
    for path in wanted.difference(scripts):
        workspace.check_readable(path)
    followed, unfollowed = following.judge(runs, [workspace.files[path] for path in scripts if path in workspace.files])
    return TrainingProgram(
        tuple(runs),
        workspace.files,
        followed,
        unfollowed,
        tuple(workspace.unreadable.items()),
        tuple(machine.failures),
    )
