"""Which file an import means, and which files import a given one."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from trainlint.bindings.importers import MAX_FILES, python_files
from trainlint.bindings.workspace import Workspace

TRAINING = "import torch\n"


def lay(folder: Path, files: Iterable[str], text: str = TRAINING) -> None:
    """Makes files, with the folders that they are in."""
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder: Path, name: str, importer: str = "main.py", level: int = 0, roots: tuple[str, ...] = (".",)) -> str | None:
    """The file that an import means, from the folder."""
    path = Workspace([folder / root for root in roots]).resolve(name, folder / importer, level)
    return None if path is None else path.relative_to(folder).as_posix()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("models", "models.py"),
        ("pkg", "pkg/__init__.py"),
        ("pkg.a", "pkg/a.py"),
        ("pkg.deep.b", "pkg/deep/b.py"),
        ("plain", "plain"),
        ("plain.c", "plain/c.py"),
        ("empty", None),
        ("nothing", None),
        ("pkg.nothing", None),
        ("models.nothing", None),
        ("text", None),
    ],
)
def test_modules_packages_and_folders(tmp_path: Path, name: str, file: str | None) -> None:
    """A module is a file, a package its `__init__.py`, a folder of Python files is a package without one, and nothing else is anything."""
    lay(
        tmp_path, ["main.py", "models.py", "pkg/__init__.py", "pkg/a.py", "pkg/deep/__init__.py", "pkg/deep/b.py", "plain/c.py", "text.txt"]
    )
    (tmp_path / "empty").mkdir()
    assert found(tmp_path, name) == file


def test_a_package_wins_over_a_module(tmp_path: Path) -> None:
    """Where there is `models/__init__.py` and `models.py`, Python takes the package; a folder without one comes last."""
    lay(tmp_path, ["main.py", "models.py", "models/__init__.py", "data.py", "data/a.py"])
    assert found(tmp_path, "models") == "models/__init__.py"
    assert found(tmp_path, "data") == "data.py"


def test_the_folder_of_the_script_comes_first(tmp_path: Path) -> None:
    """Of two files with the name, the one beside the script is meant."""
    lay(tmp_path, ["models.py", "scripts/train.py", "scripts/models.py"])
    assert found(tmp_path, "models", "scripts/train.py") == "scripts/models.py"


def test_the_root_of_the_package(tmp_path: Path) -> None:
    """A module of a package imports the package by its name."""
    lay(tmp_path, ["lib/pkg/__init__.py", "lib/pkg/a.py", "lib/pkg/deep/__init__.py", "lib/pkg/deep/b.py"])
    assert found(tmp_path, "pkg.a", "lib/pkg/deep/b.py", roots=()) == "lib/pkg/a.py"


@pytest.mark.parametrize("mark", ["pyproject.toml", "setup.py", "setup.cfg", ".git/config"])
@pytest.mark.parametrize("at", ["pkg", "src/pkg"])
def test_the_root_of_the_project(tmp_path: Path, mark: str, at: str) -> None:
    """A script in a folder of the project imports what lies in its root or in `src`."""
    lay(tmp_path, [mark, "tools/deep/train.py", f"{at}/__init__.py", f"{at}/models.py"])
    assert found(tmp_path, "pkg.models", "tools/deep/train.py", roots=()) == f"{at}/models.py"


def test_a_folder_that_was_named_is_a_root(tmp_path: Path) -> None:
    """Without any mark of a project, the folder that trainlint was given stands for its root."""
    lay(tmp_path, ["tools/train.py", "models.py"])
    assert found(tmp_path, "models", "tools/train.py") == "models.py"
    assert found(tmp_path, "models", "tools/train.py", roots=()) is None


def test_the_nearest_mark_is_the_root(tmp_path: Path) -> None:
    """A project inside of another one does not see what lies outside."""
    lay(tmp_path, ["pyproject.toml", "models.py", "examples/mnist/pyproject.toml", "examples/mnist/tools/train.py"])
    assert found(tmp_path, "models", "examples/mnist/tools/train.py", roots=()) is None


def test_folders_between_script_and_root(tmp_path: Path) -> None:
    """A folder between the script and the root is looked into as well: people add it to the path."""
    lay(tmp_path, ["pyproject.toml", "research/models.py", "research/runs/train.py"])
    assert found(tmp_path, "models", "research/runs/train.py", roots=()) == "research/models.py"


def test_a_script_is_not_its_own_import(tmp_path: Path) -> None:
    """`import train` in train.py means another train.py, or nothing."""
    lay(tmp_path, ["train.py"])
    assert found(tmp_path, "train", "train.py") is None
    lay(tmp_path, ["src/train.py"])
    (tmp_path / "pyproject.toml").touch()
    assert found(tmp_path, "train", "train.py") == "src/train.py"


@pytest.mark.parametrize(
    ("name", "level", "importer", "file"),
    [
        ("a", 1, "pkg/main.py", "pkg/a.py"),
        ("deep.b", 1, "pkg/main.py", "pkg/deep/b.py"),
        ("", 1, "pkg/main.py", "pkg/__init__.py"),
        ("a", 2, "pkg/deep/b.py", "pkg/a.py"),
        ("", 2, "pkg/deep/b.py", "pkg/__init__.py"),
        ("a", 1, "pkg/__init__.py", "pkg/a.py"),
        ("a", 1, "pkg/deep/b.py", None),
        ("models", 1, "pkg/main.py", None),
    ],
)
def test_relative_imports(tmp_path: Path, name: str, level: int, importer: str, file: str | None) -> None:
    """Dots go up from the importing module's package, and nowhere else is looked."""
    lay(tmp_path, ["models.py", "pkg/__init__.py", "pkg/main.py", "pkg/a.py", "pkg/deep/__init__.py", "pkg/deep/b.py"])
    assert found(tmp_path, name, importer, level) == file


# Files that import a given one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "import models",
        "import models as m",
        "import os, models",
        "from models import Net",
        "from models import *",
        "from pkg.models import Net",
        "from pkg import models",
        "from pkg import a, models as m",
        "from . import models",
        "from .models import Net",
        "from pkg import (\n    a,\n    models,\n)",
        "import pkg.models",
        "def f():\n    from models import Net",
        "try:\n\timport models\nexcept ImportError:\n\tpass",
    ],
)
def test_importers(tmp_path: Path, statement: str) -> None:
    """Every spelling of an import of a module is found, wherever it stands."""
    lay(tmp_path, ["models.py"])
    (tmp_path / "use.py").write_text(f"import torch\n{statement}\n", encoding="utf-8")
    lay(tmp_path, ["other.py"], "import torch\nimport modelling\nfrom modelsx import models_\n# import models\n")
    assert list(Workspace([tmp_path]).importers(tmp_path / "models.py")) == [tmp_path / "use.py"]


def test_importers_of_a_package(tmp_path: Path) -> None:
    """A package is imported by its name, which is that of its folder."""
    lay(tmp_path, ["pkg/__init__.py"])
    lay(tmp_path, ["use.py"], "import torch\nfrom pkg import Net\n")
    lay(tmp_path, ["quiet.py"], "from pkg import Net\n")
    assert list(Workspace([tmp_path]).importers(tmp_path / "pkg/__init__.py")) == [tmp_path / "use.py"], (
        "a file without training code is none"
    )


def test_what_is_not_searched(tmp_path: Path) -> None:
    """Hidden folders, environments, installed packages and what lies outside of the roots are not searched for importers."""
    lay(tmp_path, ["project/models.py"])
    for name in ("project/.hidden/a.py", "project/venv/a.py", "project/x/site-packages/a.py", "project/build/a.py", "outside.py"):
        lay(tmp_path, [name], "import torch\nimport models\n")
    (tmp_path / "project/link").symlink_to(tmp_path)
    assert list(Workspace([tmp_path / "project"]).importers(tmp_path / "project/models.py")) == []
    assert list(Workspace([]).importers(tmp_path / "project/models.py")) == []


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    """A link to itself is no file, and no reason to find none of the others."""
    (tmp_path / "around").symlink_to(tmp_path / "around")
    (tmp_path / "around.py").symlink_to(tmp_path / "around.py")
    (tmp_path / "nowhere.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "train.py").touch()
    assert list(python_files(tmp_path)) == [tmp_path / "train.py"]


def test_the_search_is_bounded(tmp_path: Path) -> None:
    """No more than so many files are looked at, in the order of their paths."""
    for number in range(MAX_FILES + 10):
        (tmp_path / f"f{number:05}.py").touch()
    files = list(python_files(tmp_path))
    assert len(files) == MAX_FILES
    assert files == sorted(files)


def test_a_file_is_read_once(tmp_path: Path) -> None:
    """A file is parsed once; one that cannot be read is remembered with the reason."""
    lay(tmp_path, ["a.py"])
    (tmp_path / "b.py").write_bytes(b"import torch\0")
    workspace = Workspace([tmp_path])
    assert workspace.load(tmp_path / "a.py") is workspace.load(tmp_path / "a.py")
    assert workspace.load(tmp_path / "b.py") is None
    assert "NUL" in workspace.unreadable[tmp_path / "b.py"]
    assert workspace.load(tmp_path / "c.py") is None


def test_roots_are_without_links(tmp_path: Path) -> None:
    """A root that is a link, or a file, or not there, is no other root."""
    lay(tmp_path, ["project/models.py", "project/tools/train.py"])
    (tmp_path / "link").symlink_to(tmp_path / "project")
    workspace = Workspace([tmp_path / "link", tmp_path / "nowhere", tmp_path / "project/models.py"])
    assert workspace.roots == (tmp_path / "project",)
