"""Checks of texts that are in an editor and not on the disk."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import libcst
import pytest

from trainlint.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

NETWORK = """\
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        return self.softmax(self.fc(x))
"""
TRAINING = """\
import torch
from net import Net

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = torch.nn.CrossEntropyLoss()
for x, y in loader:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two files, one with the network, the other with the training loop."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "net.py").write_text(NETWORK, encoding="utf-8")
    (tmp_path / "train.py").write_text(TRAINING, encoding="utf-8")
    return tmp_path.resolve()


def names(session: Session, path: Path, texts: dict[Path, str]) -> list[str]:
    """The rules that find something in the file."""
    return [finding.name for finding in session.check(path, texts).findings]


def test_the_text_of_the_editor_is_checked(project: Path) -> None:
    """Not what is on the disk; and that again once the editor has let go of the file."""
    session, path = Session(), project / "train.py"
    assert names(session, path, {}) == ["softmax-before-cross-entropy"]
    assert "stale-gradients" in names(session, path, {path: TRAINING.replace("    optimizer.zero_grad()\n", "")})
    assert names(session, path, {}) == ["softmax-before-cross-entropy"]


def test_other_texts_of_the_editor_count(project: Path) -> None:
    """A module that is imported is read from the editor as well, whether it was ever saved or not."""
    session, path = Session(), project / "train.py"
    cured = NETWORK.replace("self.softmax(self.fc(x))", "self.fc(x)")
    assert names(session, path, {project / "net.py": cured}) == []
    (project / "net.py").unlink()
    session.files_changed()
    assert names(session, path, {}) == []
    assert names(session, path, {project / "net.py": NETWORK}) == ["softmax-before-cross-entropy"]


def test_importers_of_the_editor_count(project: Path) -> None:
    """A network is judged by the file that trains it, even while that import is not yet saved."""
    session, path = Session(), project / "net.py"
    assert names(session, path, {}) == ["softmax-before-cross-entropy"]
    unsaved = {project / "train.py": TRAINING.replace("from net import Net", "from other import Net")}
    assert names(session, path, unsaved) == []
    (project / "train.py").unlink()
    session.files_changed()
    assert names(session, path, {project / "train.py": TRAINING}) == ["softmax-before-cross-entropy"]


def test_a_change_on_the_disk_is_seen(project: Path) -> None:
    """Of files that are not in the editor."""
    session, path = Session(), project / "train.py"
    assert names(session, path, {}) == ["softmax-before-cross-entropy"]
    (project / "net.py").write_text(NETWORK.replace("self.softmax(self.fc(x))", "self.fc(x)"), encoding="utf-8")
    assert names(session, path, {}) == []


def test_an_edit_parses_one_chunk(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has not changed keeps its tree, in this file and in the others."""
    session, path = Session(), project / "train.py"
    text = TRAINING + "".join(f"\n\ndef f{number}(x):\n" + "    x = x + 1\n" * 20 + "    return x\n" for number in range(20))
    session.check(path, {path: text})
    parsed: list[str] = []
    parse = libcst.parse_module

    def watched(source: str) -> libcst.Module:
        parsed.append(source)
        return parse(source)

    monkeypatch.setattr("trainlint.source.assembly.parse_module", watched)
    session.check(path, {path: text})
    assert parsed == []
    session.check(path, {path: text.replace("def f7(x):", "def f7(x, y):")})
    assert len(parsed) == 1
    assert "def f7(x, y)" in parsed[0]


def test_a_keystroke_walks_no_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who imports whom is found out once, not after each edit; a big folder without the mark of a project costs no more."""
    session, path = Session(), project / "train.py"
    session.check(path, {path: TRAINING})
    walked: list[str] = []
    scan = os.scandir

    def watched(folder: str) -> "Iterator[os.DirEntry[str]]":
        walked.append(folder)
        return scan(folder)

    monkeypatch.setattr("trainlint.bindings.importers.os.scandir", watched)
    session.check(path, {path: TRAINING + "\n"})
    assert walked == []
    session.files_changed()
    session.check(path, {path: TRAINING + "\n"})
    assert walked


def test_a_check_can_be_ended(project: Path) -> None:
    """The one who waits may say that nobody waits any more, and the next check is as good as any."""
    session, path = Session(), project / "train.py"

    class Gone(Exception):
        """Nobody waits."""

    def gone(*_: object) -> None:
        raise Gone

    with pytest.raises(Gone):
        session.check(path, {}, progress=gone)
    assert names(session, path, {}) == ["softmax-before-cross-entropy"]
