"""Programs that say in their own comments what happens when they run.

`#: [1,2] forward Linear: mode train | [1,2] backward` stands on the row where it happens: what `trainlint check --events` prints for
that row, as far as the test is about it. A line may stop early; `[1,2]` stands for a line for each of the two passes; `@fit ` says
that it happens when `fit` is the entry, not the script itself. In a row the order counts.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from textwrap import dedent

from trainlint.engine.garbage import uncollected
from trainlint.program.analysis import analyse
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.reporting.events import describe, kind_of, legend_of

SETUP = (
    "import torch; from torch import nn, optim; import torch.nn.functional as F; from torch.utils.data import DataLoader; "
    "from elsewhere import data, maybe; "
    "net = nn.Linear(4, 2); opt = optim.SGD(net.parameters(), lr=0.1); loader = DataLoader(data)"
)
"""The first row of a program that needs no other one."""
IMPORTS = "import torch; from torch import nn, optim; import torch.nn.functional as F; from torch.utils.data import DataLoader"
ALL_BUT = frozenset({"draw", "layer", "loss", "construct", "gradient read", "scale"})
"""What is told only when asked for."""

Rows = dict[str, list[str]]
"""What happens in each row, by file and row."""


def run(folder: Path, files: "Mapping[str, str] | str", first: str = SETUP) -> TrainingProgram:
    """Plays a program; of several files the first is named on the command line, with the folder as the project."""
    if isinstance(files, str):
        files = {"main.py": first + dedent(files)}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    with uncollected():
        program = analyse([folder / next(iter(files))], [folder])
    assert not program.failures, program.failures
    return program


def happens(folder: Path, files: "Mapping[str, str] | str", about: str = "", first: str = SETUP) -> TrainingProgram:
    """Asserts that exactly that happens which the comments say, in as much detail as they say it.

    `about` names the kinds of events that are meant; without it they are all but draws, layers and losses.
    """
    program = run(folder, files, first)
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    said = {place: line for name, text in texts.items() for place, line in _said(name, text)}
    seen = _seen(program, folder, frozenset(about.split()))
    told = _told(seen, said)
    wrong = [
        f"{place}: {'; '.join(told.get(place, ['nothing']))}\n{' ' * len(place)}  and not {'; '.join(said.get(place, ['nothing']))}"
        for place in dict.fromkeys([*told, *said])
        if told.get(place) != said.get(place)
    ]
    assert not wrong, "this happens:\n" + "\n".join(wrong)
    return program


def _said(name: str, text: str) -> Iterator[tuple[str, list[str]]]:
    for row, line in enumerate(text.splitlines(), start=1):
        if "#:" in line:
            items = [each for item in line.partition("#:")[2].split(" | ") for each in _spelled_out(item.strip())]
            yield f"{name}:{row}", sorted(items, key=_order)


def _spelled_out(item: str) -> list[str]:
    """`[1,2][1] step` as `[1][1] step` and `[2][1] step`."""
    parts = re.split(r"(\[~?[\d,]+\])", item.partition(": ")[0])
    rest = item.partition(": ")[1] + item.partition(": ")[2]
    choices = [
        [f"[{part[1:-1][:1] if '~' in part else ''}{n}]" for n in part.strip("[~]").split(",")] if part[:1] == "[" else [part]
        for part in parts
    ]
    return ["".join(choice) + rest for choice in product(*choices)]


def _order(item: str) -> tuple[str, list[int]]:
    entry = re.match(r"(?:@(\w+) )?((?:\[~?\d+\])*)", item)
    assert entry is not None
    return entry[1] or "", [int(number) for number in re.findall(r"\d+", entry[2])]


def _seen(program: TrainingProgram, folder: Path, about: frozenset[str]) -> Rows:
    rows: Rows = {}
    for each in program.runs:
        for place, kind, line in told(program, each, folder):
            if kind in about or (not about and kind not in ALL_BUT):
                rows.setdefault(place, []).append(line if each.entry == "__main__" else f"@{each.entry} {line}")
    return {place: sorted(lines, key=_order) for place, lines in rows.items()}


def told(program: TrainingProgram, run: Run, folder: Path) -> Iterator[tuple[str, str, str]]:
    """The place, the kind and the line of each event of a run."""
    legend = legend_of(run, lambda node: program.files[node.chunk.path].row(node))
    for event in run.events:
        path = event.node.chunk.path
        yield f"{path.relative_to(folder).as_posix()}:{legend.row(event.node)}", kind_of(event), describe(event, legend)


def _told(seen: Rows, said: Rows) -> Rows:
    """What was seen, in the words of what was said where these are its beginning."""
    rows: Rows = {}
    for place, lines in seen.items():
        words = [*said.get(place, []), *("" for _ in lines)]
        rows[place] = [
            word if word and re.match(re.escape(word) + r"(?!\w)", line) else line for line, word in zip(lines, words, strict=False)
        ]
    return rows
