"""What is worth an analysis."""

from pathlib import Path

import pytest

from trainlint.engine.gate import may_train


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a script, a package and a source folder."""
    for file in ("pyproject.toml", "scripts/train.py", "package/__init__.py", "src/models/__init__.py", "helper.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import json, os.path as p\nfrom collections import abc\nprint(1)\n", False),
        ("import torch\n", True),
        ("def f():\n    from torch.optim import SGD\n", True),
        ("import package.engine\n", True),
        ("import os, helper\n", True),
        ("from models import Net\n", True),
        ("from . import anything\n", True),
        ("x = 'imported: nothing'\n", False),
    ],
)
def test_a_file_without_training_code_is_left_alone(project: Path, text: str, *, expected: bool) -> None:
    """A file is analysed if it, or the code of its own project that it imports, may train something."""
    script = project / "scripts" / "train.py"
    script.write_text(text, encoding="utf-8")
    assert may_train(script) is expected


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", "x = 'ä'\n".encode("latin-1"), b"x = 1\0"])
def test_what_cannot_be_read_gets_a_closer_look(project: Path, data: bytes) -> None:
    """A file that cannot be read is reported, not passed over."""
    script = project / "scripts" / "train.py"
    script.write_bytes(data)
    assert may_train(script)


def test_a_vanished_file_gets_a_closer_look(project: Path) -> None:
    """So does a file that is deleted while trainlint runs."""
    assert may_train(project / "gone.py")
