"""The command line, run for real."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import trainlint
from trainlint.engine.catalogue import all_rules

FAULTY = """\
import torch

model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([(torch.zeros(4), 0)], shuffle=True):
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
"""
BROKEN = "import torch\n\nfor x in loader\n    pass\n"


def run(*arguments: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs `trainlint` as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "trainlint", *arguments],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a clean script, one with a fault, and one that does not parse."""
    (tmp_path / "clean.py").write_text("print('no training here')\n", encoding="utf-8")
    (tmp_path / "faulty.py").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_a_clean_file(folder: Path) -> None:
    """Nothing found: one line says so, and the exit status is 0."""
    done = run("check", "clean.py", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "No findings. Checked 1 file, found no training loop.\n", "")


def test_a_fault(folder: Path) -> None:
    """A fault is shown with its line and its reasons, and the exit status is 1."""
    done = run("check", "faulty.py", folder=folder)
    assert done.returncode == 1
    assert "faulty.py:8:5: error TL501 stale-gradients\n" in done.stdout
    assert "      8 │     optimizer.step()\n" in done.stdout
    assert "followed 1 training loop.\n" in done.stdout
    assert done.stderr == ""


def test_advice_never_fails_a_build(folder: Path) -> None:
    """Findings of severity info leave the exit status at 0."""
    done = run("check", "faulty.py", "--select", "missing-gradient-clipping", "--output-format", "json", folder=folder)
    assert {row["severity"] for row in json.loads(done.stdout)} <= {"info"}
    assert done.returncode == 0


def test_json_is_alone_on_its_stream(folder: Path) -> None:
    """A program can read standard output; the closing line goes elsewhere."""
    done = run("check", "faulty.py", "--no-cache", "--output-format", "json", folder=folder)
    rows = json.loads(done.stdout)
    assert "stale-gradients" in {row["name"] for row in rows}
    assert {row["filename"] for row in rows} == {str(folder / "faulty.py")}
    assert "Checked 1 file" in done.stderr
    assert run("check", "clean.py", "--output-format", "json", folder=folder).stdout == "[]\n"


def test_a_file_that_does_not_parse(folder: Path) -> None:
    """TL001 stands at the row and column of the problem, and other files are checked all the same."""
    (folder / "old.py").write_text("print 'Python 2'\n", encoding="utf-8")
    done = run("check", "--output-format", "concise", folder=folder)
    assert done.returncode == 1
    assert "broken.py:3:16: TL001 syntax-error: " in done.stdout
    assert "faulty.py:8:" in done.stdout
    assert "old.py" not in done.stdout, "a file that has nothing to do with training is not judged"
    assert "Checked 4 files" in done.stdout


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    """TL002 says that a file was not checked, and why."""
    (folder / "binary.py").write_bytes(b"import torch\0\xff")
    done = run("check", "binary.py", "--output-format", "concise", folder=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("binary.py:1:1: TL002 unreadable-file: ")


def test_everything_is_suppressed_at_once(folder: Path) -> None:
    """A project that begins with trainlint writes a comment beside all that is found; what cannot be suppressed is counted."""
    done = run("check", "--add-ignore=known since 2024", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "Suppressed 1 finding in 1 file; 1 cannot be suppressed by a comment.\n"
    assert "    optimizer.step()  # trainlint: ignore[TL501] known since 2024\n" in (folder / "faulty.py").read_text(encoding="utf-8")
    assert run("check", "faulty.py", folder=folder).stdout.startswith("No findings.")
    assert run("check", "faulty.py", "--ignore-suppressions", folder=folder).returncode == 1


def test_an_output_file(folder: Path) -> None:
    """Findings go to the file that was named, without colour."""
    done = run("check", "faulty.py", "--output-format", "concise", "--output-file", "report.txt", folder=folder, FORCE_COLOR="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "TL501 stale-gradients" in (folder / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere.py"], "there is no file or folder `nowhere.py`"),
        (["check", "clean.py", "--select", "stale-gradient"], "did you mean `stale-gradients`?"),
        (["check", "clean.py", "--ignore", "TL999"], "there is no rule `TL999`"),
        (["check", "clean.py", "--output-format", "xml"], "invalid choice: 'xml'"),
        (["check", "clean.py", "--outptu", "x"], "unrecognized arguments: --outptu"),
        (["check", "clean.py", "-o", "no/such/folder/x.txt"], "the output file `no/such/folder/x.txt` cannot be written"),
        (["rule", "stale-gradient"], "did you mean `stale-gradients`?"),
        (["explode"], "invalid choice: 'explode'"),
        ([], "COMMAND"),
    ],
)
def test_a_mistake_is_answered_in_one_line(folder: Path, arguments: list[str], words: str) -> None:
    """Wrong usage ends with status 2 and one line that says what is wrong: no traceback, no page of usage."""
    done = run(*arguments, folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_failure_of_trainlint_is_one_line_too(folder: Path) -> None:
    """A mistake in trainlint itself ends with status 2; the traceback waits for --verbose."""
    program = (
        "import sys, trainlint.engine.analysis as d\n"
        "def fail(*_): raise KeyError('lost')\n"
        "d.discover = fail\n"
        "from trainlint.cli.main import main\n"
        "sys.exit(main(['check', *sys.argv[1:]]))"
    )
    for arguments, lines in (([], 1), (["--verbose"], 5)):
        done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert "a mistake in trainlint itself: KeyError: 'lost'" in done.stderr.splitlines()[-1]
        assert len(done.stderr.splitlines()) >= lines
        assert ("Traceback" in done.stderr) == bool(arguments)


def test_a_reader_that_has_seen_enough(folder: Path) -> None:
    """`trainlint rules | head -1` ends without a complaint."""
    process = subprocess.Popen([sys.executable, "-m", "trainlint", "rules"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_a_page(folder: Path) -> None:
    """`trainlint rule` takes a code or a name."""
    by_name, by_code = run("rule", "syntax-error", folder=folder), run("rule", "tl001", folder=folder)
    assert by_name.returncode == by_code.returncode == 0
    assert by_name.stdout == by_code.stdout == trainlint.explain("TL001")


def test_the_catalogue(folder: Path) -> None:
    """`trainlint rules` lists every rule."""
    done = run("rules", folder=folder)
    assert done.returncode == 0
    assert all(f"{rule.code}  {rule.name} " in done.stdout for rule in all_rules())


def test_the_version(folder: Path) -> None:
    """`trainlint --version` names it."""
    assert run("--version", folder=folder).stdout == f"trainlint {trainlint.__version__}\n"


@pytest.mark.parametrize(("arguments", "limit"), [(["--version"], 0.1), (["check", "clean.py"], 0.15)])
def test_starting_takes_no_time(folder: Path, arguments: list[str], limit: float) -> None:
    """What needs no analysis is answered at once, also on every save of a file without training code."""

    def seconds() -> float:
        """The processor time of a run: what else the machine does is no fault of trainlint's."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run(*arguments, folder=folder).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(7)) < limit
