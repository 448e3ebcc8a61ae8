"""Which files a check looks at."""

from pathlib import Path

import pytest

from trainlint.engine.discovery import discover
from trainlint.engine.usage import UsageError
from trainlint.settings.resolution import Resolution


def tree(root: Path, *files: str) -> None:
    """Creates empty files."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()


def found(root: Path, *paths: str) -> list[str]:
    """What is discovered, relative to a folder."""
    return [file.relative_to(root).as_posix() for file in discover(root / path for path in paths)]


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    """The order does not depend on how the file system lists a folder."""
    tree(tmp_path, "b.py", "a/z.py", "a/c.py", "notes.txt", "a/types.pyi")
    assert found(tmp_path, ".") == ["a/c.py", "a/z.py", "b.py"]


def test_folders_without_user_code_are_skipped(tmp_path: Path) -> None:
    """What tools and package managers put into a project is not checked."""
    tree(
        tmp_path, "train.py", ".git/a.py", ".venv/a.py", "venv/a.py", "node_modules/x/a.py", "build/a.py", ".tox/a.py", "x/__pycache__/a.py"
    )
    tree(tmp_path, "my_environment/pyvenv.cfg", "my_environment/lib/a.py", "env/gym_like.py")
    assert found(tmp_path, ".") == ["env/gym_like.py", "train.py"]


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    """A path that the user names is checked whatever its name: a folder called build, a script without a suffix."""
    tree(tmp_path, "build/train.py", "bin/train")
    assert found(tmp_path, "build", "bin/train") == ["bin/train", "build/train.py"]


def test_each_file_once(tmp_path: Path) -> None:
    """A file that is named twice, or reached through a link as well, is checked once."""
    tree(tmp_path, "a.py")
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    assert found(tmp_path, "a.py", ".", "a.py") == ["a.py"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    """A folder that contains a link to itself is walked once."""
    tree(tmp_path, "code/a.py")
    (tmp_path / "code" / "again").symlink_to(tmp_path / "code", target_is_directory=True)
    assert found(tmp_path, ".") == ["code/a.py"]


def test_relative_paths_are_those_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path means what it means to every other command."""
    tree(tmp_path, "code/a.py")
    monkeypatch.chdir(tmp_path / "code")
    assert discover(["../code/a.py"]) == [tmp_path / "code" / "a.py"]


@pytest.mark.parametrize("path", ["nowhere", "nowhere/train.py"])
def test_a_missing_path_is_named(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt path is an error that repeats it, not a clean report."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=f"there is no file or folder `{path}`"):
        discover([path])


@pytest.mark.parametrize("repository", [True, False])
def test_git_knows_what_is_generated(tmp_path: Path, *, repository: bool) -> None:
    """What git ignores is no code of the user's: a nearer `.gitignore` wins, one outside of a repository means nothing."""
    tree(tmp_path, "a.py", "out/b.py", "keep_out.py", "sub/out.py", "sub/local.py", "sub/keep.py")
    (tmp_path / ".gitignore").write_text("# generated\n/out\n*keep*.py\n", encoding="utf-8")
    (tmp_path / "sub" / ".gitignore").write_text("/local.py\n!keep.py\n", encoding="utf-8")
    if repository:
        (tmp_path / ".git").mkdir()
    everything = ["a.py", "keep_out.py", "out/b.py", "sub/keep.py", "sub/local.py", "sub/out.py"]
    assert found(tmp_path, ".") == (["a.py", "sub/keep.py", "sub/out.py"] if repository else everything)
    assert found(tmp_path, "out", "keep_out.py") == ["keep_out.py", "out/b.py"], "what is named is taken"
    relaxed = discover([tmp_path], Resolution({"respect_gitignore": False}))
    assert len(relaxed) == len(everything)


def test_named_files_are_excluded_when_that_is_forced(tmp_path: Path) -> None:
    """pre-commit names every changed file; `force-exclude` keeps the excluded ones out, also by a folder above them."""
    tree(tmp_path, "gen/deep/a.py", "b.py", "build/c.py")
    (tmp_path / "trainlint.toml").write_text('extend-exclude = ["gen"]\n', encoding="utf-8")
    named = [tmp_path / "gen/deep/a.py", tmp_path / "b.py", tmp_path / "build/c.py"]
    assert len(discover(named, Resolution())) == 3
    assert discover(named, Resolution({"force_exclude": True})) == [tmp_path / "b.py"]


def test_a_checkout_in_a_folder_of_an_excluded_name_is_checked(tmp_path: Path) -> None:
    """Patterns relate to the configuration: what the folders above it are called is no concern of theirs."""
    tree(tmp_path, "build/project/train.py", "build/project/trainlint.toml")
    project = tmp_path / "build" / "project"
    assert discover([project / "train.py"], Resolution({"force_exclude": True})) == [project / "train.py"]


def test_notebooks_are_checked_too(tmp_path: Path) -> None:
    """In a folder and by name, but not what an editor keeps of them."""
    tree(tmp_path, "train.ipynb", ".ipynb_checkpoints/train-checkpoint.ipynb")
    assert found(tmp_path, ".") == found(tmp_path, "train.ipynb") == ["train.ipynb"]
