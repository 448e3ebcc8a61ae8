"""Results are kept, and never out of date."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainlint.cli.main import main
from trainlint.engine import analysis
from trainlint.engine.analysis import check
from trainlint.engine.report import Report
from trainlint.settings.resolution import Resolution

MODEL = """\
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 9)

    def forward(self, x):
        return self.l(x){}
"""
MAIN = """\
import torch
from net import Net

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader(data, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
STALE = """\
import torch

def train(model, loader, optimizer):
    for x, y in loader:
        model(x).sum().backward()
        optimizer.step()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two programs: one of two files, the other alone; old enough for their times to be trusted."""
    root = tmp_path / "project"
    root.mkdir()
    for name, text in (("main.py", MAIN), ("net.py", MODEL.format("")), ("alone.py", STALE), ("other.py", "import json\n")):
        write(root / name, text)
    return root


def write(path: Path, text: str, *, age: float = 60) -> None:
    """Writes a file that was last changed some time ago, as far as its own time tells."""
    path.write_text(text, encoding="utf-8")
    then = time.time() - age
    os.utime(path, (then, then))


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were analysed anew."""
    names: list[str] = []
    fresh = analysis._fresh

    def watched(targets: list[Path], *arguments: object, **options: object) -> Report:
        names.extend(target.name for target in targets)
        return fresh(targets, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(analysis, "_fresh", watched)
    return names


def codes(project: Path, **settings: object) -> list[str]:
    """What a check with a cache finds; what one without finds must be the same."""
    resolution = Resolution(dict(settings))
    cached = check([project], resolution=resolution, cache_folder=project.parent / "cache")
    return [f"{finding.span.path.name} {finding.code}" for finding in cached.findings]


def test_what_has_not_changed_is_not_analysed_again(project: Path, analysed: list[str]) -> None:
    """A second check reads results; the change of one program leaves the other's alone."""
    assert codes(project) == ["alone.py TL501"]
    assert sorted(analysed) == ["alone.py", "main.py", "net.py"]
    analysed.clear()
    assert codes(project) == ["alone.py TL501"]
    assert analysed == []
    write(project / "alone.py", STALE + "\n")
    assert codes(project) == ["alone.py TL501"]
    assert analysed == ["alone.py"]


def test_a_module_that_a_file_was_read_with_counts(project: Path, analysed: list[str]) -> None:
    """The fault appears in main.py when net.py changes, and goes with it: same length, same time or not."""
    codes(project)
    for activation, expected in ((".softmax(1)", ["main.py TL302"]), (".sigmoid(1)", []), (".softmax(1)", ["main.py TL302"])):
        write(project / "net.py", MODEL.format(activation), age=60)
        assert [code for code in codes(project) if "TL302" in code] == expected
    assert analysed.count("alone.py") == 1


def test_a_module_that_comes_or_goes_counts(project: Path) -> None:
    """A new file may be what an import means from now on; one that is gone no longer is."""
    (project / "net.py").unlink()
    assert "main.py TL302" not in codes(project)
    write(project / "net.py", MODEL.format(".softmax(1)"))
    assert "main.py TL302" in codes(project)
    (project / "net").mkdir()
    write(project / "net" / "__init__.py", MODEL.format(""))
    assert "main.py TL302" not in codes(project), "a package comes before a module"


def test_settings_count(project: Path) -> None:
    """Other settings are another question, also when only a file says so."""
    assert codes(project) == ["alone.py TL501"]
    assert codes(project, select=("TL3",)) == []
    write(project / "trainlint.toml", 'ignore = ["TL501"]\n')
    assert codes(project) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"findings": [[1]]}', b"\xff\xfe"])
def test_a_damaged_cache_is_no_cache(project: Path, damage: bytes) -> None:
    """Whatever stands in its files, the result is that of a check without them."""
    codes(project)
    for path in (project.parent / "cache").rglob("*.json"):
        path.write_bytes(damage)
    assert codes(project) == ["alone.py TL501"]


def test_a_cache_that_cannot_be_written_is_no_matter(project: Path) -> None:
    """A file stands where the folder should be: nothing is kept, everything is found."""
    (project.parent / "cache").write_text("", encoding="utf-8")
    assert codes(project) == ["alone.py TL501"]


def test_git_does_not_see_it(project: Path) -> None:
    """The folder ignores itself."""
    codes(project)
    assert (project.parent / "cache" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command line with its cache in the project."""
    command = [sys.executable, "-m", "trainlint", "check", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_repeated_command_repeats_its_words(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without loading so much as the command line; with any change it looks again."""
    (project / ".git").mkdir()
    first, second = run(project), run(project)
    assert (first.returncode, first.stdout, first.stderr) == (second.returncode, second.stdout, second.stderr)
    monkeypatch.chdir(project)
    probe = "import sys\nfrom trainlint.cli.main import main\nstatus = main(['check'])\n"
    probe += "assert status == 1 and not {'argparse', 'dataclasses', 'libcst', 'trainlint.cli.check'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for change, expected in (
        (lambda: (project / "alone.py").write_text("import torch\n", encoding="utf-8"), 0),
        (lambda: (project / "alone.py").write_text(STALE, encoding="utf-8"), 1),
        (lambda: (project / "trainlint.toml").write_text('ignore = ["TL501"]\n', encoding="utf-8"), 0),
        (lambda: (project / "trainlint.toml").write_text("preview = false\n", encoding="utf-8"), 1),
        (lambda: (project / ".gitignore").write_text("alone.py\n", encoding="utf-8"), 0),
        ((project / ".gitignore").unlink, 1),
        ((project / "deep").mkdir, 1),
        (lambda: (project / "deep" / "new.py").write_text(STALE, encoding="utf-8"), 1),
    ):
        change()
        kept = run(project)
        fresh = main(["check", "--no-cache"]), capsys.readouterr().out
        assert (kept.returncode, kept.stdout) == fresh
        assert kept.returncode == expected


def test_a_change_during_a_check_is_seen(project: Path) -> None:
    """A configuration that appears while a check runs was none of its own: its words are not kept for the next."""
    (project / ".git").mkdir()
    program = (
        "import sys, pathlib, trainlint.engine.analysis as a\n"
        "from trainlint.cli.main import main\n"
        "fresh = a._fresh\n"
        "def late(*arguments, **options):\n"
        "    pathlib.Path('trainlint.toml').write_text('ignore = [\"TL501\"]')\n"
        "    return fresh(*arguments, **options)\n"
        "a._fresh = late\n"
        "sys.exit(main(['check']))"
    )
    during = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)
    assert "TL501" in during.stdout
    assert run(project).stdout == run(project, "--no-cache").stdout
    assert "TL501" not in run(project).stdout


def test_a_link_that_leads_elsewhere_is_seen(project: Path) -> None:
    """A link in the folder, or named itself, may lead to another file without a trace."""
    (project / ".git").mkdir()
    link = project / "link.py"
    for target, expected in (("alone.py", 1), ("other.py", 0), ("alone.py", 1)):
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        assert [run(project, "link.py").returncode for _ in range(2)] == [expected, expected]


def test_it_can_be_thrown_away(project: Path) -> None:
    """`trainlint clean` removes the cache, and nothing that is none."""
    (project / ".git").mkdir()
    run(project)
    assert (project / ".trainlint_cache").is_dir()
    clean = [sys.executable, "-m", "trainlint", "clean"]
    done = subprocess.run(clean, cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout == f"Removed {project / '.trainlint_cache'}.\n"
    assert not (project / ".trainlint_cache").exists()
    refused = subprocess.run([*clean, "--cache-dir", "."], cwd=project, capture_output=True, text=True, check=False)
    assert (refused.returncode, len(list(project.iterdir()))) == (2, 5)


def test_a_kill_leaves_nothing_half_written(project: Path) -> None:
    """Killed at any moment, a run leaves a cache that tells the truth; two runs at once do as well."""
    command = [sys.executable, "-m", "trainlint", "check", "--output-format", "json"]
    truth = json.loads(run(project, "--output-format", "json", "--no-cache").stdout)
    for delay in (0.25, 0.5, 0.8):
        process = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    both = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(2)]
    for process in both:
        assert json.loads(process.communicate()[0]) == truth
    assert json.loads(run(project, "--output-format", "json").stdout) == truth
