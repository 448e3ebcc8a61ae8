"""The hooks, installed by pre-commit from this repository into a scratch one: a faulty commit is blocked, a clean one passes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import FAULTY
from tests.rings import in_ci

ROOT = Path(__file__).parents[2]
CLEAN = FAULTY.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")

pytestmark = in_ci("it installs trainlint anew")


def git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs git as someone."""
    someone = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org", "-c", "commit.gpgsign=false"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") and key != "PYTHONPATH"}
    return subprocess.run(
        ["/usr/bin/env", "git", *someone, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the files of this one as they are now, committed."""
    folder = tmp_path_factory.mktemp("trainlint")
    names = git(
        ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z", "trainlint", "server", "*.toml", "*.md", ".pre*", "LICENSE"
    )
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("vscode"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    assert git(folder, "commit", "-qm", "All").returncode == 0
    return folder


def test_a_faulty_commit_is_blocked(hooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook says why; the cured file passes, and an excluded one is never looked at."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(hooks.parent / "pre-commit"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    git(tmp_path, "init", "-q")
    revision = git(hooks, "rev-parse", "HEAD").stdout.strip()
    config = f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: trainlint\n"
    (tmp_path / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "trainlint.toml").write_text('extend-exclude = ["generated"]\n', encoding="utf-8")
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "train.py").write_text(FAULTY, encoding="utf-8")
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    (tmp_path / "train.py").write_text(FAULTY, encoding="utf-8")
    git(tmp_path, "add", "-A")
    blocked = git(tmp_path, "commit", "-m", "Train")
    assert blocked.returncode == 1
    assert "train.py:8:5: error TL501" in blocked.stderr
    assert "generated" not in blocked.stderr
    (tmp_path / "train.py").write_text(CLEAN, encoding="utf-8")
    git(tmp_path, "add", "-A")
    passed = git(tmp_path, "commit", "-m", "Train")
    assert passed.returncode == 0, passed.stderr
    (tmp_path / ".pre-commit-config.yaml").write_text(config.replace("id: trainlint", "id: trainlint-fix"), encoding="utf-8")
    (tmp_path / "train.py").write_text(CLEAN + "\n# trainlint: ignore[TL501]\nx = 1\n", encoding="utf-8")
    git(tmp_path, "add", "-A")
    assert git(tmp_path, "commit", "-m", "A comment for nothing").returncode == 1
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == CLEAN + "\nx = 1\n"
