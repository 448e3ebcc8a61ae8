"""Notebooks on the command line."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import FAULTY, run
from tests.source.test_notebooks import notebook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notebook with a fault over two cells, between text, magics and another language."""
    head, _, loop = FAULTY.partition("for x, y")
    cells = (
        ("markdown", "# Training"),
        ("code", "%load_ext autoreload\n!pip install torch\n" + head),
        ("code", "%%bash\nls | for broken in"),
        ("code", "%%time\nfor x, y" + loop),
        ("code", "model?"),
    )
    (tmp_path / "train.ipynb").write_text(notebook(*cells), encoding="utf-8")
    return tmp_path


def test_findings_stand_in_cells(folder: Path) -> None:
    """In every format a finding has its cell, and its row in it."""
    done = run("check", "--output-format", "concise", folder=folder)
    assert done.stdout.startswith("train.ipynb:cell 4:5:5: TL501 ")
    assert done.returncode == 1
    full = run("check", folder=folder).stdout
    assert "train.ipynb:cell 4:5:5: error TL501" in full
    assert "      5 │     optimizer.step()\n" in full
    row = json.loads(run("check", "--output-format", "json", folder=folder).stdout)[0]
    assert (row["cell"], row["location"], row["evidence"][0]["cell"]) == (4, {"row": 5, "column": 5}, 4)
    log = json.loads(run("check", "--output-format", "sarif", folder=folder).stdout)
    assert log["runs"][0]["results"][0]["locations"][0]["logicalLocations"][0]["name"] == "cell 4"


def test_fixes_and_comments_are_written_into_cells(folder: Path) -> None:
    """The code changes, outputs and metadata do not; `--diff` is what `patch` makes of the file."""
    path = folder / "train.ipynb"
    before = path.read_text(encoding="utf-8")
    diff = run("check", "--diff", "--unsafe-fixes", folder=folder).stdout
    assert run("check", "--fix", "--unsafe-fixes", folder=folder).returncode == 0
    after = path.read_text(encoding="utf-8")
    assert "    optimizer.zero_grad()\n" in json.loads(after)["cells"][3]["source"]
    assert [{**cell, "source": ""} for cell in json.loads(after)["cells"]] == [
        {**cell, "source": ""} for cell in json.loads(before)["cells"]
    ]
    path.write_text(before, encoding="utf-8")
    subprocess.run(
        ["/usr/bin/env", "patch", "-p0"],
        cwd=folder,
        input=diff,
        text=True,
        capture_output=True,
        check=True,
    )
    assert path.read_text(encoding="utf-8") == after
    path.write_text(before, encoding="utf-8")
    assert run("check", "--add-ignore", folder=folder).stdout == "Suppressed 1 finding in 1 file.\n"
    assert "    optimizer.step()  # trainlint: ignore[TL501]\n" in json.loads(path.read_text(encoding="utf-8"))["cells"][3]["source"]
    assert run("check", folder=folder).returncode == 0


def test_what_is_no_notebook(folder: Path) -> None:
    """A broken one is reported, and other files are checked."""
    (folder / "broken.ipynb").write_text("{", encoding="utf-8")
    done = run("check", "--output-format", "concise", folder=folder)
    assert "broken.ipynb:1:1: TL002 unreadable-file: this file is no notebook" in done.stdout
    assert "TL501" in done.stdout
