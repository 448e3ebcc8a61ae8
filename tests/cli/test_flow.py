"""Standard input, counts, baselines, watching, completion."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_commands import FAULTY, folder, run  # noqa: F401 - a fixture
from trainlint.engine.catalogue import all_rules


def piped(text: str, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Runs `trainlint check` with a text on its standard input."""
    command = [sys.executable, "-m", "trainlint", "check", *arguments]
    return subprocess.run(command, cwd=cwd, input=text, capture_output=True, text=True, encoding="utf-8", check=False)


def test_standard_input(tmp_path: Path) -> None:
    """`-` is a file like any other, under the name that it is given and beside the files that are there."""
    done = piped(FAULTY, "-", "--output-format", "concise", cwd=tmp_path)
    assert (done.returncode, done.stdout.partition(" ")[0]) == (1, "<stdin>:8:5:")
    (tmp_path / "net.py").write_text("from torch import nn\nmodel = nn.Sequential(nn.Linear(4, 9), nn.Softmax(1))\n", encoding="utf-8")
    text = "import torch\nfrom net import model\nfor x, y in loader:\n    torch.nn.functional.cross_entropy(model(x), y)\n"
    done = piped(text, "-", "--stdin-filename", "new.py", "--select", "TL302", "--output-format", "json", cwd=tmp_path)
    assert [(row["filename"], row["code"]) for row in json.loads(done.stdout)] == [(str(tmp_path / "new.py"), "TL302")]
    assert not (tmp_path / "new.py").exists()


def test_the_fixes_of_standard_input(tmp_path: Path) -> None:
    """The text goes to standard output with its fixes made, what is left to say elsewhere."""
    done = piped(FAULTY, "-", "--fix", "--unsafe-fixes", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == FAULTY.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")
    assert "No findings." in done.stderr
    assert "+    optimizer.zero_grad()\n" in piped(FAULTY, "-", "--diff", "--unsafe-fixes", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-", "clean.py"], "`-` is checked alone"),
        (["clean.py", "--stdin-filename", "x.py"], "there is no `-` among the paths"),
        (["--write-baseline"], "the file that --baseline names"),
        (["--baseline", "none.json"], "there is no baseline `none.json`; --write-baseline writes it"),
        (["--baseline", "clean.py"], "`clean.py` is no baseline of trainlint's"),
    ],
)
def test_mistakes(folder: Path, arguments: list[str], words: str) -> None:  # noqa: F811
    """Each is one line that says what to do."""
    done = run("check", *arguments, folder=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_statistics(folder: Path) -> None:  # noqa: F811
    """Counts by rule, the most frequent first, with what can be fixed; as JSON too."""
    (folder / "again.py").write_text(FAULTY, encoding="utf-8")
    done = run("check", "--statistics", "-q", folder=folder)
    assert done.stdout == "2  TL501  [*]  stale-gradients\n1  TL001  [ ]  syntax-error\n"
    rows = json.loads(run("check", "--statistics", "--output-format", "json", folder=folder).stdout)
    assert rows[0] == {"code": "TL501", "name": "stale-gradients", "count": 2, "fixable": 2}


def test_a_baseline(folder: Path) -> None:  # noqa: F811
    """What is known is not shown, though its rows have moved; what is new is."""
    assert run("check", "--baseline", "known.json", "--write-baseline", folder=folder).returncode == 0
    known = json.loads((folder / "known.json").read_text(encoding="utf-8"))["findings"]
    assert {(each["path"], each["code"]) for each in known} == {("faulty.py", "TL501"), ("broken.py", "TL001")}
    (folder / "faulty.py").write_text("# a row more\n\n" + FAULTY, encoding="utf-8")
    done = run("check", "--baseline", "known.json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "2 known by the baseline.\n")
    inner = run("check", "..", "--baseline", "../known.json", "-q", folder=make(folder / "inner"))
    assert (inner.returncode, inner.stdout, inner.stderr) == (0, "", "")
    (folder / "new.py").write_text(FAULTY, encoding="utf-8")
    done = run("check", "--baseline", "known.json", "--output-format", "concise", "-q", folder=folder)
    assert (done.returncode, done.stdout.splitlines()[0].partition(":")[0], len(done.stdout.splitlines())) == (1, "new.py", 1)


def make(path: Path) -> Path:
    """A new folder."""
    path.mkdir()
    return path


def test_how_much_is_said(folder: Path) -> None:  # noqa: F811
    """`--quiet` shows findings alone, `--exit-zero` never fails, `--color` and the environment decide on colour."""
    assert run("check", "clean.py", "--quiet", folder=folder).stdout == ""
    done = run("check", "faulty.py", "--exit-zero", folder=folder)
    assert (done.returncode, "TL501" in done.stdout) == (0, True)
    assert run("check", "nowhere.py", "--exit-zero", folder=folder).returncode == 2
    assert "\x1b[" in run("check", "faulty.py", "--color", "always", folder=folder).stdout
    assert "\x1b[" in run("check", "faulty.py", folder=folder, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("check", "faulty.py", folder=folder, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[" not in run("check", "faulty.py", "--color", "never", folder=folder, FORCE_COLOR="1").stdout


def test_watching(tmp_path: Path) -> None:
    """A change is answered by a new check, until the user has seen enough."""
    path = tmp_path / "train.py"
    path.write_text(FAULTY, encoding="utf-8")
    command = [sys.executable, "-u", "-m", "trainlint", "check", "--watch", "--output-format", "concise"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        assert "train.py:8:5: TL501" in process.stdout.readline()
        process.stdout.readline()
        time.sleep(1)
        path.write_text("\n" + FAULTY, encoding="utf-8")
        assert "train.py:9:5: TL501" in process.stdout.readline()
    finally:
        process.terminate()
        process.communicate()


def test_a_shell_completes(tmp_path: Path) -> None:
    """The script knows commands and options, and bash can read it."""
    script = run("generate-shell-completion", "bash", folder=tmp_path).stdout
    assert "--per-file-ignores" in script
    (tmp_path / "completion").write_text(script, encoding="utf-8")
    assert subprocess.run(["/usr/bin/env", "bash", "-n", "completion"], cwd=tmp_path, check=False).returncode == 0


def test_every_option_of_the_environment(folder: Path) -> None:  # noqa: F811
    """Format and cache can be chosen once for all commands."""
    place = folder / "elsewhere"
    done = run("check", "faulty.py", folder=folder, TRAINLINT_OUTPUT_FORMAT="json", TRAINLINT_CACHE_DIR=os.fspath(place))
    assert json.loads(done.stdout)[0]["code"] in {rule.code for rule in all_rules()}
    assert place.is_dir()
    assert not (folder / ".trainlint_cache").exists()
