"""A notebook is run as its cells stand, judged at the places where the checker reports, and left as it is."""

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.probe.runs import confirmed, probed
from trainlint.probe.agent import incidents, notebooks
from trainlint.probe.notebooks import as_python
from trainlint.probe.report.page import page
from trainlint.reporting.places import Place

CELLS = """\
=== markdown
# A classifier
of points
=== code
%matplotlib inline
!pip install nothing
import sys
import torch
from torch import nn
files = !ls
assert files == ["train.ipynb"]
rate = float(sys.argv[1])
=== code
%%time
generator = torch.Generator().manual_seed(1)
x = torch.randn(192, 6, generator=generator)
y = (x @ torch.randn(6, 3, generator=generator)).argmax(1)
=== code
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=rate)
=== markdown
Training
=== code
for epoch in range(50):
    for start in range(0, 192, 32):
        scores = model(x[start:start + 32])
        loss = criterion(scores.softmax(1), y[start:start + 32])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    display(loss)
=== code
%%bash
echo never seen > here
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook whose loop takes the softmax of what the loss takes the softmax of."""
    parts = [part.partition("\n") for part in CELLS.split("=== ")[1:]]
    cells = [{"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)} for kind, _, text in parts]
    path = tmp_path / "train.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1), encoding="utf-8")
    return path


def test_a_notebook_is_probed(notebook: Path) -> None:
    """The fault is confirmed in its cell, its cost measured with the fix in memory, and the file is the same, byte for byte."""
    before = notebook.read_bytes()
    report = probed(notebook, "0.05", steps=30, counterfactual=True)
    assert notebook.read_bytes() == before
    assert [path.name for path in notebook.parent.iterdir()] == ["train.ipynb"]
    assert {name for _, name in confirmed(report)} == {"softmax-before-cross-entropy"}
    verdict = next(verdict for verdict in report.verdicts if verdict.finding.name == "softmax-before-cross-entropy")
    place = str(Place.of(verdict.finding.span, report.analysis))
    assert place.endswith("train.ipynb:cell 6:4:26")
    assert verdict.cost is not None, verdict.cost_note
    assert verdict.cost.difference > 0
    assert report.notes == (
        "`!pip install nothing` was not run: there is no network; --allow-network lets the program have it (at train.ipynb:cell 2:2)",
    )
    text = page(report, datetime(2026, 1, 2, tzinfo=timezone.utc))
    assert '<span class="gutter" aria-hidden="true">4</span>        loss = criterion(<mark>scores.softmax(1)</mark>, y[' in text
    assert "train.ipynb:cell 6:4:26" in text


def test_check_and_probe_name_the_same_place(notebook: Path) -> None:
    """Cell, row and column; without an argument that it needs, the notebook fails in the cell that asks for it."""
    line = [sys.executable, "-m", "trainlint"]
    checked = subprocess.run(
        [*line, "check", "--isolated", "--output-format", "json", notebook], capture_output=True, text=True, check=False
    )
    (found,) = (row for row in json.loads(checked.stdout) if row["name"] == "softmax-before-cross-entropy")
    done = subprocess.run([*line, "probe", "--output-format", "json", notebook], capture_output=True, text=True, check=False)
    (verdict,) = (row for row in json.loads(done.stdout)["verdicts"] if row["name"] == "softmax-before-cross-entropy")
    assert {name: verdict[name] for name in ("cell", "location", "end_location")} == {
        name: found[name] for name in ("cell", "location", "end_location")
    }
    assert done.returncode == 2
    assert "raised IndexError at train.ipynb:cell 2:8" in done.stderr


def test_what_is_no_notebook_is_one_line(tmp_path: Path) -> None:
    """Exit status 2."""
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    line = [sys.executable, "-m", "trainlint", "probe", "broken.ipynb"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "broken.ipynb" in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 1


IPYTHON = """\
# %%[cell 1]
from __future__ import annotations
%load_ext autoreload
import asyncio
values = []
# %%[cell 2]
%%writefile part.py
value = 7
# %%[cell 3]
from __future__ import annotations
from part import value
async def doubled(number):
    await asyncio.sleep(0)
    return 2 * number
values.append(await doubled(value))
left = asyncio.create_task(doubled(3))
left.add_done_callback(lambda task: values.append(task.result()))
# %%[cell 4]
%time timed = value + 1
%timeit -n 10 -r 3 values.append("once")
%env COLOUR=red
name = "part"
rows = !cat {name}.py
!!echo $name
%mkdir below
%cd below
folder = %pwd
!exit 3
%sql select 1
"asyncio.run" in get_ipython().config
display(value)
# %%[cell 5]
%%bash
echo $COLOUR > ../colour.txt
# %%[cell 6]
values.append(
    undefined)
"""


def test_what_ipython_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop runs, files are written, commands are run, statements are timed once; an error has the row that it stands in."""
    for name in ("COLOUR", "PATH"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names: dict[str, Any] = {}
    with pytest.raises(NameError) as raised:
        notebooks.run(as_python(IPYTHON), "train.ipynb", names, network=False)
    assert IPYTHON.splitlines()[raised.traceback[-1].lineno] == "    undefined)"
    assert names["values"] == [14, 6, "once"]
    assert (names["timed"], names["rows"], names["folder"]) == (8, ["value = 7"], str(tmp_path / "below"))
    assert (tmp_path / "colour.txt").read_text(encoding="utf-8") == "red\n"
    notes = [incident["what"] for incident in incidents.listed() if incident["kind"] == "note"]
    assert notes == ["`!exit 3` ended with exit status 3", "`%sql` was not run: the probe has no such magic"]
