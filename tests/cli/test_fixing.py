"""`--fix` and its kin, run for real."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import FAULTY, run

FIXED = FAULTY.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")
PATCH = shutil.which("patch")
UNSAFE = ("--fix", "--unsafe-fixes")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script with a fault whose fix changes the training."""
    path = tmp_path / "faulty.py"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def test_fixes_are_offered(script: Path) -> None:
    """A report says what can be fixed, and how."""
    done = run("check", "faulty.py", folder=script.parent)
    assert "  fix (unsafe): Clear the gradients once per step\n" in done.stdout
    assert "1 fixable with --fix --unsafe-fixes." in done.stdout
    assert script.read_text(encoding="utf-8") == FAULTY


def test_a_row_of_json_holds_the_fix(script: Path) -> None:
    """In the shape that Ruff made common."""
    (row,) = json.loads(run("check", "faulty.py", "--output-format", "json", folder=script.parent).stdout)
    assert row["fix"]["applicability"] == "unsafe"
    assert row["fix"]["message"] == "Clear the gradients once per step"
    (edit,) = row["fix"]["edits"]
    assert edit["content"] == "    optimizer.zero_grad()\n"
    assert edit["location"] == edit["end_location"] == {"row": 7, "column": 1}


def test_unsafe_fixes_have_to_be_asked_for(script: Path) -> None:
    """`--fix` alone never changes what a training gives."""
    done = run("check", "faulty.py", "--fix", folder=script.parent)
    assert done.returncode == 1
    assert done.stdout.endswith("Nothing to fix.\n")
    assert script.read_text(encoding="utf-8") == FAULTY


def test_fix(script: Path) -> None:
    """The file is changed where it must be, and what is left is reported: nothing."""
    done = run("check", "faulty.py", *UNSAFE, "--show-fixes", "--exit-non-zero-on-fix", folder=script.parent)
    assert done.returncode == 1, "a hook can tell that a file was changed"
    assert done.stdout == (
        "No findings. Checked 1 file, followed 1 training loop.\n"
        "Fixed 1 finding in 1 file.\n"
        "  faulty.py\n"
        "    TL501 stale-gradients: Clear the gradients once per step\n"
    )
    assert script.read_text(encoding="utf-8") == FIXED
    assert run("check", "faulty.py", *UNSAFE, "--exit-non-zero-on-fix", folder=script.parent).returncode == 0


def test_fix_only(script: Path) -> None:
    """Findings without a fix are not shown, and do not count."""
    script.write_text(FAULTY + "criterion = torch.nn.CrossEntropyLoss(\n", encoding="utf-8")
    done = run("check", "faulty.py", "--fix-only", "--unsafe-fixes", folder=script.parent)
    assert (done.returncode, done.stdout) == (0, "Nothing to fix.\n"), "a file that does not parse is left alone"
    script.write_text(FAULTY, encoding="utf-8")
    done = run("check", "faulty.py", "--fix-only", "--unsafe-fixes", folder=script.parent)
    assert (done.returncode, done.stdout) == (0, "Fixed 1 finding in 1 file.\n")


@pytest.mark.skipif(PATCH is None, reason="there is no `patch`")
def test_diff(script: Path) -> None:
    """Nothing is written, the exit status tells that there is something, and `patch` makes of it what `--fix` does."""
    done = run("check", "faulty.py", "--diff", "--unsafe-fixes", folder=script.parent)
    assert (done.returncode, done.stderr) == (1, "Would fix 1 finding in 1 file.\n")
    assert script.read_text(encoding="utf-8") == FAULTY
    assert PATCH is not None
    subprocess.run([PATCH, "-p0"], input=done.stdout, cwd=script.parent, check=True, text=True, capture_output=True)
    assert script.read_text(encoding="utf-8") == FIXED
    assert run("check", "faulty.py", "--diff", "--unsafe-fixes", folder=script.parent).returncode == 0


def test_what_a_file_is_made_of_stays(script: Path) -> None:
    """Encoding, byte order mark, line endings and permissions are the user's."""
    text = FAULTY.replace("\n", "\r\n")
    expected = FIXED.replace("\n", "\r\n")
    for encoding, head in (("utf-8-sig", ""), ("latin-1", "# coding: latin-1\r\n")):
        script.write_bytes((head + "# größer\r\n" + text).encode(encoding))
        script.chmod(0o751)
        assert run("check", "faulty.py", *UNSAFE, folder=script.parent).returncode == 0
        assert script.read_bytes() == (head + "# größer\r\n" + expected).encode(encoding)
        assert stat.S_IMODE(script.stat().st_mode) == 0o751
    assert list(script.parent.iterdir()) == [script], "nothing is left behind"


def test_a_file_outside_is_left_alone(script: Path) -> None:
    """Only files that were named are changed, even where the cure lies in another one."""
    network = "import torch\n\nclass Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    network += "        self.out = torch.nn.Linear(4, 2)\n\n    def forward(self, x):\n        return torch.softmax(self.out(x), 1)\n"
    script.with_name("net.py").write_text(network, encoding="utf-8")
    program = FIXED.replace("model = torch.nn.Linear(4, 2)", "from net import Net\nmodel = Net()")
    script.write_text(program, encoding="utf-8")
    assert run("check", "faulty.py", *UNSAFE, folder=script.parent).returncode == 1
    assert script.with_name("net.py").read_text(encoding="utf-8") == network
    assert run("check", "faulty.py", "net.py", *UNSAFE, folder=script.parent).returncode == 0
    assert "        return self.out(x)\n" in script.with_name("net.py").read_text(encoding="utf-8")
