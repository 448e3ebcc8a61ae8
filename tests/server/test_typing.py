"""Typing character by character: what has nothing to do with the statement being typed stays on the screen."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import capabilities, in_time, names, session

PROGRAM = """\
import torch
from torch import nn


def build():
    return nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))


def evaluate(model, loader):
    correct = 0
    for x, y in loader:
        correct += (model(x).argmax(1) == y).sum().item()
    return correct


def main():
    model = build()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = []
    for epoch in range(10):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        # here
        evaluate(model, test_loader)


if __name__ == "__main__":
    main()
"""
ALWAYS = {"softmax-before-cross-entropy", "evaluation-builds-graph"}
TYPED = (
    "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)",
    "history.append({'loss': float(loss), 'lr': [g['lr'] for g in optimizer.param_groups]})",
)


@pytest.mark.parametrize("statement", TYPED)
def test_nothing_else_disappears(tmp_path: Path, statement: str) -> None:
    """Inside of `main()`, where all the training is: after each single character, every finding elsewhere is still there."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(pulls=True), options={"debounce": 1}) as editor:
            uri = editor.open(tmp_path / "train.py", PROGRAM)
            report = await editor.pulled(uri)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            assert set(names(report.items)) >= ALWAYS
            editor.replace(uri, "# here", "")
            typed = ""
            broken = 0
            for character in statement:
                typed, before = typed + character, typed
                editor.replace(uri, f"optimizer.step()\n        {before}\n", f"optimizer.step()\n        {typed}\n")
                report = await editor.pulled(uri)
                assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
                found = set(names(report.items))
                assert found >= ALWAYS, f"after {typed!r}"
                broken += "syntax-error" in found
            assert broken, "some of it was no Python"

    in_time(test())
