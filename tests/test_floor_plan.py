"""The architecture is what the floor plan says, and nothing heavy or foreign is loaded behind the user's back."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TRAINING = """\
import pathlib
import torch

pathlib.Path(__file__).with_name("executed").touch()
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([(torch.zeros(4), 0)]):
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""


def modules_after(program: str, folder: Path) -> set[str]:
    """The top-level packages that a program has loaded when it ends."""
    program += "\nimport sys\nprint('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_imports_only_point_down_the_floor_plan() -> None:
    """The contracts in pyproject.toml hold."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_loads_nothing(tmp_path: Path) -> None:
    """`import trainlint` is free: the linter is loaded by the first call."""
    loaded = modules_after("import trainlint", tmp_path) - modules_after("import typing", tmp_path)
    assert loaded <= {"trainlint"}


def test_the_version_loads_nothing(tmp_path: Path) -> None:
    """`trainlint --version` loads neither the parser nor a rule nor anything for a terminal."""
    program = "from trainlint.cli.main import main\ntry:\n    main(['--version'])\nexcept SystemExit:\n    pass"
    assert modules_after(program, tmp_path).isdisjoint({"libcst", "rich", "dataclasses", "importlib_metadata", "email"})


def test_a_file_without_training_code_is_not_parsed(tmp_path: Path) -> None:
    """The parser is loaded only for a file that may train something."""
    (tmp_path / "script.py").write_text("import json\n", encoding="utf-8")
    loaded = modules_after("from trainlint.cli.main import main\nassert main(['check', 'script.py']) == 0", tmp_path)
    assert loaded.isdisjoint({"libcst", "rich"})


@pytest.mark.parametrize("output_format", ["full", "json"])
def test_a_check_executes_nothing_of_the_user(tmp_path: Path, output_format: str) -> None:
    """Training code is read, never run; torch and the server are not loaded even where they are installed."""
    (tmp_path / "train.py").write_text(TRAINING, encoding="utf-8")
    program = f"from trainlint.cli.main import main\nassert main(['check', 'train.py', '--output-format', {output_format!r}]) == 1"
    loaded = modules_after(program, tmp_path)
    assert "libcst" in loaded, "the file was analysed"
    assert loaded.isdisjoint({"torch", "numpy", "pygls", "lsprotocol", "trainlint_server", "rich", "train"})
    assert not (tmp_path / "executed").exists()
