"""A real VS Code loads the packaged extension: what a user sees, and what never runs."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors.test_neovim import PROGRAM
from tests.editors.vscode import code
from tests.server.test_sessions import NETWORK, SOFTMAX, TRAINING
from trainlint import __version__

TRUSTED = {"security.workspace.trust.enabled": False}
FAULTY = PROGRAM.replace("    optimizer.zero_grad()\n", "")
MARK = "import pathlib\npathlib.Path({path!r}).touch()\n"
WRAPPER = '#!/bin/sh\necho "$0" >> {log}\nexec {python} "$@"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a faulty script."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "train.py").write_text(FAULTY, encoding="utf-8")
    return folder


def test_what_a_user_sees(project: Path, tmp_path: Path) -> None:
    """Squiggles, the page in the hover, the Problems panel; typing, the lamp, and a server that is killed."""
    with code(project, tmp_path / "profile", {**TRUSTED, "trainlint.interpreter": sys.executable}) as vscode:
        saw, log = vscode.play("editing", project / "train.py"), vscode.log()
    assert saw["squiggles"] == 2
    assert "softmax-before-cross-entropy (TL302)" in saw["hover"]
    assert "Why it matters" in saw["hover"]
    assert sum("\ntrainlint\nTL" in row for row in saw["problems"]) == 2
    assert saw["badge"].split() == ["2", "0"], "nothing is shown twice"
    assert sorted(saw["afterComment"]) == ["TL302", "TL501"]
    assert saw["afterClearing"] == ["TL302"]
    assert saw["onDisk"] == FAULTY, "nothing was saved"
    assert any("ignore stale-gradients for this line" in row for row in saw["offered"])
    assert "optimizer.zero_grad()" in saw["fixed"]
    assert saw["afterFix"] == ["TL302"]
    assert saw["afterKill"] == ["TL302"]
    assert saw["afterKillInWriting"] == ["TL302"]
    assert sys.executable in log


def test_several_folders(project: Path, tmp_path: Path) -> None:
    """Each script imports from its own folder; squiggles go where their file goes, and with it."""
    other = tmp_path / "two"
    other.mkdir()
    (project / "net.py").write_text(NETWORK, encoding="utf-8")
    (other / "net.py").write_text(NETWORK.replace(*SOFTMAX), encoding="utf-8")
    (other / "other.py").write_text(TRAINING, encoding="utf-8")
    workspace = tmp_path / "both.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": "project"}, {"path": "two"}]}), encoding="utf-8")
    with code(workspace, tmp_path / "profile", {**TRUSTED, "trainlint.interpreter": sys.executable}) as vscode:
        saw = vscode.play("folders", project / "train.py", TO_DELETE=str(other / "other.py"))
    assert names(saw["both"]) == {"train.py", "other.py"}
    assert names(saw["renamed"]) == {"renamed.py", "other.py"}
    assert names(saw["deleted"]) == {"renamed.py"}


def names(rows: list[str]) -> set[str]:
    """The files at the head of the problems' rows, each followed by its folder without a space between."""
    return {row[: row.index(".py") + 3] for row in rows}


def hostile(project: Path, marker: Path, log: Path) -> None:
    """Adds modules that leave a mark when they run, an environment whose Python says that it was started, and a wish to use that."""
    for name in ("pygls.py", "libcst/__init__.py", "sitecustomize.py", "typing.py", "lsprotocol/__init__.py"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(MARK.format(path=str(marker)), encoding="utf-8")
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    wrapper(python, log)
    (project / ".vscode").mkdir()
    settings = '{"trainlint.interpreter": "${workspaceFolder}/.venv/bin/python"}'
    (project / ".vscode" / "settings.json").write_text(settings, encoding="utf-8")


def wrapper(place: Path, log: Path) -> None:
    """Makes a Python that writes down that it was started."""
    place.write_text(WRAPPER.format(log=log, python=sys.executable), encoding="utf-8")
    place.chmod(0o755)


def test_the_server_itself(project: Path, tmp_path: Path) -> None:
    """The entry in the status bar says how it is; commands and settings start it anew; one that ends again and again is left alone."""
    another, log = tmp_path / "another", tmp_path / "started"
    wrapper(another, log)
    with code(project, tmp_path / "profile", {**TRUSTED, "trainlint.interpreter": sys.executable}) as vscode:
        saw = vscode.play("life", project / "train.py", ANOTHER=str(another))
    for entry in (saw["ready"], saw["again"]):
        assert f"trainlint {__version__}" in entry
        assert sys.executable in entry
        assert "Restart" in entry
    assert "switched off" in saw["off"]
    assert str(another) in saw["another"]
    assert log.exists()
    assert "no Python with trainlint was found" in saw["failed"]
    assert "Set Interpreter" in saw["failed"]
    assert "the server" in saw["stopped"]
    assert "Restart" in saw["stopped"]


@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
def test_a_hostile_folder(project: Path, tmp_path: Path, *, trusted: bool) -> None:
    """Its modules never run. Its interpreter runs where it is trusted, and the user's where it is not, until it is."""
    marker, log, own = tmp_path / "executed", tmp_path / "started", tmp_path / "python"
    hostile(project, marker, log)
    wrapper(own, log)
    settings: dict[str, Any] = {"security.workspace.trust.enabled": not trusted, "trainlint.interpreter": str(own)}
    path = {"PATH": os.pathsep.join([str(project), str(project / ".venv" / "bin"), ".", os.environ["PATH"]]), "PYTHONPATH": _path(project)}
    with code(project, tmp_path / "profile", settings, path) as vscode:
        saw = vscode.play("opening" if trusted else "trust", project / "train.py")
        said = vscode.log()
    theirs = str(project / ".venv" / "bin" / "python")
    assert not marker.exists()
    assert log.exists(), said
    assert list(dict.fromkeys(log.read_text(encoding="utf-8").split())) == ([theirs] if trusted else [str(own), theirs])
    if not trusted:
        assert str(own) in saw["untrusted"]
        assert theirs in saw["trusted"]


def _path(project: Path) -> str:
    """A path of modules on which the folder itself is, by name and by being where one happens to be."""
    return os.pathsep.join([str(project), ".", *sys.path])


def test_nothing_works(project: Path, tmp_path: Path) -> None:
    """One message says what is missing and what to do, with buttons that lead there."""
    python = tmp_path / "bare"
    python.write_text("#!/bin/sh\necho 'no module named trainlint' >&2\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    with code(project, tmp_path / "profile", {**TRUSTED, "trainlint.interpreter": str(python)}) as vscode:
        saw = vscode.play("nothing", project / "train.py")
    assert "no module named trainlint" in saw["message"]
    assert "pip install 'trainlint[server]'" in saw["message"]
    assert saw["buttons"] == ["Set Interpreter", "Show Logs"]
    assert saw["squiggles"] == 0
