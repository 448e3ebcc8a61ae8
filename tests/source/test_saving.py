"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from trainlint.source.saving import UnsavedFile, save


def complaint(path: Path, before: str, after: str) -> str:
    """Why a file is not written."""
    with pytest.raises(UnsavedFile) as error:
        save(path, before, after)
    assert [each.name for each in path.parent.iterdir()] in ([path.name], []), "nothing is left behind"
    return error.value.reason


def test_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    """Someone else's work is never overwritten."""
    path = tmp_path / "train.py"
    path.write_text("new\n", encoding="utf-8")
    assert complaint(path, "old\n", "fixed\n") == "was changed by someone else meanwhile"
    assert path.read_text(encoding="utf-8") == "new\n"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It does not come back."""
    assert complaint(tmp_path / "train.py", "old\n", "fixed\n") == "cannot be written (no such file or directory)"


def test_a_character_that_the_encoding_lacks(tmp_path: Path) -> None:
    """The file stays as it is."""
    path = tmp_path / "train.py"
    path.write_text("# coding: ascii\n", encoding="utf-8")
    assert "lacks a character" in complaint(path, "# coding: ascii\n", "# coding: ascii\nä")


def test_a_write_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk damages nothing and leaves nothing behind."""
    path = tmp_path / "train.py"
    path.write_text("old\n", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert complaint(path, "old\n", "fixed\n") == "cannot be written (no space left on device)"
    assert path.read_text(encoding="utf-8") == "old\n"
