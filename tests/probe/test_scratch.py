"""What a killed probe leaves behind, and how a probe without namespaces ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trainlint.probe.containment.scratch import PREFIX, scratch, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

if sys.platform == "win32":
    pytest.skip("programs are contained on Linux and macOS alone", allow_module_level=True)

HOLDER = """
import time
from trainlint.probe.containment.scratch import scratch

with scratch() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""
WITHOUT_NAMESPACES = """
import functools
import sys
from trainlint.cli.main import main
from trainlint.probe.containment import running

running.contained = functools.partial(running.contained, namespaces=False)
sys.exit(main(sys.argv[1:]))
"""
WRITING = """
import os
import torch

model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(6):
    loss = torch.nn.functional.cross_entropy(model(torch.randn(8, 4)), torch.randint(0, 2, (8,)))
    loss.backward()
    optimizer.step()
    open("log.txt", "a").write("step")
    os.makedirs("runs", exist_ok=True)
"""


def test_the_folder_of_a_killed_process_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lock is gone with it; that of a living one is not touched."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True, env=environment)
    assert killed.stdout is not None
    left = Path(killed.stdout.readline().strip())
    with scratch() as own:
        sweep(older_than=0.0)
        assert left.is_dir()
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        (left / "closed").mkdir(mode=0)
        sweep(older_than=0.0)
        assert not left.exists()
        assert Path(own).is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
def test_a_killed_probe_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    """Whoever is killed, the rest goes with it."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "train.py").write_text("import time\nopen('started', 'w').close()\ntime.sleep(60)\n", encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    command = [sys.executable, "-m", "trainlint", "probe", "--python", sys.executable, "train.py"]
    probe = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folders = tmp_path / "temporary"
    _until(lambda: len(_children(probe.pid)) > 0 and len(list(folders.glob(f"{PREFIX}*"))) == 2)
    family = _children(probe.pid)
    probe.kill()
    probe.wait()
    _until(lambda: not any(Path(f"/proc/{process}").exists() for process in family))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folders))
        sweep(older_than=0.0)
    assert list(folders.glob(f"{PREFIX}*")) == []


def test_without_namespaces(tmp_path: Path) -> None:
    """The command says what it found, writes go nowhere, and the folder is what it was."""
    (tmp_path / "train.py").write_text(WRITING, encoding="utf-8")
    command = [sys.executable, "-c", WITHOUT_NAMESPACES, "probe", "--no-counterfactual", "--python", sys.executable, "train.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False, timeout=110)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "stale-gradients" in done.stdout
    assert "not as they were" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["train.py"]


def _children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _until(condition: "Callable[[], bool]", seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
