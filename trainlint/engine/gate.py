"""Whether there is anything to analyse, decided on text alone: loading the parser takes longer than most checks would."""

from collections.abc import Iterator
from pathlib import Path

from trainlint.bindings.import_graph import ROOT_MARKS, imports_in
from trainlint.source.reading import UnreadableFile, mentions_training
from trainlint.source.texts import Texts


def may_train(path: Path, texts: Texts | None = None) -> bool:
    """Whether a file mentions a training library, imports code of its own project that may, or cannot be read."""
    texts = texts or Texts()
    try:
        text = texts.read(path)
    except UnreadableFile:
        return True
    return mentions_training(text) or any(_is_beside(path, module, texts) for module, _ in imports_in(text))


def _is_beside(path: Path, module: str, texts: Texts) -> bool:
    top = module.partition(".")[0]
    return not top or any((folder / top).is_dir() or texts.is_file(folder / f"{top}.py") for folder in _search_path(path))


def _search_path(path: Path) -> Iterator[Path]:
    """The file's folder and those above it, up to the root of the project and its `src`."""
    yield path.parent
    root = next((folder for folder in path.parents if any((folder / mark).exists() for mark in ROOT_MARKS)), path.parent)
    yield from (root, root / "src")
    yield from (folder for folder in path.parents if root in folder.parents)
