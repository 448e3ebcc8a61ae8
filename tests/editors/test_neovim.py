"""A real Neovim attaches to the server, shows diagnostics, follows typing and applies a fix."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.editors import tools
from trainlint import explain

SCRIPT = Path(__file__).with_name("neovim.lua")
PROGRAM = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
for x, y in loader:
    optimizer.zero_grad()
    "größer 😀"; criterion(net(x), y).backward()
    optimizer.step()
"""


def test_neovim(tmp_path: Path) -> None:
    """From opening a file to the fix, in a buffer that is never saved, in bytes as it prefers."""
    program, file, seen = tools.neovim(), tmp_path / "train.py", tmp_path / "seen.json"
    file.write_text(PROGRAM, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TRAINLINT_COMMAND": json.dumps([sys.executable, "-m", "trainlint_server"]),
        "TRAINLINT_FILE": str(file),
        "TRAINLINT_SEEN": str(seen),
        "HOME": str(tmp_path),
    }
    command = (program, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {SCRIPT}")
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    saw = json.loads(seen.read_text(encoding="utf-8"))
    assert saw["encoding"] == "utf-8"
    assert saw["opened"] == [{"code": "TL302", "text": "net(x)", "severity": 1, "source": "trainlint"}]
    assert [row["code"] for row in saw["typed"]] == ["TL302", "TL501"]
    assert saw["typed"][1]["text"] == "optimizer.step()"
    assert "zero_grad" in saw["saved"], "the file on the disk is as it was"
    assert any("ignore stale-gradients" in title for title in saw["titles"])
    assert [row["code"] for row in saw["fixed"]] == ["TL302"]
    assert "optimizer.zero_grad()" in saw["text"]
    assert saw["hover"] == explain("softmax-before-cross-entropy")
