"""Which files belong together."""

import os
from pathlib import Path

import pytest

from trainlint.bindings.import_graph import FileFacts, ImportGraph, imports_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b as c, d\n", [("a.b", ()), ("d", ())]),
        ("from a.b import (c,  # one\n    d as e,\n)\n", [("a.b", ("c", "d"))]),
        ("from . import x, \\\n    y\n", [(".", ("x", "y"))]),
        ("from ..p import *\n", [("..p", ("*",))]),
        ("if True: import a; from b import c\n", [("a", ()), ("b", ("c",))]),
        ("try:\n\timport a\nexcept ImportError: a = None\n", [("a", ())]),
        ("x = 'important'\n", []),
    ],
)
def test_imports_are_found_by_text(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """Wherever they stand, over several rows, several to a row."""
    assert list(imports_in(text)) == expected


def graph_of(root: Path, files: dict[str, str]) -> tuple[ImportGraph, list[str]]:
    """A graph of files that all train."""
    paths = []
    for name, text in files.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(os.fspath(path))

    def facts(path: str) -> FileFacts | None:
        return None if Path(path).is_dir() else FileFacts("", imports_in(Path(path).read_text(encoding="utf-8")), mentions_training=True)

    return ImportGraph(facts, (os.fspath(root),)), paths


def groups(graph: ImportGraph, paths: list[str]) -> set[frozenset[str]]:
    """The names of the files that belong together."""
    return {frozenset("/".join(Path(path).parts[-2:]) for path in each.targets) for each in graph.components(paths, paths)}


def test_files_of_one_name_in_two_folders_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    """Each script takes the `model` beside it."""
    graph, paths = graph_of(tmp_path, {"a/main": "import model\n", "a/model": "", "b/main": "from model import Net\n", "b/model": ""})
    assert groups(graph, paths) == {frozenset({"a/main.py", "a/model.py"}), frozenset({"b/main.py", "b/model.py"})}


def test_what_is_imported_through_others_belongs_to_it(tmp_path: Path) -> None:
    """Packages, relative imports and modules of modules."""
    graph, paths = graph_of(tmp_path, {"p/__init__": "from .q import r\n", "p/q": "", "main": "import p\n", "other": ""})
    (_, main) = sorted(graph.components(paths, paths), key=lambda each: len(each.targets))
    assert {Path(path).name for path in main.files} == {"__init__.py", "q.py", "main.py"}


def test_who_imports_a_file_is_run_for_it(tmp_path: Path) -> None:
    """Checked alone, a module is met with its importers: the nearest first, none that means another module."""
    files = {"lib/net": "", "use": "from lib.net import Net\n", "far": "import use\n", "elsewhere/run": "import net\n", "elsewhere/net": ""}
    graph, paths = graph_of(tmp_path, files)
    (component,) = graph.components(paths[:1], paths)
    assert component.importers == ((paths[0], (paths[1], paths[2])),)
