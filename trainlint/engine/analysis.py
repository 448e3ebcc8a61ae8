"""One check: the files in groups that belong together, each judged anew or as it was judged before."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress as suppress_error
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trainlint.bindings.import_graph import Component, ImportGraph
from trainlint.bindings.importers import ImportIndex, KnownImporters, python_files
from trainlint.engine.cache import Cache, Inputs
from trainlint.engine.discovery import discover
from trainlint.engine.garbage import collect_much, uncollected
from trainlint.engine.gate import may_train
from trainlint.engine.policy import Policy
from trainlint.engine.report import Progress, Report, in_order, notebooks_in, unwatched
from trainlint.engine.selection import Selection
from trainlint.engine.stored import plain, restored
from trainlint.settings.resolution import Resolution
from trainlint.source.reading import SUFFIX, UnreadableFile
from trainlint.source.texts import Texts

if TYPE_CHECKING:
    from trainlint.program.training_program import TrainingProgram

T = TypeVar("T")


def check(
    paths: "Iterable[str | os.PathLike[str]]",
    selection: Selection | None = None,
    progress: Progress = unwatched,
    resolution: Resolution | None = None,
    index: ImportIndex | None = None,
    *,
    suppress: bool = True,
    cache_folder: Path | None = None,
    inputs: Inputs | None = None,
) -> Report:
    """What the rules find in these files and folders. Neither they nor what they import is ever executed.

    The settings are those of `resolution`; without it no configuration file is read, and `selection` alone says what runs.
    `index` holds the texts where they are not those on the disk, and what is known from an earlier check. Without `suppress`,
    suppression comments mean nothing. In `cache_folder`, results are kept for the next check; `inputs` is told what this
    one has looked at.
    """
    resolution = resolution or settings_for(selection)
    texts = index.texts if index is not None else Texts()
    places = [Path(path) for path in paths]
    files = discover(places, resolution, texts)
    cache = Cache.open(cache_folder, texts)
    _validate(resolution, files, cache)
    folders = [place.resolve() for place in places if place.is_dir()]
    graph = ImportGraph(cache.facts, tuple(os.fspath(folder) for folder in folders))
    settings = {os.fspath(file): resolution.of_file(file) for file in files}
    reports: list[Report] = []
    pending: list[tuple[Component, str]] = []
    for component in graph.components(list(settings), _project(graph, list(settings), folders)):
        key = cache.key(component, settings, suppress_comments=suppress) if component.trains else ""
        if (known := cache.load(key)) is not None and (report := restored(known)) is not None:
            reports.append(report)
        elif component.trains:
            pending.append((component, key))
    read = count()
    for component, key in _tidily(pending):
        targets = [Path(path) for path in component.targets]
        known_importers = KnownImporters(texts, {Path(path): tuple(map(Path, others)) for path, others in component.importers})
        report = _fresh(
            targets, folders, known_importers, Policy(resolution, targets), partial(_read, progress, read, len(files)), suppress=suppress
        )
        if not report.internal_errors and cache.is_unchanged(component.files):
            cache.store(key, plain(report))
        if index is None:
            texts.forget_except(set())
        reports.append(report)
    cache.close()
    if inputs is not None:
        inputs.roots, inputs.files, inputs.folders = graph.roots, cache.files(), graph.folders()
        inputs.settings = tuple(os.fspath(source) for each in settings.values() for source in each.sources)
    return _together(reports, len(files), texts)


def _tidily(items: Iterable[T]) -> Iterator[T]:
    """The items, without garbage collection but for what is left of earlier ones as soon as it is much: looking takes time."""
    with uncollected():
        for item in items:
            collect_much()
            yield item


def _validate(resolution: Resolution, files: Sequence[Path], cache: Cache) -> None:
    """Raises for a rule that is misspelt, whether or not there is anything to check."""
    doubtful = {id(settings): (file, settings) for file in files if (settings := resolution.of_file(file)).names_rules}
    for file, settings in doubtful.values():
        if not cache.is_valid(settings):
            Policy(resolution, [file]).validate()
            cache.validated(settings)


def _project(graph: ImportGraph, files: Sequence[str], folders: Sequence[Path]) -> Iterator[str]:
    """The files that may import one of those that are checked: those of the folders that were named, and of the projects around files."""
    inside = tuple(os.path.join(folder, "") for folder in folders)  # noqa: PTH118 - texts are quick
    outside = {os.path.dirname(file) for file in files if not file.startswith(inside)}  # noqa: PTH120
    roots = dict.fromkeys([*folders, *(Path(graph.project_root(folder)) for folder in sorted(outside))])
    graph.roots = tuple(os.fspath(root) for root in roots)
    yield from dict.fromkeys(os.fspath(file) for root in roots for file in python_files(root))


def _read(progress: Progress, read: "Iterator[int]", total: int, file: Path) -> None:
    progress(f"reading {file.name}", min(next(read), total), total)


def _fresh(
    targets: Sequence[Path],
    folders: Sequence[Path],
    index: ImportIndex,
    policy: Policy,
    progress: "Callable[[Path], None]",
    *,
    suppress: bool,
) -> Report:
    """The report of some files that are checked together."""
    from trainlint.engine.judgement import judge
    from trainlint.program.analysis import analyse

    program = analyse(targets, folders, progress, index)
    return judge(program, targets, policy.rules, texts=index.texts, policy=policy, suppress=suppress)


def _together(reports: Sequence[Report], files: int, texts: Texts) -> Report:
    """One report of several, with the texts that are needed to show it."""
    findings = in_order(finding for report in reports for finding in report.findings)
    sources: dict[Path, str] = {}
    for span in (span for finding in findings for span in (finding.span, *(evidence.span for evidence in finding.evidence))):
        if span.path not in sources:
            with suppress_error(UnreadableFile):
                sources[span.path] = texts.read(span.path)
    for path in {loop.path for report in reports for loop in report.unfollowed if loop.path.suffix == SUFFIX}:
        with suppress_error(UnreadableFile):
            sources.setdefault(path, texts.read(path))
    return Report(
        findings,
        files,
        sum(report.followed for report in reports),
        tuple(loop for report in reports for loop in report.unfollowed),
        tuple(error for report in reports for error in report.internal_errors),
        sources,
        notebooks_in(sources),
    )


def settings_for(selection: Selection | None) -> Resolution:
    """The settings that say no more than a selection does."""
    selection = selection or Selection()
    return Resolution({name: getattr(selection, name) for name in ("select", "ignore", "preview", "extend_select")}, isolated=True)


def abstract_run(
    paths: "Iterable[str | os.PathLike[str]]", progress: Progress = unwatched, resolution: Resolution | None = None
) -> "TrainingProgram | None":
    """What happens in these files and folders, before any rule is asked; None where nothing trains."""
    places = [Path(path) for path in paths]
    files = discover(places, resolution)
    if not any(may_train(file) for file in files):
        return None
    with uncollected():
        return _analysed(places, files, progress)


def _analysed(places: Iterable[Path], files: Sequence[Path], progress: Progress, index: "ImportIndex | None" = None) -> "TrainingProgram":
    from trainlint.program.analysis import analyse

    folders = [place for place in places if place.is_dir()]
    read = count()
    return analyse(files, folders, lambda file: progress(f"reading {file.name}", next(read), len(files)), index)
